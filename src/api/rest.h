// What is the same for all routes of contract/routes.json, before whoever answers one is asked:
// that it is there, who asks, and whether the body may be. Private to src/api.
#pragma once

#include "api/call.h"
#include "base/text.h"
#include "contract/handlers.h"

// The route of this path and method; false when there is none, and `allow` then lists the methods
// of the path: empty when it is unknown.
bool rest_find(struct call *call, struct text_builder *allow);
// Whose bearer it is. False when that is refused.
bool rest_admit(struct call *call);
const struct rest_handler *rest_handler_of(const struct call *call);
// All of it: the call is answered, now or later.
void rest_request(struct call *call);
