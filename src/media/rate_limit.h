// A token bucket: so many events a second, with a burst. Zero-initialised is full. A pure machine,
// any one thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

struct rate_limit {
    time_us empty_at; // the bucket's debt: when all taken tokens are earned back; past: full
};

// True when there is no token left.
static inline bool rate_limit_exceeded(const struct rate_limit *limit, time_us now,
                                       uint32_t per_second, uint32_t burst)
{
    return limit->empty_at - now > (time_us)burst * TIME_US_PER_S / per_second;
}

static inline void rate_limit_charge(struct rate_limit *limit, time_us now, uint32_t per_second)
{
    limit->empty_at = (limit->empty_at > now ? limit->empty_at : now) + TIME_US_PER_S / per_second;
}

// Takes a token; false when there is none.
static inline bool rate_limit_take(struct rate_limit *limit, time_us now, uint32_t per_second,
                                   uint32_t burst)
{
    if (rate_limit_exceeded(limit, now, per_second, burst)) {
        return false;
    }
    rate_limit_charge(limit, now, per_second);
    return true;
}
