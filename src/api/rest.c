#include "api/rest.h"

#include <string.h>

#include "api/authentication.h"
#include "api/media_type.h"
#include "base/text.h"
#include "contract/handlers.h"

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
                          char (*parameters)[REST_PARAMETER_MAX + 1])
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
        if (length == 0 || text_copy_n(parameters[count], route->parameters_most[count] + 1, path,
                                       length) != ERR_NONE) {
            return false;
        }
        count++;
        path += length;
        pattern += strcspn(pattern, "}") + 1;
    }
    return path[0] == '\0' || (path[0] == '/' && path[1] == '\0');
}

bool rest_find(struct call *call, struct text_builder *allow)
{
    for (int id = 0; id < REST_ROUTE_COUNT; id++) {
        const struct rest_route *route = &rest_routes[id];
        memset(call->parameters, 0, sizeof(call->parameters));
        if (!route_matches(route, call->in->path, call->parameters)) {
            continue;
        }
        if (text_equal(route->method, method_text(call->in->method))) {
            call->route = route;
            return true;
        }
        text_append(allow, allow->length > 0 ? ", " : "");
        text_append(allow, route->method);
    }
    return false;
}

static void refuse_route(struct call *call, const char *allow)
{
    if (allow[0] == '\0') {
        call_refuse(call, ERR_NOT_FOUND);
        return;
    }
    const struct refusal refusal = {REFUSAL_METHOD_UNKNOWN};
    const struct problem problem = {.err = ERR_UNSUPPORTED, .status = 405, .refusal = &refusal};
    call_fill_refusal(call, &problem, 0);
    text_copy_cut(call->response.allow, sizeof(call->response.allow), allow);
    call_answer(call);
}

const struct rest_handler *rest_handler_of(const struct call *call)
{
    return &rest_handlers[call->route - rest_routes];
}

// The meeting that the path names; NULL: none.
static const char *meeting_of(const struct call *call)
{
    return call->route->of_meeting ? call->parameters[0] : NULL;
}

// Whose date has come may still end what is theirs: they are asked for who they were.
static bool is_end_of_expired(struct call *call)
{
    struct api *api = call->api;
    return call->route->expired &&
           identify(api, call->in->bearer, meeting_of(call), api->wall, &call->identity) ==
               ERR_EXPIRED &&
           call->identity.expired;
}

bool rest_admit(struct call *call)
{
    struct api *api = call->api;
    if (!call->route->bearer || is_end_of_expired(call)) {
        return true;
    }
    if (authenticate(api, call->in, call->in->bearer, meeting_of(call), api->wall, &call->identity,
                     &call->response) != ERR_NONE) {
        call_answer(call);
        return false;
    }
    call->person = identity_number(&call->identity);
    if (call->identity.bound && !call->route->door) {
        call_refuse(call, ERR_FORBIDDEN); // good at its door alone
        return false;
    }
    return true;
}

static void fill_unsupported(struct call *call, enum refusal_reason reason)
{
    const struct refusal refusal = {reason};
    const struct problem problem = {.err = ERR_UNSUPPORTED, .status = 415, .refusal = &refusal};
    call_fill_refusal(call, &problem, 0);
}

static void refuse_kind(struct call *call)
{
    const struct rest_route *route = call->route;
    fill_unsupported(call,
                     route->kinds != REFUSAL_NONE ? route->kinds : REFUSAL_BODY_OF_ANOTHER_KIND);
    bool patch = call->in->method == API_PATCH;
    call->response.accept_post = patch ? NULL : route->accepts;
    call->response.accept_patch = patch ? route->accepts : NULL;
    call_answer(call);
}

// Accept-Encoding says that it was not the media type (RFC 9110, section 15.5.16).
static void refuse_encoding(struct call *call)
{
    fill_unsupported(call, REFUSAL_BODY_OF_ANOTHER_KIND);
    call->response.accept_encoding = "identity";
    call_answer(call);
}

static bool body_is_right(struct call *call)
{
    if (call->in->body_size > call->route->body_max) {
        call_refuse(call, ERR_TOO_LARGE);
        return false;
    }
    if (call->route->accepts != NULL &&
        !media_type_is_one_of(call->in->content_type, call->route->accepts)) {
        refuse_kind(call);
        return false;
    }
    if (call->route->accepts != NULL && call->in->encoded) {
        refuse_encoding(call);
        return false;
    }
    return true;
}

void rest_request(struct call *call)
{
    char allow[sizeof(call->response.allow)];
    struct text_builder methods = text_builder(allow, sizeof(allow));
    if (!rest_find(call, &methods)) {
        refuse_route(call, allow);
    } else if (rest_admit(call) && body_is_right(call)) {
        rest_handler_of(call)->answer(call);
    }
}
