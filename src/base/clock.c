#include "base/clock.h"

#define CLOCK_PPM         1000000
#define CLOCK_NOISE_US    (2 * TIME_US_PER_MS) // the wall clock is read in milliseconds
#define CLOCK_FARTHEST_MS (INT64_C(365) * 24 * 3600 * 1000)

static void clock_set(struct clock *clock, time_us now, time_ms at)
{
    clock->offset_us = at * TIME_US_PER_MS - now;
    clock->moved_at = now;
}

void clock_begin(struct clock *clock, time_us now, time_ms wall, time_ms at_least)
{
    clock_set(clock, now, wall > at_least ? wall : at_least);
}

void clock_continue(struct clock *clock, time_us now, int64_t offset_us, time_ms at_least)
{
    *clock = (struct clock){.offset_us = offset_us, .moved_at = now};
    if (clock_at(clock, now) < at_least) {
        clock_set(clock, now, at_least);
    }
}

time_ms clock_at(const struct clock *clock, time_us now)
{
    return (now + clock->offset_us) / TIME_US_PER_MS;
}

time_us clock_when(const struct clock *clock, time_us now, time_ms at)
{
    if (at > clock_at(clock, now) + CLOCK_FARTHEST_MS) {
        return TIME_US_NEVER;
    }
    return at * TIME_US_PER_MS - clock->offset_us;
}

time_ms clock_behind(const struct clock *clock, time_us now, time_ms wall)
{
    return wall - clock_at(clock, now);
}

time_ms clock_follow(struct clock *clock, time_us now, time_ms wall, bool quiet)
{
    int64_t difference = wall * TIME_US_PER_MS - now - clock->offset_us;
    int64_t size = difference < 0 ? -difference : difference;
    bool jumped = size > CLOCK_JUMP_MS * TIME_US_PER_MS;
    if (quiet && jumped && difference > 0) {
        clock_set(clock, now, wall);
        return difference / TIME_US_PER_MS;
    }
    if (size <= CLOCK_NOISE_US) {
        clock->moved_at = now;
        return 0;
    }
    bool halved = quiet && jumped;
    int64_t pace = halved ? CLOCK_PPM / 2 : CLOCK_SLEW_PPM;
    int64_t step = (now - clock->moved_at) * pace / CLOCK_PPM;
    // What is told is told in whole milliseconds.
    step -= halved ? step % TIME_US_PER_MS : 0;
    // What is too little to move yet is kept.
    if (step <= 0) {
        return 0;
    }
    clock->moved_at = now;
    step = step < size ? step : size;
    clock->offset_us += difference < 0 ? -step : step;
    return halved ? -step / TIME_US_PER_MS : 0;
}
