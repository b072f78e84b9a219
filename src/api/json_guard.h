// The one door for JSON from outside: size, depth and duplicate keys are checked before anything is
// built from it.
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "base/err.h"

// ERR_TOO_LARGE beyond CONTRACT_BODY_MAX; ERR_MALFORMED for more than CONTRACT_JSON_DEPTH_MAX
// levels, broken JSON, a key that stands twice, NUL, or anything but an object. On ERR_NONE the
// caller owns *ret_object.
enum err CHECKED json_guard_parse(const char *text, size_t size, json_t **ret_object);
