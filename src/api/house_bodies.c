// The bodies of the house.
#include <stdlib.h>

#include "api/house.h"
#include "contract/handlers.h"
#include "contract/json.h"

static enum err read_body_wish(struct call *call, struct house_call *house, struct body_wish *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? body_wish_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

void rest_bodies_list(struct call *call)
{
    struct house_call house;
    if (!house_call_begin(call, &house)) {
        return;
    }
    struct bodies *list = calloc(1, sizeof(*list)); // too large for a stack
    enum err err = list == NULL ? ERR_FULL : app_bodies(call->api->app, &house.house, list);
    house_call_answer(call, &house, err, 200, err == ERR_NONE ? bodies_encode(list) : NULL);
    free(list);
}

void rest_bodies_add(struct call *call)
{
    struct house_call house;
    struct body_wish wish;
    struct body made;
    if (house_call_begin(call, &house)) {
        enum err err = read_body_wish(call, &house, &wish);
        err = err == ERR_NONE ? app_body_add(call->api->app, &house.house, &wish, &made) : err;
        house_call_answer(call, &house, err, 201, err == ERR_NONE ? body_encode(&made) : NULL);
    }
}

void rest_bodies_change(struct call *call)
{
    struct house_call house;
    struct body_wish wish;
    struct body made;
    if (house_call_begin(call, &house)) {
        enum err err = read_body_wish(call, &house, &wish);
        err = err == ERR_NONE
                  ? app_body_change(call->api->app, &house.house, call->parameters[0], &wish, &made)
                  : err;
        house_call_answer(call, &house, err, 200, err == ERR_NONE ? body_encode(&made) : NULL);
    }
}

void rest_bodies_remove(struct call *call)
{
    struct house_call house;
    if (house_call_begin(call, &house)) {
        house_call_done(call, &house,
                        app_body_remove(call->api->app, &house.house, call->parameters[0]));
    }
}
