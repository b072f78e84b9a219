// One's own second factor: /api/v1/account/totp.
#include "app/second_factor.h"

#include <string.h>

#include "api/call.h"
#include "api/json_guard.h"
#include "contract/handlers.h"
#include "contract/json.h"

static void refuse(struct call *call, enum err err, const struct refusal *refusal)
{
    call_refuse_as(call, &(struct problem){.err = err, .refusal = refusal});
}

void rest_second_factor_read(struct call *call)
{
    struct second_factor factor;
    struct refusal refusal = {REFUSAL_NONE};
    if (!call_within(call, PERSON_LIMIT_READ)) {
        return;
    }
    enum err err = app_second_factor(call->api->app, &call->identity, &factor, &refusal);
    if (err == ERR_NONE) {
        call_json(call, 200, second_factor_encode(&factor));
    } else {
        refuse(call, err, &refusal);
    }
}

void rest_second_factor_begin(struct call *call)
{
    struct second_factor_secret secret = {.secret = ""};
    struct refusal refusal = {REFUSAL_NONE};
    if (!call_within(call, PERSON_LIMIT_READ)) {
        return;
    }
    enum err err = app_second_factor_wish(call->api->app, &call->identity, &secret, &refusal);
    if (err == ERR_NONE) {
        call_json(call, 201, second_factor_secret_encode(&secret));
    } else {
        refuse(call, err, &refusal);
    }
    explicit_bzero(&secret, sizeof(secret));
}

// False: refused.
static bool read_code(struct call *call, struct second_factor_code *ret_code)
{
    char field[CODEC_FIELD_MAX + 1] = "";
    json_t *body = NULL;
    enum err err = json_guard_parse(call->in->body, call->in->body_size, JSON_GUARD_BODY_VALUES,
                                    &body);
    if (err == ERR_NONE) {
        err = second_factor_code_decode(body, ret_code, field);
    }
    json_decref(body);
    if (err != ERR_NONE) {
        call_refuse_field(call, err, field);
    }
    return err == ERR_NONE;
}

void rest_second_factor_confirm(struct call *call)
{
    struct second_factor_code code;
    struct recovery_codes codes;
    struct refusal refusal = {REFUSAL_NONE};
    if (!read_code(call, &code)) {
        return;
    }
    const struct api *api = call->api;
    enum err err = app_second_factor_confirm(api->app, &call->identity, code.code, api->wall,
                                             &codes, &refusal);
    if (err == ERR_NONE) {
        call_json(call, 200, recovery_codes_encode(&codes));
    } else {
        refuse(call, err, &refusal);
    }
    explicit_bzero(&codes, sizeof(codes));
}

void rest_second_factor_remove(struct call *call)
{
    struct second_factor_code code;
    struct refusal refusal = {REFUSAL_NONE};
    if (!read_code(call, &code)) {
        return;
    }
    const struct api *api = call->api;
    enum err err = app_second_factor_remove(api->app, &call->identity, code.code, api->wall,
                                            &refusal);
    if (err == ERR_NONE) {
        call_empty(call, 204);
    } else {
        refuse(call, err, &refusal);
    }
}
