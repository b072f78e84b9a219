// The time of a meeting: the monotonic clock plus an offset that follows the wall clock slowly. A
// wall clock that jumps (set by hand, by NTP, by a leap second, by a virtual machine that was
// moved) changes no duration and no deadline by more than CLOCK_SLEW_PPM; the difference is made up
// in that pace, and at once only while the meeting is quiet, so that nothing depends on it. The
// time never runs backwards. Pure; one owner. Units as in base/time.h.
#pragma once

#include <stdbool.h>

#include "base/time.h"

#define CLOCK_SLEW_PPM 500  // of the time that passes: 1.8 s in an hour
#define CLOCK_JUMP_MS  1000 // a larger difference to the wall clock is a jump

struct clock {
    int64_t offset_us; // the meeting's time is the monotonic one plus this
    time_us moved_at;  // monotonic: the offset has followed until then
};

// Begins at the wall clock's time, but not before `at_least` (what the journal says already).
void clock_begin(struct clock *clock, time_us now, time_ms wall, time_ms at_least);
// Goes on with the offset that a clock of the same monotonic time had; not before `at_least`.
void clock_continue(struct clock *clock, time_us now, int64_t offset_us, time_ms at_least);
// The meeting's time at a monotonic one.
time_ms clock_at(const struct clock *clock, time_us now);
// The monotonic time at which the meeting's is `at`; TIME_US_NEVER for a year ahead and more.
time_us clock_when(const struct clock *clock, time_us now, time_ms at);
// By how much the wall clock is ahead of the meeting's time; negative: behind.
time_ms clock_behind(const struct clock *clock, time_us now, time_ms wall);
// Follows the wall clock. `quiet`: nothing is measured and nothing counted down, so that a wall
// clock that jumped ahead is followed at once, and one that jumped back at half the pace of time
// (time itself goes on). Returns in ms by how much it stepped ahead at once, or negative by how
// much it was held back: whoever keeps deadlines elsewhere moves them along, so that they come when
// they would have come. To be called often, several times a second.
time_ms clock_follow(struct clock *clock, time_us now, time_ms wall, bool quiet);
