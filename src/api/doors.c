#include "api/doors.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/authentication.h"
#include "api/problem.h"
#include "api/respond.h"
#include "base/text.h"

#define SDP_TYPE      "application/sdp"
#define FRAGMENT_TYPE "application/trickle-ice-sdpfrag"
#define BUSY_WAIT_S   1 // until media has answered some of the offers that wait
#define FULL_WAIT_S   10

#define DOOR_VARIANT_MAX 15

bool doors_have(enum rest_route_id route)
{
    return route >= REST_ROUTE_WHIP_OPEN && route <= REST_ROUTE_WHEP_SESSION_OPTIONS;
}

bool doors_have_path(const char *path)
{
    return text_starts_with(path, "/whip/") || text_starts_with(path, "/whep/");
}

static const char *const door_paths[APP_DOOR_KIND_COUNT] = {
    [APP_DOOR_PUBLISH] = "whip", [APP_DOOR_LISTEN] = "whep"};

static void refuse(struct api *api, const char *path, enum err err, const char *detail,
                   struct api_response *ret_response)
{
    struct problem problem = {.err = err, .detail = detail, .instance = path};
    if (err == ERR_UNSUPPORTED) {
        problem.status = 422; // the body is what it says it is: 415 would be of its media type
    }
    api->counters.problems++;
    problem_respond(&problem, ret_response);
    ret_response->cross_origin = true;
    if (err == ERR_UNAVAILABLE || err == ERR_FULL) {
        ret_response->retry_after_s = err == ERR_FULL ? FULL_WAIT_S : BUSY_WAIT_S;
    }
}

static void refuse_type(struct api *api, const struct api_request *in, bool patch,
                        struct api_response *ret_response)
{
    const struct problem problem = {.err = ERR_UNSUPPORTED,
                                    .detail = patch ? "The body must be " FRAGMENT_TYPE "."
                                                    : "The body must be " SDP_TYPE ".",
                                    .instance = in->path};
    api->counters.problems++;
    problem_respond(&problem, ret_response);
    ret_response->accept_post = patch ? NULL : SDP_TYPE;
    ret_response->accept_patch = patch ? FRAGMENT_TYPE : NULL;
}

static bool type_is(const char *content_type, const char *wanted)
{
    size_t length = strlen(wanted);
    return content_type != NULL && strncasecmp(content_type, wanted, length) == 0 &&
           strchr("; \t", content_type[length]) != NULL; // or the end of the text
}

// Whether one of the ranges of an Accept header (RFC 9110 section 12.5.1) takes an SDP answer.
static bool accepts_sdp(const char *accept)
{
    static const char *const ranges[] = {SDP_TYPE, "application/*", "*/*"};
    for (const char *at = accept; at != NULL && *at != '\0';) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, ",; \t");
        for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
            if (length == strlen(ranges[i]) && strncasecmp(at, ranges[i], length) == 0) {
                return true;
            }
        }
        at += strcspn(at, ",");
    }
    return accept == NULL || *accept == '\0';
}

// ---- POST

static bool door_open(struct api *api, uint64_t request, const struct api_request *in,
                      const struct app_door_place *place, const struct app_identity *identity,
                      struct api_response *ret_response)
{
    const char *detail = NULL;
    char variant[DOOR_VARIANT_MAX + 1];
    struct app_door_place wish = *place;
    int wait_s = 0;
    enum err err = app_door_permit(api->app, identity, place);
    if (err == ERR_NONE && remote_limits_take(api->limits, REMOTE_LIMIT_OFFER, in->remote,
                                              api->now / TIME_US_PER_MS, &wait_s) != ERR_NONE) {
        api->counters.rate_limited++;
        err = ERR_TOO_MANY;
    }
    if (err == ERR_NONE && !type_is(in->content_type, SDP_TYPE)) {
        refuse_type(api, in, false, ret_response);
        return true;
    }
    if (err == ERR_NONE && !accepts_sdp(in->accept)) {
        detail = "The answer is " SDP_TYPE ".";
        err = ERR_NOT_ACCEPTABLE;
    }
    if (err == ERR_NONE && in->body_size == 0) {
        detail = "The body must be an SDP offer: this server makes none.";
        err = ERR_MALFORMED;
    }
    if (err == ERR_NONE) {
        // What is too long is no name either: cut, it stays unknown to app_door_open().
        enum err query = query_value(in->query, "variant", variant, sizeof(variant));
        wish.variant = query == ERR_NOT_FOUND ? NULL : query == ERR_NONE ? variant : "";
        err = app_door_open(api->app, identity, &wish, in->body, in->body_size, request, api->now,
                            &detail);
    }
    if (err == ERR_NONE) {
        return false;
    }
    refuse(api, in->path, err, detail, ret_response);
    ret_response->retry_after_s = wait_s > 0 ? wait_s : ret_response->retry_after_s;
    return true;
}

static void respond_sdp(const struct app_door_answer *answer, int status, const char *type,
                        struct api_response *ret_response)
{
    char *body = malloc(answer->sdp_size);
    if (body != NULL) {
        memcpy(body, answer->sdp, answer->sdp_size);
    }
    respond_owned(ret_response, status, type, body, answer->sdp_size);
    text_copy_cut(ret_response->etag, sizeof(ret_response->etag), answer->etag);
    ret_response->cross_origin = true;
}

