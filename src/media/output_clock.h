// The clock of what we send: each slot's timestamps run with our time from its own random
// beginning, whichever source fills it. Sender reports use the same time, so that a listener's
// slots can be played in step; it need not be the time of day (RFC 3550 section 6.4.1).
#pragma once

#include <stdint.h>

#include "base/time.h"

#define OUTPUT_CLOCK_AUDIO_HZ 48000
#define OUTPUT_CLOCK_VIDEO_HZ 90000

static inline uint32_t output_clock_at(uint32_t start, uint32_t rate, time_us now)
{
    // Split, so that years of microseconds times the rate do not overflow.
    int64_t ticks = now / TIME_US_PER_S * rate + now % TIME_US_PER_S * rate / TIME_US_PER_S;
    return start + (uint32_t)ticks;
}
