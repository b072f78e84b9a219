// One time type for intervals and deadlines: microseconds of a monotonic clock. Wall-clock times,
// which only the journal and people see, are milliseconds since 1970 UTC. Only server/, http/ and
// the media threads read a clock; everything else is given `now`.
#pragma once

#include <stdint.h>

typedef int64_t time_us; // monotonic microseconds
typedef int64_t time_ms; // wall clock, milliseconds since 1970-01-01T00:00:00Z

#define TIME_US_NEVER  INT64_MAX
#define TIME_US_PER_MS 1000
#define TIME_US_PER_S  1000000

time_us time_monotonic_us(void);
time_ms time_wall_ms(void);
