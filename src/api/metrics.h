// GET /metrics: the Prometheus text format, version 0.0.4. Private to src/api.
#pragma once

#include "api/api_state.h"

void metrics_respond(struct api *api, struct api_response *ret_response);
