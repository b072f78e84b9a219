// Passwords waiting to be checked, one at a time (argon2id takes a core for about 100 ms). Whoever
// guesses cannot make the others wait:
// - who signs in from a known device or network comes first, in order, and is displaced by nobody;
// - of strangers few wait at once, and whose network has failed least is next: a network's second
//   try waits behind others' firsts, and of two equals the newer is first. When there is no place
//   (or the account has its share already), the last in that order is told to come again;
// - when strangers fail much, the check of one whose network has failed begins a while after the
//   one before.
// No memory of its own, no clock: places are embedded by the caller. Control thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/network.h"
#include "base/time.h"

#define PASSWORD_QUEUE_KNOWN_MAX     64
#define PASSWORD_QUEUE_STRANGERS_MAX 8
#define PASSWORD_QUEUE_ACCOUNT_MAX   2 // strangers of one account
#define PASSWORD_QUEUE_FAILURES_FREE 30
#define PASSWORD_QUEUE_FAILURE_US    (2 * TIME_US_PER_S) // one is forgotten after that
#define PASSWORD_QUEUE_PACE_US       (250 * TIME_US_PER_MS)

struct password_place {
    struct password_place *older;
    bool known;
    char account[64];
    uint8_t network[NETWORK_SIZE]; // that it comes from
    uint32_t turns[2]; // the queue's: tries of its /24 or /64 before it, then of its /16 or /48
    bool has_failed;   // the queue's: a try of the first of them
};

// A network that has failed, counted as one of the two kinds.
#define PASSWORD_NETWORK_SETS 512 // a power of two
#define PASSWORD_NETWORK_WAYS 4
#define PASSWORD_NETWORK_US   (900 * TIME_US_PER_S) // forgotten when quiet for so long

struct password_network {
    uint8_t prefix[NETWORK_SIZE];
    bool wide;
    uint32_t failures; // 0: free
    time_us last;
};

struct password_queue {
    struct password_place *newest; // all that wait
    time_us strangers_from;        // not before that
    time_us failures_gone_at;      // when all failures of strangers will be forgotten
    struct password_network networks[PASSWORD_NETWORK_SETS][PASSWORD_NETWORK_WAYS];
};

// Takes a place. Returns the one that is to be told to come again: NULL, another, or `place`
// itself.
struct password_place *password_queue_put(struct password_queue *queue,
                                          struct password_place *place, time_us now);
// The next to be checked, which waits no longer; NULL when none may be now.
struct password_place *password_queue_take(struct password_queue *queue, time_us now);
// When password_queue_take() has one; TIME_US_NEVER when nobody waits.
time_us password_queue_next(const struct password_queue *queue);
void password_queue_failed(struct password_queue *queue, const struct password_place *place,
                           time_us now);
// Gives up a place that waits.
void password_queue_leave(struct password_queue *queue, struct password_place *place);
