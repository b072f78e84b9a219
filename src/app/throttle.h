// Slows down password guessing, for an account (known or not) and the place that it is tried from
// together: after five attempts without success from one place each further one from there waits,
// twice as long every time, at most a minute. Whoever else tries, the account's owner is not kept
// out elsewhere. An attempt counts as failed until it has succeeded, so parallel attempts gain
// nothing. Bounded: in each set the pair gives way that has never succeeded and was quiet longest.
// Control thread only. Times: monotonic, ms.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define THROTTLE_SETS          1024 // a power of two
#define THROTTLE_WAYS          4
#define THROTTLE_FREE_ATTEMPTS 5
#define THROTTLE_WAIT_FIRST_MS 1000
#define THROTTLE_WAIT_MAX_MS   60000
#define THROTTLE_FORGET_MS     (15 * 60000) // a quiet pair begins anew
#define THROTTLE_FROM_SIZE     16           // a network (base/network.h) or a device's number

struct throttle_pair {
    uint64_t key; // 0: free
    uint32_t attempts;
    bool has_succeeded; // since the server started
    time_ms last_at;
    time_ms blocked_until;
};

struct throttle {
    uint8_t secret[16]; // so that nobody can aim at a set
    struct throttle_pair sets[THROTTLE_SETS][THROTTLE_WAYS];
};

void throttle_init(struct throttle *throttle);
// Counts an attempt; false when it must wait (then it is not counted).
bool throttle_attempt(struct throttle *throttle, const char *account,
                      const uint8_t from[THROTTLE_FROM_SIZE], time_ms now);
// An attempt that was counted was not made.
void throttle_give_back(struct throttle *throttle, const char *account,
                        const uint8_t from[THROTTLE_FROM_SIZE]);
void throttle_succeeded(struct throttle *throttle, const char *account,
                        const uint8_t from[THROTTLE_FROM_SIZE], time_ms now);
// Whether the account has signed in from there.
bool throttle_knows(const struct throttle *throttle, const char *account,
                    const uint8_t from[THROTTLE_FROM_SIZE]);
