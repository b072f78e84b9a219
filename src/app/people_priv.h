// Inside src/app only: what signing in, sessions and passwords lend each other.
#pragma once

#include "app/app_priv.h"
#include "app/secret.h"

// A session made of `row` (meeting, participant, account, name, capacity, expires_at); its token is
// shown this once.
enum err CHECKED session_begin(struct app *app, struct session_row *row, time_ms wall,
                               struct session *ret_session);
// The link's participant, made by the first use of a wish and committed before anybody hears of it.
// ERR_FORBIDDEN when removed.
enum err CHECKED link_participant(struct app *app, struct token_row *token,
                                  const struct participant **ret_participant);
// ERR_UNAUTHENTICATED, ERR_FORBIDDEN (revoked with the participant) or ERR_EXPIRED.
enum err CHECKED link_find(struct app *app, const char *token, time_ms wall,
                           struct token_row *ret_row);
