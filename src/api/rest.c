#include "api/rest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/authentication.h"
#include "api/documents.h"
#include "api/doors.h"
#include "api/event_batch.h"
#include "api/metrics.h"
#include "api/problem.h"
#include "api/report.h"
#include "api/respond.h"
#include "api/sign_in.h"
#include "api/viewer.h"
#include "base/text.h"
#include "contract/json.h"
#include "contract/openapi.h"
#include "contract/routes.h"

struct rest_call {
    struct api *api;
    const struct api_request *in;
    struct app_identity identity;                              // when the route needs a bearer
    uint64_t person;                                           // as in a response
    char parameters[REST_PARAMETERS_MAX][CONTRACT_ID_MAX + 1]; // empty when the path has fewer
    struct api_response *response;
};

static void refuse(const struct rest_call *call, enum err err, const char *field)
{
    const struct problem problem = {.err = err, .field = field, .instance = call->in->path};
    call->api->counters.problems++;
    problem_respond(&problem, call->response);
}

static void respond_result(const struct rest_call *call, enum err result)
{
    if (result == ERR_NONE) {
        respond_empty(call->response, 204);
    } else {
        refuse(call, result, NULL);
    }
}

// ---- Sessions ----

static void session_read(const struct rest_call *call)
{
    const struct app_identity *identity = &call->identity;
    struct session session = {.capacity = identity->capacity, .expires_at = identity->expires_at};
    uint64_t seq = 0;
    const struct meeting *meeting = app_meeting(call->api->app, identity->meeting, &seq);
    const struct participant *self = meeting != NULL
                                         ? participant_in(meeting, identity->participant)
                                         : NULL;
    text_copy_cut(session.participant, sizeof(session.participant), identity->participant);
    text_copy_cut(session.meeting, sizeof(session.meeting), identity->meeting);
    text_copy_cut(session.account, sizeof(session.account), identity->account);
    text_copy_cut(session.name, sizeof(session.name),
                  self != NULL ? self->name : identity->account);
    respond_json(call->response, 200, session_encode(&session));
}

static void session_delete(const struct rest_call *call)
{
    respond_result(call, app_sign_out(call->api->app, &call->identity));
}

static void sessions_end(const struct rest_call *call)
{
    respond_result(call, app_sign_out_everywhere(call->api->app, &call->identity));
}

static void sessions_delete(const struct rest_call *call)
{
    respond_result(call, app_session_revoke(call->api->app, &call->identity, call->parameters[0]));
}

static void own_session_fill(const struct session *session, const char *id,
                             const struct app_identity *identity, struct own_session *ret_own)
{
    *ret_own = (struct own_session){.capacity = session->capacity,
                                    .expires_at = session->expires_at,
                                    .current = text_equal(id, identity->session)};
    text_copy_cut(ret_own->id, sizeof(ret_own->id), id);
    text_copy_cut(ret_own->participant, sizeof(ret_own->participant), session->participant);
    text_copy_cut(ret_own->meeting, sizeof(ret_own->meeting), session->meeting);
    text_copy_cut(ret_own->name, sizeof(ret_own->name), session->name);
    text_copy_cut(ret_own->account, sizeof(ret_own->account), session->account);
}

static void sessions_list(const struct rest_call *call)
{
    struct session sessions[OWN_SESSIONS_SESSIONS_MAX];
    char ids[OWN_SESSIONS_SESSIONS_MAX][CONTRACT_ID_MAX + 1];
    struct own_sessions own = {0};
    enum err result = app_sessions(call->api->app, &call->identity, call->api->wall, sessions, ids,
                                   OWN_SESSIONS_SESSIONS_MAX, &own.sessions_count);
    if (result != ERR_NONE) {
        refuse(call, result, NULL);
        return;
    }
    for (uint32_t i = 0; i < own.sessions_count; i++) {
        own_session_fill(&sessions[i], ids[i], &call->identity, &own.sessions[i]);
    }
    respond_json(call->response, 200, own_sessions_encode(&own));
}

// ---- Meetings ----

