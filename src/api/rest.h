// The REST routes of contract/routes.json. Private to src/api.
#pragma once

#include "api/api_state.h"

// As api_request().
bool rest_request(struct api *api, uint64_t request, const struct api_request *in,
                  struct api_response *ret_response);
