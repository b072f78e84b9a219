// Signing in at the organisation's provider (OpenID Connect), in four steps: a browser is sent away
// with a visit; it comes back with the visit's state; who it is, is looked up or written down, and
// it gets a ticket; with the ticket it makes its session. What the provider is asked in between,
// and whether it is believed, is src/oidc's. Owned by the control thread.
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/refusal.h"
#include "contract/types.h"

struct app;

#define APP_SECRET_LENGTH 43 // base64url of 32 random bytes
#define APP_SUBJECT_MAX   255

// What a browser is sent away with. Nobody guesses any of it.
struct app_provider_visit {
    char state[APP_SECRET_LENGTH + 1];
    char nonce[APP_SECRET_LENGTH + 1];
    char verifier[APP_SECRET_LENGTH + 1];
    char meeting[CONTRACT_ID_MAX + 1]; // that is wished for; may be empty
};

// Who has come back, as the provider says and was believed.
struct app_provider_person {
    char subject[APP_SUBJECT_MAX + 1];
    char account[256]; // that they would like to be called; may be empty
    char name[256];    // may be empty
    char roles[128];   // "administrator,secretariat": what their groups are here
};

// A secret by which a browser is known again: what its cookie has, or another one.
void app_provider_browser(const char *cookie, char ret_browser[APP_SECRET_LENGTH + 1]);
void app_provider_visit_make(const char *meeting, struct app_provider_visit *ret_visit);
// It is on its way.
void app_provider_visit_keep(struct app *app, const struct app_provider_visit *visit,
                             const char *browser, const char *remote, time_ms wall);
// It is back. ERR_NOT_FOUND: it never left from here in this browser, or too long ago, or was back
// before.
enum err CHECKED app_provider_visit_take(struct app *app, const char *state, const char *browser,
                                         const char *remote, time_ms wall,
                                         struct app_provider_visit *ret_visit);
// The person's account, which is made when there is none and the operator wishes it so, and a
// ticket for it. ERR_FORBIDDEN with REFUSAL_ACCOUNT_MISSING, ERR_CONFLICT with
// REFUSAL_ACCOUNT_DISABLED.
struct app_provider_arrival {
    const struct app_provider_visit *visit;
    const struct app_provider_person *person;
    const char *browser;
    const char *remote; // for the security log; may be NULL
};
enum err CHECKED app_provider_arrive(struct app *app, const struct app_provider_arrival *arrival,
                                     time_ms wall, char ret_ticket[APP_SECRET_LENGTH + 1],
                                     struct refusal *ret_refusal);
// Nobody has arrived: `why` is static, for the security log.
void app_provider_refused(struct app *app, const char *remote, const char *why, time_ms wall);
// ERR_NOT_FOUND: it is no ticket. ERR_UNAUTHENTICATED: not this browser's, or too late, or its
// account is gone.
enum err CHECKED app_provider_redeem(struct app *app, const char *ticket, const char *browser,
                                     const char *remote, time_ms wall, struct session *ret_session);
