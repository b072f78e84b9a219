// The meetings that the bearer's session may sit in.
#include <string.h>

#include "api/authentication.h"
#include "api/call.h"
#include "api/json_guard.h"
#include "contract/handlers.h"
#include "contract/json.h"

void rest_seats_list(struct call *call)
{
    struct seats seats = {0};
    char after[CONTRACT_ID_MAX + 1] = "";
    if (!call_within(call, PERSON_LIMIT_READ)) {
        return;
    }
    if (query_value(call->in->query, "after", after, sizeof(after)) == ERR_INVALID) {
        call_refuse_field(call, ERR_INVALID, "after");
        return;
    }
    enum err result = app_seats(call->api->app, &call->identity, after, call->api->wall, &seats);
    if (result != ERR_NONE) {
        call_refuse(call, result);
        return;
    }
    call_json(call, 200, seats_encode(&seats));
}

static enum err read_link(const struct api_request *in, struct seat_link *ret_link,
                          char field[CODEC_FIELD_MAX + 1])
{
    field[0] = '\0';
    json_t *body = NULL;
    enum err result = json_guard_parse(in->body, in->body_size, JSON_GUARD_BODY_VALUES, &body);
    if (result == ERR_NONE) {
        result = seat_link_decode(body, ret_link, field);
    }
    json_decref(body);
    return result;
}

void rest_seats_add(struct call *call)
{
    struct seat_link link;
    struct seat seat;
    char field[CODEC_FIELD_MAX + 1];
    enum err result = read_link(call->in, &link, field);
    if (result != ERR_NONE) {
        call_refuse_field(call, result, field);
        return;
    }
    // Who guesses at links is somebody with a session: as many as one may sign in with.
    if (call_within(call, PERSON_LIMIT_SIGN_IN)) {
        result = app_seat_add(call->api->app, &call->identity, link.token, call->in->remote,
                              call->api->wall, &seat);
        if (result != ERR_NONE) {
            // The bearer is known: what is not is the link.
            call_refuse_field(call, result == ERR_UNAUTHENTICATED ? ERR_NOT_FOUND : result,
                              "token");
        } else {
            call_json(call, 201, seat_encode(&seat));
        }
    }
    explicit_bzero(&link, sizeof(link));
}
