// Browsers that are away at the provider: what each was sent away with, for ten minutes, once, and
// for the browser that it was alone. And tickets: what a browser that came back makes its session
// with, for a minute, once. Bounded: of one network's visits the oldest gives way to its own
// newest, and of all the oldest when there is no place. In memory alone: after a restart people
// press again. Control thread only. Times: wall clock.
#pragma once

#include <stdint.h>

#include "app/sign_in_provider.h"
#include "base/err.h"
#include "base/network.h"
#include "store/people.h"

#define VISITS_MAX            2048
#define VISITS_OF_NETWORK_MAX 512
#define VISIT_MS              (10 * 60000)
#define TICKETS_MAX           512
#define TICKET_MS             60000

struct visit_place {
    time_ms until;                  // 0: free
    uint8_t state[TOKEN_HASH_SIZE]; // their hashes
    uint8_t browser[TOKEN_HASH_SIZE];
    uint8_t network[NETWORK_SIZE];
    struct app_provider_visit visit;
};

struct ticket_place {
    time_ms until;
    uint8_t ticket[TOKEN_HASH_SIZE];
    uint8_t browser[TOKEN_HASH_SIZE];
    char account[ACCOUNT_NAME_MAX + 1];
    char meeting[CONTRACT_ID_MAX + 1];
};

struct visits {
    struct visit_place visits[VISITS_MAX];
    struct ticket_place tickets[TICKETS_MAX];
};

// `browser`: the secret in its cookie.
void visits_keep(struct visits *visits, const struct app_provider_visit *visit, const char *browser,
                 const char *remote, time_ms wall);
// Takes it. ERR_NOT_FOUND: no such visit, or it was another browser's, which keeps it.
enum err CHECKED visits_take(struct visits *visits, const char *state, const char *browser,
                             time_ms wall, struct app_provider_visit *ret_visit);
void visits_ticket(struct visits *visits, const uint8_t ticket[TOKEN_HASH_SIZE],
                   const char *browser, const char *account, const char *meeting, time_ms wall);
// ERR_NOT_FOUND: it is no ticket. ERR_UNAUTHENTICATED: another browser's, which keeps it; or too
// late.
enum err CHECKED visits_redeem(struct visits *visits, const uint8_t ticket[TOKEN_HASH_SIZE],
                               const char *browser, time_ms wall, struct ticket_place *ret_ticket);
