#include "api/doors.h"

#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "api/call.h"
#include "api/media_type.h"
#include "api/respond.h"
#include "base/assert.h"
#include "base/text.h"
#include "contract/handlers.h"

#define SDP_TYPE      "application/sdp"
#define FRAGMENT_TYPE "application/trickle-ice-sdpfrag"
#define FULL_WAIT_S   10

#define DOOR_VARIANT_MAX 15

static const char *const door_paths[APP_DOOR_KIND_COUNT] = {
    [APP_DOOR_PUBLISH] = "whip", [APP_DOOR_LISTEN] = "whep"};

static struct app_door_place place_of(const struct call *call)
{
    return (struct app_door_place){
        .kind = text_starts_with(call->route->path, "/whip/") ? APP_DOOR_PUBLISH : APP_DOOR_LISTEN,
        .meeting = call->parameters[0],
        .name = call->parameters[1],
        .session = call->parameters[2]};
}

// `wait_s`: 0, as it is for that error.
static void refuse(struct call *call, const struct problem *problem, int wait_s)
{
    struct problem whole = *problem;
    if (whole.err == ERR_UNSUPPORTED) {
        whole.status = 422; // the body is what it says it is: 415 would be of its media type
    }
    call_fill_refusal(call, &whole, wait_s > 0 ? wait_s : whole.err == ERR_FULL ? FULL_WAIT_S : 0);
    call_answer(call);
}

static void refuse_by(struct call *call, enum err err)
{
    refuse(call, &(struct problem){.err = err}, 0);
}

static enum err because(enum refusal_reason reason, struct refusal *ret_refusal)
{
    *ret_refusal = (struct refusal){.reason = reason};
    return refusal_reason_err(reason);
}

// ERR_TOO_MANY for an address that has offered too often.
static enum err take_offer(const struct call *call, int *ret_wait_s)
{
    struct api *api = call->api;
    if (remote_limits_take(api->limits, REMOTE_LIMIT_OFFER, call->in->remote,
                           api->now / TIME_US_PER_MS, ret_wait_s) == ERR_NONE) {
        return ERR_NONE;
    }
    api->counters.rate_limited++;
    return ERR_TOO_MANY;
}

// ---- POST

static enum err open_door(struct call *call, struct refusal *ret_refusal, int *ret_wait_s)
{
    struct api *api = call->api;
    const struct api_request *in = call->in;
    struct app_door_place wish = place_of(call);
    char variant[DOOR_VARIANT_MAX + 1];
    enum err err = app_door_permit(api->app, &call->identity, &wish);
    err = err == ERR_NONE ? take_offer(call, ret_wait_s) : err;
    if (err != ERR_NONE) {
        return err;
    }
    if (!media_type_is_accepted(in->accept, SDP_TYPE)) {
        return because(REFUSAL_ANSWER_IS_SDP, ret_refusal);
    }
    if (in->body_size == 0) {
        return because(REFUSAL_OFFER_NEEDED, ret_refusal);
    }
    // What is too long is no name either: cut, it stays unknown to app_door_open().
    enum err query = query_value(in->query, "variant", variant, sizeof(variant));
    wish.variant = query == ERR_NOT_FOUND ? NULL : query == ERR_NONE ? variant : "";
    return app_door_open(api->app, &call->identity, &wish, in->body, in->body_size, call->name,
                         api->now, ret_refusal);
}

void rest_door_open(struct call *call)
{
    struct refusal refusal = {0};
    int wait_s = 0;
    enum err err = open_door(call, &refusal, &wait_s);
    if (err != ERR_NONE) {
        refuse(call, &(struct problem){.err = err, .refusal = &refusal}, wait_s);
    }
}

static void fill_sdp(struct call *call, const struct app_door_answer *answer, int status,
                     const char *type)
{
    char *body = malloc(answer->sdp_size);
    if (body != NULL) {
        memcpy(body, answer->sdp, answer->sdp_size);
    }
    respond_owned(&call->response, status, type, body, answer->sdp_size);
    text_copy_cut(call->response.etag, sizeof(call->response.etag), answer->etag);
}

static void fill_session(struct call *call, const struct app_door_answer *answer)
{
    fill_sdp(call, answer, 201, SDP_TYPE);
    struct text_builder location = text_builder(call->response.location,
                                                sizeof(call->response.location));
    text_append_format(&location, "/%s/%s/%s/%s", door_paths[answer->kind], answer->meeting,
                       answer->name, answer->session);
    call->response.accept_patch = FRAGMENT_TYPE;
}

