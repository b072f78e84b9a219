#include "api/rate_limit.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define UNITS_PER_TOKEN 60000
#define SETS            1024 // a power of two
#define WAYS            4

struct remote {
    uint8_t address[16]; // all zero and last 0: free
    time_ms last;
    struct token_bucket buckets[REMOTE_LIMIT_COUNT];
};

struct remote_limits {
    uint64_t seed;
    struct remote sets[SETS][WAYS];
};

static const struct token_rate rates[REMOTE_LIMIT_COUNT] = {
    [REMOTE_LIMIT_SIGN_IN] = {.per_minute = 10, .burst = 10},
    [REMOTE_LIMIT_BEARER] = {.per_minute = 30, .burst = 30},
    // A hall, a relay or a load test behind one address may bring thousands of listeners.
    [REMOTE_LIMIT_OFFER] = {.per_minute = 30000, .burst = 2000},
};

bool token_bucket_take(struct token_bucket *bucket, const struct token_rate *rate, time_ms now)
{
    int64_t full = (int64_t)rate->burst * UNITS_PER_TOKEN;
    if (bucket->last == 0 || now - bucket->last > full / rate->per_minute) {
        bucket->units = full;
    } else if (now > bucket->last) {
        bucket->units += (now - bucket->last) * rate->per_minute;
        bucket->units = bucket->units > full ? full : bucket->units;
    }
    bucket->last = now;
    if (bucket->units < UNITS_PER_TOKEN) {
        return false;
    }
    bucket->units -= UNITS_PER_TOKEN;
    return true;
}

void token_bucket_give_back(struct token_bucket *bucket, const struct token_rate *rate)
{
    int64_t full = (int64_t)rate->burst * UNITS_PER_TOKEN;
    bucket->units += UNITS_PER_TOKEN;
    bucket->units = bucket->units > full ? full : bucket->units;
}

int token_bucket_wait_s(const struct token_bucket *bucket, const struct token_rate *rate)
{
    int64_t missing = UNITS_PER_TOKEN - bucket->units;
    return missing <= 0 ? 1 : (int)(missing / ((int64_t)rate->per_minute * 1000) + 1);
}

enum err remote_limits_create(uint64_t seed, struct remote_limits **ret_limits)
{
    struct remote_limits *limits = calloc(1, sizeof(*limits));
    if (limits == NULL) {
        return ERR_FULL;
    }
    limits->seed = seed;
    *ret_limits = limits;
    return ERR_NONE;
}

void remote_limits_destroy(struct remote_limits *limits)
{
    free(limits);
}

// IPv4 in the form ::ffff:a.b.c.d, IPv6 with the lower 64 bits cleared; anything else is one
// address together.
static void address_of(const char *remote, uint8_t address[16])
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    memset(address, 0, 16);
    if (remote == NULL) {
        return;
    }
    if (inet_pton(AF_INET, remote, address + 12) == 1) {
        memcpy(address, mapped, sizeof(mapped));
    } else if (inet_pton(AF_INET6, remote, address) == 1 &&
               memcmp(address, mapped, sizeof(mapped)) != 0) {
        memset(address + 8, 0, 8);
    }
}

static struct remote *remote_find(struct remote_limits *limits, const char *remote, time_ms now)
{
    uint8_t address[16];
    address_of(remote, address);
    uint64_t hash = limits->seed ^ UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < sizeof(address); i++) {
        hash = (hash ^ address[i]) * UINT64_C(0x100000001b3);
    }
    struct remote *set = limits->sets[(hash ^ hash >> 32) % SETS];
    struct remote *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].last != 0 && memcmp(set[i].address, address, sizeof(address)) == 0) {
            set[i].last = now;
            return &set[i];
        }
        oldest = set[i].last < oldest->last ? &set[i] : oldest;
    }
    memset(oldest, 0, sizeof(*oldest));
    memcpy(oldest->address, address, sizeof(address));
    oldest->last = now;
    return oldest;
}

enum err remote_limits_take(struct remote_limits *limits, enum remote_limit limit,
                            const char *remote, time_ms now, int *ret_wait_s)
{
    ASSERT((unsigned int)limit < REMOTE_LIMIT_COUNT);
    struct token_bucket *bucket = &remote_find(limits, remote, now)->buckets[limit];
    *ret_wait_s = 0;
    if (token_bucket_take(bucket, &rates[limit], now)) {
        return ERR_NONE;
    }
    *ret_wait_s = token_bucket_wait_s(bucket, &rates[limit]);
    return ERR_TOO_MANY;
}

void remote_limits_give_back(struct remote_limits *limits, enum remote_limit limit,
                             const char *remote, time_ms now)
{
    ASSERT((unsigned int)limit < REMOTE_LIMIT_COUNT);
    token_bucket_give_back(&remote_find(limits, remote, now)->buckets[limit], &rates[limit]);
}
