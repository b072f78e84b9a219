// POST /api/v1/session: a personal link's token at once, a password after its slow check on a
// worker. Private to src/api.
#pragma once

#include "api/api_state.h"

// As api_request().
bool sign_in(struct api *api, uint64_t request, const struct api_request *in,
             struct api_response *ret_response);
// What is still being checked is dropped; the workers must have stopped.
void sign_in_finish(struct api *api);
// When a password that waits may be checked; api_on_deadline()'s part in it.
time_us sign_in_next_deadline(const struct api *api);
void sign_in_on_deadline(struct api *api);
