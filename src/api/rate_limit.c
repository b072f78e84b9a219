#include "api/rate_limit.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "base/network.h"

#define UNITS_PER_TOKEN 60000
#define SETS            1024 // a power of two
#define WAYS            4

struct remote {
    uint8_t address[NETWORK_SIZE]; // or a person's number; all zero and last 0: free
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
    [PERSON_LIMIT_COMMAND] = {.per_minute = 20 * 60, .burst = 40},
    [PERSON_LIMIT_SIGN_IN] = {.per_minute = 10 * 60, .burst = 20},
    // A page is up to 2,048 rows; who copies a long meeting is told to wait now and then.
    [PERSON_LIMIT_READ] = {.per_minute = 20 * 60, .burst = 100},
    // Each change waits for the disk, and everybody with it: many are a table. The burst is what
    // one turn of the loop may have to do before the supervisor calls it hung.
    [PERSON_LIMIT_HOUSE] = {.per_minute = 100 * 60, .burst = 60},
    // Coming again costs the server a state to pack; a client with a fault of its own comes again
    // too.
    [PERSON_LIMIT_PUT_OUT] = {.per_minute = 6, .burst = 3},
};

// True when there is a token.
static bool refill(struct token_bucket *bucket, const struct token_rate *rate, time_ms now)
{
    int64_t full = (int64_t)rate->burst * UNITS_PER_TOKEN;
    if (bucket->last == 0 || now - bucket->last > (full - bucket->units) / rate->per_minute) {
        bucket->units = full;
    } else if (now > bucket->last) {
        bucket->units += (now - bucket->last) * rate->per_minute;
    }
    bucket->last = now;
    return bucket->units >= UNITS_PER_TOKEN;
}

bool token_bucket_take(struct token_bucket *bucket, const struct token_rate *rate, time_ms now)
{
    bool has = refill(bucket, rate, now);
    bucket->units -= has ? UNITS_PER_TOKEN : 0;
    return has;
}

void token_bucket_charge(struct token_bucket *bucket, const struct token_rate *rate,
                         uint32_t tokens)
{
    int64_t least = -(int64_t)rate->burst * UNITS_PER_TOKEN;
    bucket->units -= (int64_t)tokens * UNITS_PER_TOKEN;
    bucket->units = bucket->units < least ? least : bucket->units;
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

static struct remote *find(struct remote_limits *limits, const uint8_t address[NETWORK_SIZE],
                           time_ms now)
{
    uint64_t hash = hash_bytes(limits->seed ^ HASH_BEGIN, address, NETWORK_SIZE);
    struct remote *set = limits->sets[(hash ^ hash >> 32) % SETS];
    struct remote *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].last != 0 && memcmp(set[i].address, address, NETWORK_SIZE) == 0) {
            set[i].last = now;
            return &set[i];
        }
        oldest = set[i].last < oldest->last ? &set[i] : oldest;
    }
    memset(oldest, 0, sizeof(*oldest));
    memcpy(oldest->address, address, NETWORK_SIZE);
    oldest->last = now;
    return oldest;
}

static struct remote *find_remote(struct remote_limits *limits, const char *remote, time_ms now)
{
    uint8_t address[NETWORK_SIZE];
    network_of_text(remote, address);
    return find(limits, address, now);
}

static enum err take(struct token_bucket *bucket, enum remote_limit limit, time_ms now,
                     int *ret_wait_s)
{
    *ret_wait_s = 0;
    if (token_bucket_take(bucket, &rates[limit], now)) {
        return ERR_NONE;
    }
    *ret_wait_s = token_bucket_wait_s(bucket, &rates[limit]);
    return ERR_TOO_MANY;
}

enum err remote_limits_take(struct remote_limits *limits, enum remote_limit limit,
                            const char *remote, time_ms now, int *ret_wait_s)
{
    ASSERT((unsigned int)limit < REMOTE_LIMIT_COUNT);
    return take(&find_remote(limits, remote, now)->buckets[limit], limit, now, ret_wait_s);
}

struct token_bucket *person_limits_bucket(struct remote_limits *limits, enum remote_limit limit,
                                          const char *meeting, const char *participant, time_ms now)
{
    ASSERT((unsigned int)limit < REMOTE_LIMIT_COUNT);
    uint64_t number[NETWORK_SIZE / 8] = {
        hash_bytes(limits->seed ^ HASH_BEGIN, meeting, strlen(meeting) + 1)};
    number[1] = hash_bytes(~number[0] ^ HASH_BEGIN, participant, strlen(participant));
    number[0] = hash_bytes(number[0] ^ HASH_BEGIN, participant, strlen(participant));
    uint8_t address[NETWORK_SIZE];
    memcpy(address, number, sizeof(address));
    return &find(limits, address, now)->buckets[limit];
}

enum err person_limits_take(struct remote_limits *limits, enum remote_limit limit,
                            const char *meeting, const char *participant, time_ms now,
                            int *ret_wait_s)
{
    return take(person_limits_bucket(limits, limit, meeting, participant, now), limit, now,
                ret_wait_s);
}

enum err person_limits_look(struct remote_limits *limits, enum remote_limit limit,
                            const char *meeting, const char *participant, time_ms now,
                            int *ret_wait_s)
{
    struct token_bucket *bucket = person_limits_bucket(limits, limit, meeting, participant, now);
    bool has = refill(bucket, &rates[limit], now);
    *ret_wait_s = has ? 0 : token_bucket_wait_s(bucket, &rates[limit]);
    return has ? ERR_NONE : ERR_TOO_MANY;
}

void person_limits_charge(struct remote_limits *limits, enum remote_limit limit,
                          const char *meeting, const char *participant, time_ms now,
                          uint32_t tokens)
{
    struct token_bucket *bucket = person_limits_bucket(limits, limit, meeting, participant, now);
    (void)refill(bucket, &rates[limit], now);
    token_bucket_charge(bucket, &rates[limit], tokens);
}

void remote_limits_give_back(struct remote_limits *limits, enum remote_limit limit,
                             const char *remote, time_ms now)
{
    ASSERT((unsigned int)limit < REMOTE_LIMIT_COUNT);
    token_bucket_give_back(&find_remote(limits, remote, now)->buckets[limit], &rates[limit]);
}
