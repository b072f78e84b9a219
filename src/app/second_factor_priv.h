// Inside src/app only: what signing in asks of the second factor.
#pragma once

#include "app/people_priv.h"

// Takes the code. ERR_NONE also for who has no second factor. ERR_UNAUTHENTICATED with
// REFUSAL_CODE_NEEDED (none was given) or REFUSAL_CODE_WRONG.
enum err CHECKED second_factor_pass(struct app *app, const char *account, const char *code,
                                    time_ms wall, struct refusal *ret_refusal);
// Whether this administrator may be one now: not before they have a second factor, where the
// operator wishes it. Who has no password signs in elsewhere, and is asked for it there.
enum err CHECKED second_factor_permits(struct app *app, const struct account_row *account,
                                       bool *ret_permits);
