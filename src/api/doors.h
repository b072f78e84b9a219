// The manners of WHIP (RFC 9725) and WHEP over HTTP: what is read from a request, what stands in an
// answer. Who may, and what becomes of an offer, is app's. Private to src/api.
#pragma once

#include "api/api_state.h"
#include "contract/routes.h"

bool doors_have(enum rest_route_id route);
// Also for what no route knows: pages of other origins may read the refusal.
bool doors_have_path(const char *path);
// `parameters`: meeting, feed or channel, session. As api_request().
bool doors_request(struct api *api, uint64_t request, const struct api_request *in,
                   enum rest_route_id route, const char (*parameters)[CONTRACT_ID_MAX + 1],
                   const struct app_identity *identity, struct api_response *ret_response);
// The half of struct app_ports that is theirs.
void doors_answer(void *context, uint64_t request, const struct app_door_answer *answer);
