// Meetings as they are planned.
#include <stdlib.h>

#include "api/house.h"
#include "contract/handlers.h"
#include "contract/json.h"

static enum err read_plan_wish(struct call *call, struct house_call *house, struct plan_wish *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? plan_wish_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

static enum err read_plan_copy(struct call *call, struct house_call *house, struct plan_copy *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? plan_copy_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

void rest_plans_list(struct call *call)
{
    struct house_call house;
    char query[HOUSE_QUERY_SIZE];
    char after[CONTRACT_ID_MAX + 1];
    if (!house_call_begin(call, &house) || !house_call_query(call, "q", query, sizeof(query)) ||
        !house_call_query(call, "after", after, sizeof(after))) {
        return;
    }
    struct plans *list = calloc(1, sizeof(*list)); // too large for a stack
    enum err err = list == NULL ? ERR_FULL
                                : app_plans(call->api->app, &house.house, query, after, list);
    house_call_answer(call, &house, err, 200, err == ERR_NONE ? plans_encode(list) : NULL);
    free(list);
}

void rest_plan_read(struct call *call)
{
    struct house_call house;
    struct plan plan;
    if (house_call_begin(call, &house)) {
        enum err err = app_plan(call->api->app, &house.house, call->parameters[0], &plan);
        house_call_answer(call, &house, err, 200, err == ERR_NONE ? plan_encode(&plan) : NULL);
    }
}

void rest_plans_add(struct call *call)
{
    struct house_call house;
    struct plan_wish wish;
    struct plan made;
    if (house_call_begin(call, &house)) {
        enum err err = read_plan_wish(call, &house, &wish);
        err = err == ERR_NONE ? app_plan_add(call->api->app, &house.house, &wish, &made) : err;
        house_call_answer(call, &house, err, 201, err == ERR_NONE ? plan_encode(&made) : NULL);
    }
}

void rest_plan_change(struct call *call)
{
    struct house_call house;
    struct plan_wish wish;
    struct plan made;
    if (house_call_begin(call, &house)) {
        enum err err = read_plan_wish(call, &house, &wish);
        err = err == ERR_NONE
                  ? app_plan_change(call->api->app, &house.house, call->parameters[0], &wish, &made)
                  : err;
        house_call_answer(call, &house, err, 200, err == ERR_NONE ? plan_encode(&made) : NULL);
    }
}

void rest_plan_copy(struct call *call)
{
    struct house_call house;
    struct plan_copy wish;
    struct plan made;
    if (house_call_begin(call, &house)) {
        enum err err = read_plan_copy(call, &house, &wish);
        err = err == ERR_NONE
                  ? app_plan_copy(call->api->app, &house.house, call->parameters[0], &wish, &made)
                  : err;
        house_call_answer(call, &house, err, 201, err == ERR_NONE ? plan_encode(&made) : NULL);
    }
}
