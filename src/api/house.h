// What the routes of the secretariat share: who asks, the body as a wish, and the answer. Private
// to src/api; control thread only.
#pragma once

#include <jansson.h>

#include "api/call.h"
#include "app/house.h"
#include "contract/codec.h"

#define HOUSE_QUERY_SIZE (4 * 120 + 1) // words looked for, as the routes say, in UTF-8

struct house_call {
    struct house house;
    char field[CODEC_FIELD_MAX + 1]; // of the body, when it is at fault
};

// False: refused, for who asks too often. Whether they may is the app's question.
bool house_call_begin(struct call *call, struct house_call *ret_house);
// The body as one JSON object, for a generated decoder: ERR_MALFORMED, ERR_TOO_LARGE. The caller
// owns it.
enum err CHECKED house_call_body(struct call *call, json_t **ret_body);
// The answer: the error, or `body`, which is taken, with this status.
void house_call_answer(struct call *call, const struct house_call *house, enum err err, int status,
                       json_t *body);
// The error, or 204.
void house_call_done(struct call *call, const struct house_call *house, enum err err);
// A text of the query; "" when it is not given. False: refused, for it is too long.
bool house_call_query(struct call *call, const char *name, char *to, size_t size);
