// Who sends this request: the bearer token resolved, failures limited by address. Private to
// src/api.
#pragma once

#include "api/api_state.h"

// The value of `name` in the query, percent-encoding untouched; ERR_NOT_FOUND when absent,
// ERR_INVALID when too long.
enum err CHECKED query_value(const char *query, const char *name, char *to, size_t size);

// ERR_NONE, or the problem in *ret_response. A valid token is never held up by others' failures
// from the same address.
enum err CHECKED authenticate(struct api *api, const struct api_request *in, const char *bearer,
                              time_ms wall, struct app_identity *ret_identity,
                              struct api_response *ret_response);
