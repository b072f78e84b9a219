// Token buckets, and one set of them for each remote address or each person. No clock: `now` is
// given.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"

// Exact in whole numbers: one token is 60,000 units, and a rate of N a minute gives N units a
// millisecond.
struct token_bucket {
    int64_t units;
    time_ms last; // 0: never used, full
};

struct token_rate {
    uint32_t per_minute;
    uint32_t burst;
};

// False when there is no token now. A clock that goes backwards refills nothing.
bool token_bucket_take(struct token_bucket *bucket, const struct token_rate *rate, time_ms now);
void token_bucket_give_back(struct token_bucket *bucket, const struct token_rate *rate);
// So many more, though there may be none: they are owed, up to a burst, and come back as any do.
void token_bucket_charge(struct token_bucket *bucket, const struct token_rate *rate,
                         uint32_t tokens);
// Whole seconds until the next token, at least 1.
int token_bucket_wait_s(const struct token_bucket *bucket, const struct token_rate *rate);

enum remote_limit {
    REMOTE_LIMIT_SIGN_IN, // failed sign-ins, and passwords being checked
    REMOTE_LIMIT_BEARER,  // tokens that nobody has
    REMOTE_LIMIT_OFFER,   // sessions wished for at the doors
    PERSON_LIMIT_COMMAND, // messages on live connections, however many after another
    PERSON_LIMIT_SIGN_IN, // sessions made by personal links
    PERSON_LIMIT_READ,    // states and pages of events
    PERSON_LIMIT_HOUSE,   // what the secretariat asks and changes
    PERSON_LIMIT_PUT_OUT, // live connections that the server ended because of what was said on them
    REMOTE_LIMIT_COUNT,
};

struct remote_limits;

// A fixed table; the address unused for longest gives way. IPv6 addresses count by their /64.
enum err CHECKED remote_limits_create(uint64_t seed, struct remote_limits **ret_limits);
void remote_limits_destroy(struct remote_limits *limits);
// ERR_TOO_MANY with the seconds to wait.
enum err CHECKED remote_limits_take(struct remote_limits *limits, enum remote_limit limit,
                                    const char *remote, time_ms now, int *ret_wait_s);
// The same in a table of its own, of the participants of meetings: strangers' addresses push nobody
// out of it.
enum err CHECKED person_limits_take(struct remote_limits *limits, enum remote_limit limit,
                                    const char *meeting, const char *participant, time_ms now,
                                    int *ret_wait_s);
// Takes nothing: whether there is a token.
enum err CHECKED person_limits_look(struct remote_limits *limits, enum remote_limit limit,
                                    const char *meeting, const char *participant, time_ms now,
                                    int *ret_wait_s);
// token_bucket_charge().
void person_limits_charge(struct remote_limits *limits, enum remote_limit limit,
                          const char *meeting, const char *participant, time_ms now,
                          uint32_t tokens);
// The bucket itself, valid until the next call.
struct token_bucket *person_limits_bucket(struct remote_limits *limits, enum remote_limit limit,
                                          const char *meeting, const char *participant,
                                          time_ms now);
void remote_limits_give_back(struct remote_limits *limits, enum remote_limit limit,
                             const char *remote, time_ms now);
