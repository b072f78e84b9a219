// The second factor of an account: one-time codes by time (crypto/totp.h) beside its password, and
// ten recovery codes, each good once. Secrets are sealed with the key of the data folder and bound
// to their account; of recovery codes the hash is kept. Control thread only.
#pragma once

#include "app/app.h"

// Whether it is on, and whether the account needs it to be an administrator. ERR_FORBIDDEN
// (REFUSAL_ACCOUNT_NEEDED): they have signed in by a link.
enum err CHECKED app_second_factor(struct app *app, const struct app_identity *identity,
                                   struct second_factor *ret_factor, struct refusal *ret_refusal);
// A new secret, in place of one that was not confirmed. ERR_CONFLICT: one is confirmed, or the
// account has no password.
enum err CHECKED app_second_factor_wish(struct app *app, const struct app_identity *identity,
                                        struct second_factor_secret *ret_secret,
                                        struct refusal *ret_refusal);
// It is on from now on. Wrong codes count, and wait, as wrong passwords do: ERR_TOO_MANY.
enum err CHECKED app_second_factor_confirm(struct app *app, const struct app_identity *identity,
                                           const char *code, time_ms wall,
                                           struct recovery_codes *ret_codes,
                                           struct refusal *ret_refusal);
// By a code of the device, or a recovery code.
enum err CHECKED app_second_factor_remove(struct app *app, const struct app_identity *identity,
                                          const char *code, time_ms wall,
                                          struct refusal *ret_refusal);
