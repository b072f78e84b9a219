// The one door for JSON from outside: size, depth, the number of values and duplicate keys are
// checked before anything is built from it.
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

// Of a request: the fields of a few short texts, the object, and room for what a refusal names.
#define JSON_GUARD_BODY_VALUES 32

// ERR_TOO_LARGE beyond CONTRACT_BODY_MAX; ERR_MALFORMED for more than CONTRACT_JSON_DEPTH_MAX
// levels, more than `values_max` values within the object (each object, array, text, number and
// word is one, an empty object or array two), broken JSON, a key that stands twice, NUL, or
// anything but an object. On ERR_NONE the caller owns *ret_object.
enum err CHECKED json_guard_parse(const char *text, size_t size, uint32_t values_max,
                                  json_t **ret_object);
// The number that stands under `key` where that is the first key of an object, of which `text` may
// be the beginning alone; 0 where it is not, or is no number of the contract. Builds nothing.
uint64_t json_guard_first_number(const char *text, size_t size, const char *key);
