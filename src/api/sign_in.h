// POST /api/v1/session: a personal link's token at once, a password after its slow check on a
// worker. Private to src/api.
#pragma once

#include "api/job.h"

// Of passwords that wait.
extern const struct job_order sign_in_order;
