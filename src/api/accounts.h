// What the handlers of accounts share. Private to src/api.
#pragma once

#include <jansson.h>

#include "api/call.h"
#include "app/accounts.h"

// Who asks for this call. As long as the call is.
struct app_asking asking_of(const struct call *call);
// Retry-After is `wait_s`; 0: as it is for that problem.
void refuse_asking(struct call *call, enum err err, const struct app_asking *asking, int wait_s);
// The caller's reference; NULL: refused.
json_t *read_body(struct call *call);