static void respond_session(const struct app_door_answer *answer, struct api_response *ret_response)
{
    respond_sdp(answer, 201, SDP_TYPE, ret_response);
    struct text_builder location = text_builder(ret_response->location,
                                                sizeof(ret_response->location));
    text_append_format(&location, "/%s/%s/%s/%s", door_paths[answer->kind], answer->meeting,
                       answer->name, answer->session);
    ret_response->accept_patch = FRAGMENT_TYPE;
}

void doors_answer(void *context, uint64_t request, const struct app_door_answer *answer)
{
    struct api *api = context;
    struct api_response response = {0};
    if (answer->err == ERR_NONE && answer->restarted) {
        respond_sdp(answer, 200, FRAGMENT_TYPE, &response);
    } else if (answer->err == ERR_NONE) {
        respond_session(answer, &response);
    } else {
        refuse(api, NULL, answer->err, answer->detail, &response);
    }
    api->ports.respond(api->ports.context, request, &response);
    api_response_finish(&response);
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

// True when it is answered already: refused.
static bool session_restart(struct api *api, uint64_t request, const struct api_request *in,
                            const struct app_door_place *place, const struct app_identity *identity,
                            struct api_response *ret_response)
{
    const char *detail = NULL;
    int wait_s = 0;
    enum err err = remote_limits_take(api->limits, REMOTE_LIMIT_OFFER, in->remote,
                                      api->now / TIME_US_PER_MS, &wait_s);
    if (err != ERR_NONE) {
        api->counters.rate_limited++;
        err = ERR_TOO_MANY;
    } else {
        err = app_door_restart(api->app, identity, place, in->body, in->body_size, request,
                               api->now, &detail);
    }
    if (err == ERR_NONE) {
        return false;
    }
    refuse(api, in->path, err, detail, ret_response);
    ret_response->retry_after_s = wait_s > 0 ? wait_s : ret_response->retry_after_s;
    return true;
}

// True when it is answered already; otherwise media answers first.
static bool session_patch(struct api *api, uint64_t request, const struct api_request *in,
                          const struct app_door_place *place, const struct app_identity *identity,
                          struct api_response *ret_response)
{
    char etag[APP_DOOR_ETAG_MAX + 1];
    const char *detail = NULL;
    enum err err = app_door_etag(api->app, identity, place, etag);
    if (err != ERR_NONE) {
        refuse(api, in->path, err, NULL, ret_response);
        return true;
    }
    if (!type_is(in->content_type, FRAGMENT_TYPE)) {
        refuse_type(api, in, true, ret_response);
        return true;
    }
    if (in->if_match == NULL) {
        err = ERR_NO_VERSION;
    } else if (!fragment_is_well_formed(in->body, in->body_size)) {
        err = ERR_MALFORMED;
        detail = "The body is no SDP fragment.";
    } else if (asks_restart(in->if_match)) {
        return session_restart(api, request, in, place, identity, ret_response);
    } else if (!names_etag(in->if_match, etag)) {
        err = ERR_OTHER_VERSION;
    }
    if (err != ERR_NONE) {
        refuse(api, in->path, err, detail, ret_response);
        return true;
    }
    // An ICE-lite server learns the client's addresses from its checks (RFC 8445 section 2.5). The
    // session is as it was: nothing new to name by an ETag.
    respond_empty(ret_response, 204);
    return true;
}

// ---- DELETE, OPTIONS

static void session_close(struct api *api, const struct api_request *in,
                          const struct app_door_place *place, const struct app_identity *identity,
                          struct api_response *ret_response)
{
    enum err err = app_door_close(api->app, identity, place, api->now);
    if (err == ERR_NONE) {
        respond_text(ret_response, 200, "");
    } else {
        refuse(api, in->path, err, NULL, ret_response);
    }
}

static void options(bool session, struct api_response *ret_response)
{
    respond_empty(ret_response, 204);
    text_copy_cut(ret_response->allow, sizeof(ret_response->allow),
                  session ? "PATCH, DELETE, OPTIONS" : "POST, OPTIONS");
    ret_response->accept_post = session ? NULL : SDP_TYPE;
    ret_response->accept_patch = session ? FRAGMENT_TYPE : NULL;
}

bool doors_request(struct api *api, uint64_t request, const struct api_request *in,
                   enum rest_route_id route, const char (*parameters)[CONTRACT_ID_MAX + 1],
                   const struct app_identity *identity, struct api_response *ret_response)
{
    const struct app_door_place place = {.kind = route < REST_ROUTE_WHEP_OPEN ? APP_DOOR_PUBLISH
                                                                              : APP_DOOR_LISTEN,
                                         .meeting = parameters[0],
                                         .name = parameters[1],
                                         .session = parameters[2]};
    if (route == REST_ROUTE_WHIP_OPEN || route == REST_ROUTE_WHEP_OPEN) {
        return door_open(api, request, in, &place, identity, ret_response);
    }
    if (route == REST_ROUTE_WHIP_SESSION_PATCH || route == REST_ROUTE_WHEP_SESSION_PATCH) {
        return session_patch(api, request, in, &place, identity, ret_response);
    }
    if (route == REST_ROUTE_WHIP_SESSION_CLOSE || route == REST_ROUTE_WHEP_SESSION_CLOSE) {
        session_close(api, in, &place, identity, ret_response);
    } else {
        options(parameters[2][0] != '\0', ret_response);
    }
    return true;
}