// One's own meeting, or the refusal is written. Whether another exists is not told.
static const struct meeting *own_meeting(const struct rest_call *call, uint64_t *ret_seq)
{
    if (call->identity.participant[0] == '\0' ||
        !text_equal(call->parameters[0], call->identity.meeting)) {
        refuse(call, ERR_FORBIDDEN, NULL);
        return NULL;
    }
    const struct meeting *meeting = app_meeting(call->api->app, call->parameters[0], ret_seq);
    if (meeting == NULL) {
        refuse(call, ERR_NOT_FOUND, NULL);
    }
    return meeting;
}

static struct viewer viewer_of_call(const struct rest_call *call)
{
    uint64_t seq = 0;
    return viewer_in(app_meeting(call->api->app, call->identity.meeting, &seq),
                     call->identity.capacity, call->identity.participant);
}

static void meeting_read(const struct rest_call *call)
{
    uint64_t seq = 0;
    const struct meeting *meeting = own_meeting(call, &seq);
    if (meeting == NULL) {
        return;
    }
    const struct viewer viewer = viewer_of_call(call);
    json_t *state = meeting_encode_for(meeting, &viewer);
    json_t *body = state != NULL ? json_pack("{s:o, s:I}", "meeting", state, "seq", (json_int_t)seq)
                                 : NULL;
    respond_json(call->response, 200, body);
}

static bool write_events(FILE *to, const struct event *events, uint32_t count,
                         const struct viewer *viewer)
{
    for (uint32_t at = 0; at < count; at += EVENT_BATCH_MAX) {
        uint32_t part = count - at < EVENT_BATCH_MAX ? count - at : EVENT_BATCH_MAX;
        struct event_batch batch;
        if (event_batch_init(&batch, events + at, part) != ERR_NONE) {
            return false;
        }
        fputs(at > 0 ? "," : "", to);
        event_batch_write(&batch, event_batch_hidden(&batch, viewer), 0, to);
        event_batch_finish(&batch);
    }
    return true;
}

static void respond_events(const struct rest_call *call, uint32_t count, uint64_t seq)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        respond_empty(call->response, 500);
        return;
    }
    const struct viewer viewer = viewer_of_call(call);
    fputs("{\"events\":[", stream);
    bool written = write_events(stream, call->api->events, count, &viewer);
    fprintf(stream, "],\"seq\":%llu}", (unsigned long long)seq);
    written = written && ferror(stream) == 0;
    if (fclose(stream) != 0 || !written) {
        free(text);
        respond_empty(call->response, 500);
        return;
    }
    respond_owned(call->response, 200, "application/json", text, size);
}

static void meeting_events(const struct rest_call *call)
{
    char text[24];
    unsigned long long after = 0;
    enum err result = query_value(call->in->query, "after", text, sizeof(text));
    if (result != ERR_NOT_FOUND &&
        (result != ERR_NONE ||
         text_to_u64(text, strlen(text), CONTRACT_INTEGER_MAX, &after) != ERR_NONE)) {
        refuse(call, ERR_INVALID, "after");
        return;
    }
    uint64_t seq = 0;
    uint32_t count = 0;
    if (own_meeting(call, &seq) == NULL) {
        return;
    }
    result = app_events(call->api->app, call->parameters[0], after, call->api->events,
                        API_EVENTS_PAGE, &count);
    if (result != ERR_NONE) {
        refuse(call, result, NULL);
        return;
    }
    respond_events(call, count, seq);
}

static void document_read(const struct rest_call *call)
{
    document_request(call->api, call->in, &call->identity, call->parameters[0], call->parameters[1],
                     call->response);
}

// ---- The server itself ----

static void openapi(const struct rest_call *call)
{
    char *text = malloc(openapi_size);
    if (text != NULL) {
        memcpy(text, openapi_text, openapi_size);
    }
    respond_owned(call->response, 200, "application/json", text, openapi_size);
}

static void report_key(const struct rest_call *call)
{
    const struct api_ports *ports = &call->api->ports;
    respond_text(call->response, 200, ports->report_key(ports->context));
    call->response->content_type = "application/x-pem-file";
}

