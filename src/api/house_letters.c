// Letters of the secretariat's.
#include "api/house.h"
#include "contract/handlers.h"
#include "contract/json.h"

void rest_letters_send(struct call *call)
{
    struct house_call house;
    struct letter_wish wish;
    struct letters letters;
    if (!house_call_begin(call, &house)) {
        return;
    }
    json_t *body = NULL;
    enum err err = house_call_body(call, &body);
    err = err == ERR_NONE ? letter_wish_take(body, &wish, house.field, &house.house.refusal) : err;
    json_decref(body);
    err = err == ERR_NONE
              ? app_letters_send(call->api->app, &house.house, call->parameters[0], &wish, &letters)
              : err;
    house_call_answer(call, &house, err, 201, err == ERR_NONE ? letters_encode(&letters) : NULL);
}
