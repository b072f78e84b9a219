// The manners of WHIP (RFC 9725) and WHEP over HTTP: what is read from a request, what stands in an
// answer. Who may, and what becomes of an offer, is app's. Private to src/api.
#pragma once

#include "api/api_state.h"

// The half of struct app_ports that is theirs; `request` is the call's name.
void doors_answer(void *context, uint64_t request, const struct app_door_answer *answer);