static void problem_read(const struct rest_call *call)
{
    const char *title = problem_title_of(call->parameters[0]);
    if (title == NULL) {
        refuse(call, ERR_NOT_FOUND, NULL);
        return;
    }
    char text[160];
    snprintf(text, sizeof(text), "%s: %s.\n", call->parameters[0], title);
    respond_text(call->response, 200, text);
}

static void health(const struct rest_call *call)
{
    respond_text(call->response, 200, "ok\n");
}

static void ready(const struct rest_call *call)
{
    const char *words = "";
    if (call->api->ports.ready(call->api->ports.context, &words)) {
        char text[128];
        snprintf(text, sizeof(text), "%s\n", words);
        respond_text(call->response, 200, text);
        return;
    }
    const struct problem problem = {
        .err = ERR_UNAVAILABLE, .detail = words, .instance = call->in->path};
    problem_respond(&problem, call->response);
    call->response->retry_after_s = 1;
}

// Takes as long for every text of the right length.
static bool token_equals(const char *token, const char *given)
{
    size_t size = strlen(token);
    unsigned char different = 0;
    if (given == NULL || strlen(given) != size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        different |= (unsigned char)(token[i] ^ given[i]);
    }
    return different == 0;
}

// Names, numbers and rates are the operator's.
static void metrics(const struct rest_call *call)
{
    const struct api *api = call->api;
    const char *token = api->ports.metrics_token != NULL ? api->ports.metrics_token : "";
    bool shown = call->in->local || (token[0] != '\0' && token_equals(token, call->in->bearer));
    if (shown) {
        metrics_respond(call->api, call->response);
    } else {
        refuse(call, call->in->bearer == NULL ? ERR_UNAUTHENTICATED : ERR_FORBIDDEN, NULL);
    }
}

// The handshake is http's; here is only who comes without one.
static void live(const struct rest_call *call)
{
    const struct problem problem = {.err = ERR_MALFORMED,
                                    .detail = "This is a WebSocket: send an Upgrade.",
                                    .instance = call->in->path};
    problem_respond(&problem, call->response);
}

// session_create, content_send and the reports are apart: they may answer later.
static void (*const handlers[REST_ROUTE_COUNT])(const struct rest_call *call) = {
    [REST_ROUTE_SESSION_READ] = session_read,
    [REST_ROUTE_SESSION_DELETE] = session_delete,
    [REST_ROUTE_SESSIONS_LIST] = sessions_list,
    [REST_ROUTE_SESSIONS_END] = sessions_end,
    [REST_ROUTE_SESSIONS_DELETE] = sessions_delete,
    [REST_ROUTE_MEETING_READ] = meeting_read,
    [REST_ROUTE_MEETING_EVENTS] = meeting_events,
    [REST_ROUTE_DOCUMENT_READ] = document_read,
    [REST_ROUTE_LIVE] = live,
    [REST_ROUTE_OPENAPI] = openapi,
    [REST_ROUTE_REPORT_KEY] = report_key,
    [REST_ROUTE_PROBLEM] = problem_read,
    [REST_ROUTE_HEALTH] = health,
    [REST_ROUTE_READY] = ready,
    [REST_ROUTE_METRICS] = metrics,
};

// ---- Dispatch ----

static const char *method_text(enum api_method method)
{
    static const char *const texts[] = {
        [API_GET] = "GET",      [API_POST] = "POST",     [API_PUT] = "PUT",
        [API_PATCH] = "PATCH",  [API_DELETE] = "DELETE", [API_OPTIONS] = "OPTIONS",
        [API_METHOD_OTHER] = ""};
    return texts[method];
}

// Whether the path is the route's, with or without a slash behind it; the segments that stand for
// parameters go to `parameters`.
static bool route_matches(const struct rest_route *route, const char *path,
                          char (*parameters)[CONTRACT_ID_MAX + 1])
{
    const char *pattern = route->path;
    int count = 0;
    while (*pattern != '\0') {
        if (*pattern != '{') {
            if (*pattern++ != *path++) {
                return false;
            }
            continue;
        }
        size_t length = strcspn(path, "/");
        if (length == 0 ||
            text_copy_n(parameters[count++], CONTRACT_ID_MAX + 1, path, length) != ERR_NONE) {
            return false;
        }
        path += length;
        pattern += strcspn(pattern, "}") + 1;
    }
    return path[0] == '\0' || (path[0] == '/' && path[1] == '\0');
}

