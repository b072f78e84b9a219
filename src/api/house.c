#include "api/house.h"

#include "api/authentication.h"
#include "api/json_guard.h"

bool house_call_begin(struct call *call, struct house_call *ret_house)
{
    *ret_house = (struct house_call){.house = {.who = &call->identity, .wall = call->api->wall}};
    return call_within(call, PERSON_LIMIT_HOUSE);
}

enum err house_call_body(struct call *call, json_t **ret_body)
{
    return json_guard_parse(call->in->body, call->in->body_size, JSON_GUARD_BODY_VALUES, ret_body);
}

static void refuse(struct call *call, const struct house_call *house, enum err err)
{
    const struct problem problem = {.err = err,
                                    .refusal = &house->house.refusal,
                                    .field = house->field[0] != '\0' ? house->field
                                                                     : house->house.field};
    call_refuse_as(call, &problem);
}

void house_call_answer(struct call *call, const struct house_call *house, enum err err, int status,
                       json_t *body)
{
    if (err == ERR_NONE) {
        call_json(call, status, body);
    } else {
        json_decref(body);
        refuse(call, house, err);
    }
}

void house_call_done(struct call *call, const struct house_call *house, enum err err)
{
    if (err == ERR_NONE) {
        call_empty(call, 204);
    } else {
        refuse(call, house, err);
    }
}

bool house_call_query(struct call *call, const char *name, char *to, size_t size)
{
    if (query_value(call->in->query, name, to, size) != ERR_INVALID) {
        return true;
    }
    call_refuse_field(call, ERR_INVALID, name);
    return false;
}
