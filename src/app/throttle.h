// Slows down password guessing, per account, known or not: after five attempts without success each
// further one waits, twice as long every time, at most a minute. An attempt counts as failed until
// it has succeeded, so parallel attempts gain nothing. Bounded: the account that was quiet longest
// is forgotten first. Control thread only. Times: wall clock, ms.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define THROTTLE_ACCOUNTS_MAX  256
#define THROTTLE_FREE_ATTEMPTS 5
#define THROTTLE_WAIT_FIRST_MS 1000
#define THROTTLE_WAIT_MAX_MS   60000
#define THROTTLE_FORGET_MS     (15 * 60000) // a quiet account begins anew

struct throttle_account {
    char account[64]; // empty: free
    uint32_t attempts;
    time_ms last_at;
    time_ms blocked_until;
};

struct throttle {
    struct throttle_account accounts[THROTTLE_ACCOUNTS_MAX];
};

// Counts an attempt; false when it must wait (then it is not counted).
bool throttle_attempt(struct throttle *throttle, const char *account, time_ms now);
void throttle_succeeded(struct throttle *throttle, const char *account);