// REST_ROUTE_COUNT when there is none; `allow` then lists the methods of this path, empty for an
// unknown path.
static enum rest_route_id route_find(const struct api_request *in,
                                     char (*parameters)[CONTRACT_ID_MAX + 1],
                                     struct text_builder *allow)
{
    for (int id = 0; id < REST_ROUTE_COUNT; id++) {
        memset(parameters, 0, REST_PARAMETERS_MAX * sizeof(parameters[0]));
        if (!route_matches(&rest_routes[id], in->path, parameters)) {
            continue;
        }
        if (text_equal(rest_routes[id].method, method_text(in->method))) {
            return (enum rest_route_id)id;
        }
        text_append(allow, allow->length > 0 ? ", " : "");
        text_append(allow, rest_routes[id].method);
    }
    return REST_ROUTE_COUNT;
}

static void refuse_route(const struct rest_call *call, const char *allow)
{
    if (allow[0] == '\0') {
        refuse(call, ERR_NOT_FOUND, NULL);
        return;
    }
    const struct problem problem = {.err = ERR_UNSUPPORTED,
                                    .status = 405,
                                    .detail = "This path does not know the method.",
                                    .instance = call->in->path};
    call->api->counters.problems++;
    problem_respond(&problem, call->response);
    text_copy_cut(call->response->allow, sizeof(call->response->allow), allow);
}

// Whose date has come may still end what is theirs: they are asked for who they were.
static bool is_end_of_expired(struct rest_call *call, enum rest_route_id id)
{
    struct api *api = call->api;
    return (id == REST_ROUTE_WHIP_SESSION_CLOSE || id == REST_ROUTE_WHEP_SESSION_CLOSE) &&
           identify(api, call->in->bearer, api->wall, &call->identity) == ERR_EXPIRED &&
           call->identity.expired;
}

static bool dispatch(struct rest_call *call, uint64_t request, enum rest_route_id id)
{
    struct api *api = call->api;
    const struct rest_route *route = &rest_routes[id];
    if (route->bearer && id != REST_ROUTE_LIVE && !is_end_of_expired(call, id)) {
        if (authenticate(api, call->in, call->in->bearer, api->wall, &call->identity,
                         call->response) != ERR_NONE) {
            return true;
        }
        call->person = identity_number(&call->identity);
    }
    if (doors_have(id)) {
        return doors_request(api, request, call->in, id,
                             (const char(*)[CONTRACT_ID_MAX + 1]) call->parameters, &call->identity,
                             call->response);
    }
    if (call->identity.bound) {
        refuse(call, ERR_FORBIDDEN, NULL); // good at its door alone
        return true;
    }
    if (id == REST_ROUTE_SESSION_CREATE) {
        return sign_in(api, request, call->in, call->response);
    }
    if (id == REST_ROUTE_REPORT_JSON || id == REST_ROUTE_REPORT_PDF) {
        return report_request(api, request, call->in, &call->identity, call->parameters[0],
                              id == REST_ROUTE_REPORT_PDF ? API_REPORT_PDF : API_REPORT_JSON,
                              call->response);
    }
    if (id == REST_ROUTE_CONTENT_SEND) {
        return content_request(api, request, call->in, &call->identity, call->parameters[0],
                               call->response);
    }
    handlers[id](call);
    return true;
}

bool rest_request(struct api *api, uint64_t request, const struct api_request *in,
                  struct api_response *ret_response)
{
    struct rest_call call = {.api = api, .in = in, .response = ret_response};
    char allow[32];
    struct text_builder builder = text_builder(allow, sizeof(allow));
    enum rest_route_id id = route_find(in, call.parameters, &builder);
    bool answered = true;
    if (id == REST_ROUTE_COUNT) {
        refuse_route(&call, allow);
    } else {
        answered = dispatch(&call, request, id);
    }
    ret_response->cross_origin = answered && doors_have_path(in->path);
    ret_response->person = call.person != 0 ? call.person : ret_response->person;
    return answered;
}
