// Delegations and agenda of a planned meeting.
#include <stdlib.h>

#include "api/house.h"
#include "base/text.h"
#include "contract/handlers.h"
#include "contract/json.h"

static enum err read_delegation(struct call *call, struct house_call *house,
                                struct delegation *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? delegation_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

static enum err read_item_wish(struct call *call, struct house_call *house, struct item_wish *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? item_wish_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

static enum err read_item_place(struct call *call, struct house_call *house,
                                struct item_place *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? item_place_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

void rest_delegations_list(struct call *call)
{
    struct house_call house;
    if (!house_call_begin(call, &house)) {
        return;
    }
    struct plan_delegations *list = calloc(1, sizeof(*list)); // too large for a stack
    enum err err = list == NULL
                       ? ERR_FULL
                       : app_delegations(call->api->app, &house.house, call->parameters[0], list);
    house_call_answer(call, &house, err, 200,
                      err == ERR_NONE ? plan_delegations_encode(list) : NULL);
    free(list);
}

static void put_delegation(struct call *call, int status,
                           enum err (*put)(struct app *, struct house *, const char *,
                                           const struct delegation *))
{
    struct house_call house;
    struct delegation wish;
    if (!house_call_begin(call, &house)) {
        return;
    }
    enum err err = read_delegation(call, &house, &wish);
    if (err == ERR_NONE && call->parameters[1][0] != '\0' &&
        !text_equal(call->parameters[1], wish.id)) {
        text_copy_cut(house.field, sizeof(house.field), "id");
        err = ERR_INVALID;
    }
    err = err == ERR_NONE ? put(call->api->app, &house.house, call->parameters[0], &wish) : err;
    house_call_answer(call, &house, err, status, err == ERR_NONE ? delegation_encode(&wish) : NULL);
}

void rest_delegations_add(struct call *call)
{
    put_delegation(call, 201, app_delegation_add);
}

void rest_delegations_change(struct call *call)
{
    put_delegation(call, 200, app_delegation_change);
}

void rest_delegations_remove(struct call *call)
{
    struct house_call house;
    if (house_call_begin(call, &house)) {
        house_call_done(call, &house,
                        app_delegation_remove(call->api->app, &house.house, call->parameters[0],
                                              call->parameters[1]));
    }
}

void rest_agenda_list(struct call *call)
{
    struct house_call house;
    if (!house_call_begin(call, &house)) {
        return;
    }
    struct plan_agenda *list = calloc(1, sizeof(*list)); // too large for a stack
    enum err err = list == NULL
                       ? ERR_FULL
                       : app_agenda(call->api->app, &house.house, call->parameters[0], list);
    house_call_answer(call, &house, err, 200, err == ERR_NONE ? plan_agenda_encode(list) : NULL);
    free(list);
}

void rest_agenda_add(struct call *call)
{
    struct house_call house;
    struct item_wish wish;
    struct agenda_item made;
    if (house_call_begin(call, &house)) {
        enum err err = read_item_wish(call, &house, &wish);
        err = err == ERR_NONE
                  ? app_item_add(call->api->app, &house.house, call->parameters[0], &wish, &made)
                  : err;
        house_call_answer(call, &house, err, 201,
                          err == ERR_NONE ? agenda_item_encode(&made) : NULL);
    }
}

void rest_agenda_change(struct call *call)
{
    struct house_call house;
    struct item_wish wish;
    struct agenda_item made;
    if (house_call_begin(call, &house)) {
        enum err err = read_item_wish(call, &house, &wish);
        err = err == ERR_NONE ? app_item_change(call->api->app, &house.house, call->parameters[0],
                                                call->parameters[1], &wish, &made)
                              : err;
        house_call_answer(call, &house, err, 200,
                          err == ERR_NONE ? agenda_item_encode(&made) : NULL);
    }
}

void rest_agenda_move(struct call *call)
{
    struct house_call house;
    struct item_place place;
    if (house_call_begin(call, &house)) {
        enum err err = read_item_place(call, &house, &place);
        err = err == ERR_NONE ? app_item_move(call->api->app, &house.house, call->parameters[0],
                                              call->parameters[1], place.before)
                              : err;
        house_call_done(call, &house, err);
    }
}

void rest_agenda_remove(struct call *call)
{
    struct house_call house;
    if (house_call_begin(call, &house)) {
        house_call_done(call, &house,
                        app_item_remove(call->api->app, &house.house, call->parameters[0],
                                        call->parameters[1]));
    }
}
