#include "app/throttle.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"

_Static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8,
               "a pair is named by its SipHash");

void throttle_init(struct throttle *throttle)
{
    memset(throttle, 0, sizeof(*throttle));
    ASSERT(sodium_init() >= 0);
    crypto_shorthash_keygen(throttle->secret);
}

static uint64_t key_of(const struct throttle *throttle, const char *account,
                       const uint8_t from[THROTTLE_FROM_SIZE])
{
    uint8_t pair[THROTTLE_FROM_SIZE + 64] = {0};
    uint64_t key = 0;
    memcpy(pair, from, THROTTLE_FROM_SIZE);
    memcpy(pair + THROTTLE_FROM_SIZE, account, strnlen(account, sizeof(pair) - THROTTLE_FROM_SIZE));
    crypto_shorthash((uint8_t *)&key, pair, sizeof(pair), throttle->secret);
    return key != 0 ? key : 1;
}

// NULL when the pair has never been seen, or was forgotten.
static const struct throttle_pair *find(const struct throttle *throttle, uint64_t key)
{
    const struct throttle_pair *set = throttle->sets[key % THROTTLE_SETS];
    for (int i = 0; i < THROTTLE_WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
    }
    return NULL;
}

static bool gives_way_before(const struct throttle_pair *a, const struct throttle_pair *b)
{
    if ((a->key == 0) != (b->key == 0)) {
        return a->key == 0;
    }
    if (a->has_succeeded != b->has_succeeded) {
        return !a->has_succeeded;
    }
    return a->last_at < b->last_at;
}

static struct throttle_pair *find_or_make(struct throttle *throttle, uint64_t key)
{
    struct throttle_pair *set = throttle->sets[key % THROTTLE_SETS];
    struct throttle_pair *victim = &set[0];
    for (int i = 0; i < THROTTLE_WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
        victim = gives_way_before(&set[i], victim) ? &set[i] : victim;
    }
    *victim = (struct throttle_pair){.key = key};
    return victim;
}

static time_ms wait_after(uint32_t attempts)
{
    if (attempts < THROTTLE_FREE_ATTEMPTS) {
        return 0;
    }
    uint32_t doublings = attempts - THROTTLE_FREE_ATTEMPTS;
    time_ms wait_ms = doublings < 10 ? (time_ms)THROTTLE_WAIT_FIRST_MS << doublings
                                     : THROTTLE_WAIT_MAX_MS;
    return wait_ms < THROTTLE_WAIT_MAX_MS ? wait_ms : THROTTLE_WAIT_MAX_MS;
}

bool throttle_attempt(struct throttle *throttle, const char *account,
                      const uint8_t from[THROTTLE_FROM_SIZE], time_ms now)
{
    struct throttle_pair *pair = find_or_make(throttle, key_of(throttle, account, from));
    if (now < pair->blocked_until) {
        return false;
    }
    if (now - pair->last_at > THROTTLE_FORGET_MS) {
        pair->attempts = 0;
    }
    pair->attempts++;
    pair->last_at = now;
    pair->blocked_until = now + wait_after(pair->attempts);
    return true;
}

void throttle_give_back(struct throttle *throttle, const char *account,
                        const uint8_t from[THROTTLE_FROM_SIZE])
{
    uint64_t key = key_of(throttle, account, from);
    struct throttle_pair *set = throttle->sets[key % THROTTLE_SETS];
    for (int i = 0; i < THROTTLE_WAYS; i++) {
        if (set[i].key == key && set[i].attempts > 0) {
            set[i].attempts--;
            set[i].blocked_until = set[i].last_at + wait_after(set[i].attempts);
        }
    }
}

void throttle_succeeded(struct throttle *throttle, const char *account,
                        const uint8_t from[THROTTLE_FROM_SIZE], time_ms now)
{
    struct throttle_pair *pair = find_or_make(throttle, key_of(throttle, account, from));
    *pair = (struct throttle_pair){.key = pair->key, .has_succeeded = true, .last_at = now};
}

bool throttle_knows(const struct throttle *throttle, const char *account,
                    const uint8_t from[THROTTLE_FROM_SIZE])
{
    const struct throttle_pair *pair = find(throttle, key_of(throttle, account, from));
    return pair != NULL && pair->has_succeeded;
}
