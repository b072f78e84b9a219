// Bodies larger than REST_BODY_MAX, while they arrive: who may send one, and how many at once.
#include <string.h>

#include "api/rest.h"
#include "base/text.h"

#define LARGE_BODY_GRACE_US (30 * TIME_US_PER_S) // nobody is called slow before

static size_t bytes_per_s(const struct api_large_body *body, time_us now)
{
    return body->received / (size_t)((now - body->since) / TIME_US_PER_S + 1);
}

// The slowest of those that have had the time to show what they can; its place is free then.
static struct api_large_body *give_up_slowest(struct api *api, time_us now)
{
    struct api_large_body *slowest = NULL;
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        struct api_large_body *place = &api->large_bodies[i];
        if (now - place->since >= LARGE_BODY_GRACE_US &&
            (slowest == NULL || bytes_per_s(place, now) < bytes_per_s(slowest, now))) {
            slowest = place;
        }
    }
    if (slowest != NULL) {
        *slowest = (struct api_large_body){0};
    }
    return slowest;
}

// ERR_TOO_MANY: one at a time. ERR_UNAVAILABLE: few in all.
static enum err take_large_place(struct api *api, uint64_t request,
                                 const struct app_identity *identity)
{
    struct api_large_body *free_place = NULL;
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        struct api_large_body *place = &api->large_bodies[i];
        if (place->request == 0) {
            free_place = place;
        } else if (text_equal(place->participant, identity->participant) &&
                   text_equal(place->meeting, identity->meeting)) {
            return ERR_TOO_MANY;
        }
    }
    free_place = free_place != NULL ? free_place : give_up_slowest(api, api->now);
    if (free_place == NULL) {
        return ERR_UNAVAILABLE;
    }
    *free_place = (struct api_large_body){.request = request, .since = api->now};
    text_copy_cut(free_place->participant, sizeof(free_place->participant), identity->participant);
    text_copy_cut(free_place->meeting, sizeof(free_place->meeting), identity->meeting);
    return ERR_NONE;
}

// Whether so much may come of this call; else it is refused.
static bool begin(struct call *call, uint64_t request, uint64_t size)
{
    if (!rest_admit(call)) {
        return false;
    }
    size_t room = rest_handler_of(call)->room(call);
    enum err err = room == 0     ? ERR_FORBIDDEN
                   : size > room ? ERR_TOO_LARGE
                                 : take_large_place(call->api, request, &call->identity);
    if (err != ERR_NONE) {
        call_refuse(call, err);
    }
    return err == ERR_NONE;
}

bool api_body_begin(struct api *api, uint64_t request, const struct api_request *in, uint64_t size,
                    time_us now, time_ms wall, struct api_response *ret_response)
{
    char allow[sizeof(ret_response->allow)];
    struct text_builder methods = text_builder(allow, sizeof(allow));
    bool may = false;
    api_set_now(api, now, wall);
    struct call call = call_at_once(api, in);
    if (rest_find(&call, &methods) && rest_handler_of(&call)->room != NULL) {
        may = begin(&call, request, size);
    } else {
        call_refuse(&call, ERR_TOO_LARGE);
    }
    (void)call_returned(&call, ret_response);
    return may;
}

bool api_body_received(struct api *api, uint64_t request, size_t size)
{
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        if (api->large_bodies[i].request == request) {
            api->large_bodies[i].received += size;
            return true;
        }
    }
    return false;
}

void api_body_end(struct api *api, uint64_t request)
{
    for (uint32_t i = 0; i < API_LARGE_BODIES_MAX; i++) {
        if (api->large_bodies[i].request == request) {
            api->large_bodies[i] = (struct api_large_body){0};
        }
    }
}
