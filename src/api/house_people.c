// Who takes part in a planned meeting, and their links.
#include <stdlib.h>

#include "api/house.h"
#include "contract/handlers.h"
#include "contract/json.h"

static enum err read_person_wish(struct call *call, struct house_call *house,
                                 struct person_wish *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? person_wish_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

static enum err read_link_wish(struct call *call, struct house_call *house, struct link_wish *wish)
{
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? link_wish_take(body, wish, house->field, &house->house.refusal) : err;
    json_decref(body);
    return err;
}

void rest_people_list(struct call *call)
{
    struct house_call house;
    char query[HOUSE_QUERY_SIZE];
    char after[CONTRACT_ID_MAX + 1];
    if (!house_call_begin(call, &house) || !house_call_query(call, "q", query, sizeof(query)) ||
        !house_call_query(call, "after", after, sizeof(after))) {
        return;
    }
    struct people *list = calloc(1, sizeof(*list)); // too large for a stack
    enum err err = list == NULL ? ERR_FULL
                                : app_people(call->api->app, &house.house, call->parameters[0],
                                             query, after, list);
    house_call_answer(call, &house, err, 200, err == ERR_NONE ? people_encode(list) : NULL);
    free(list);
}

void rest_people_add(struct call *call)
{
    struct house_call house;
    struct person_wish wish;
    struct person made;
    if (house_call_begin(call, &house)) {
        enum err err = read_person_wish(call, &house, &wish);
        err = err == ERR_NONE
                  ? app_person_add(call->api->app, &house.house, call->parameters[0], &wish, &made)
                  : err;
        house_call_answer(call, &house, err, 201, err == ERR_NONE ? person_encode(&made) : NULL);
    }
}

void rest_people_change(struct call *call)
{
    struct house_call house;
    struct person_wish wish;
    struct person made;
    if (house_call_begin(call, &house)) {
        enum err err = read_person_wish(call, &house, &wish);
        err = err == ERR_NONE ? app_person_change(call->api->app, &house.house, call->parameters[0],
                                                  call->parameters[1], &wish, &made)
                              : err;
        house_call_answer(call, &house, err, 200, err == ERR_NONE ? person_encode(&made) : NULL);
    }
}

void rest_people_remove(struct call *call)
{
    struct house_call house;
    if (house_call_begin(call, &house)) {
        house_call_done(call, &house,
                        app_person_remove(call->api->app, &house.house, call->parameters[0],
                                          call->parameters[1]));
    }
}

void rest_people_link(struct call *call)
{
    struct house_call house;
    struct link_wish wish;
    struct person person;
    if (house_call_begin(call, &house)) {
        enum err err = read_link_wish(call, &house, &wish);
        int64_t days = err == ERR_NONE && wish.days > 0 ? wish.days : APP_LINK_DAYS;
        err = err == ERR_NONE ? app_person_link(call->api->app, &house.house, call->parameters[0],
                                                call->parameters[1], days, &person)
                              : err;
        house_call_answer(call, &house, err, 201, err == ERR_NONE ? person_encode(&person) : NULL);
    }
}

void rest_people_unlink(struct call *call)
{
    struct house_call house;
    if (house_call_begin(call, &house)) {
        house_call_done(call, &house,
                        app_person_unlink(call->api->app, &house.house, call->parameters[0],
                                          call->parameters[1]));
    }
}