void doors_answer(void *context, uint64_t request, const struct app_door_answer *answer)
{
    const struct api *api = context;
    struct call *call = call_find(api, (handle)request);
    ASSERT(call != NULL); // a door's call is never given up
    if (answer->err != ERR_NONE) {
        const struct problem problem = {
            .err = answer->err, .refusal = &answer->refusal, .detail = answer->detail};
        refuse(call, &problem, 0);
        return;
    }
    if (answer->restarted) {
        fill_sdp(call, answer, 200, FRAGMENT_TYPE);
    } else {
        fill_session(call, answer);
    }
    call_answer(call);
}

// ---- PATCH

// Lines "a=…" and "m=…" and nothing else (RFC 8840 section 9).
static bool fragment_is_well_formed(const char *body, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t end = at;
        while (end < size && body[end] != '\n') {
            if (body[end] == '\0') {
                return false;
            }
            end++;
        }
        bool empty = end - at == 0 || (end - at == 1 && body[at] == '\r');
        bool line = end - at > 2 && (body[at] == 'a' || body[at] == 'm') && body[at + 1] == '=';
        if (!empty && !line) {
            return false;
        }
        at = end + 1;
    }
    return size > 0;
}

// Whether a list of entity tags (RFC 9110 section 13.1.1) has this one, which is written with its
// quotes. Without quotes or as a weak tag it means the same: an ICE session has no representations
// that could differ in a byte.
static bool names_etag(const char *if_match, const char *etag)
{
    size_t length = strlen(etag);
    for (const char *at = if_match; *at != '\0';) {
        at += strspn(at, " \t,");
        size_t part = strcspn(at, ", \t");
        bool weak = part > 2 && strncmp(at, "W/", 2) == 0;
        const char *tag = weak ? at + 2 : at;
        size_t size = weak ? part - 2 : part;
        bool quoted = size == length && strncmp(tag, etag, length) == 0;
        bool bare = size == length - 2 && strncmp(tag, etag + 1, length - 2) == 0;
        if (quoted || bare) {
            return true;
        }
        at += part;
    }
    return false;
}

// RFC 9725 section 4.3.3: "*" is said for an ICE restart only. Its drafts wrote it with quotes.
static bool asks_restart(const char *if_match)
{
    return names_etag(if_match, "\"*\"");
}

static void restart(struct call *call, const struct app_door_place *place)
{
    struct api *api = call->api;
    struct refusal refusal = {0};
    int wait_s = 0;
    enum err err = take_offer(call, &wait_s);
    if (err == ERR_NONE) {
        err = app_door_restart(api->app, &call->identity, place, call->in->body,
                               call->in->body_size, call->name, api->now, &refusal);
    }
    if (err != ERR_NONE) {
        refuse(call, &(struct problem){.err = err, .refusal = &refusal}, wait_s);
    }
}

void rest_door_patch(struct call *call)
{
    const struct api_request *in = call->in;
    const struct app_door_place place = place_of(call);
    char etag[APP_DOOR_ETAG_MAX + 1];
    enum err err = app_door_etag(call->api->app, &call->identity, &place, etag);
    if (err != ERR_NONE) {
        refuse_by(call, err);
    } else if (in->if_match == NULL) {
        refuse_by(call, ERR_NO_VERSION);
    } else if (!fragment_is_well_formed(in->body, in->body_size)) {
        const struct refusal refusal = {REFUSAL_FRAGMENT_UNREADABLE};
        refuse(call, &(struct problem){.err = ERR_MALFORMED, .refusal = &refusal}, 0);
    } else if (asks_restart(in->if_match)) {
        restart(call, &place); // media answers first
    } else if (!names_etag(in->if_match, etag)) {
        refuse_by(call, ERR_OTHER_VERSION);
    } else {
        // An ICE-lite server learns the client's addresses from its checks (RFC 8445 section 2.5).
        // The session is as it was: nothing new to name by an ETag.
        call_empty(call, 204);
    }
}

// ---- DELETE, OPTIONS

void rest_door_close(struct call *call)
{
    const struct app_door_place place = place_of(call);
    enum err err = app_door_close(call->api->app, &call->identity, &place, call->api->now);
    if (err == ERR_NONE) {
        call_text(call, 200, "");
    } else {
        refuse_by(call, err);
    }
}

void rest_door_options(struct call *call)
{
    bool session = call->parameters[2][0] != '\0';
    struct api_response *response = &call->response;
    respond_empty(response, 204);
    text_copy_cut(response->allow, sizeof(response->allow),
                  session ? "PATCH, DELETE, OPTIONS" : "POST, OPTIONS");
    response->accept_post = session ? NULL : SDP_TYPE;
    response->accept_patch = session ? FRAGMENT_TYPE : NULL;
    call_answer(call);
}
