// Time zones by their names in the IANA database ("Europe/Paris"), as this machine has it (tzdata),
// and what a clock on the wall there shows. From 1970 to 2099; libical reads the rules, and is
// exact from 2020 on. Any thread: one at a time is let in.
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/time.h"

#define ZONE_NAME_MAX 63

// What a clock and a calendar on the wall show, by the Gregorian calendar.
struct zone_time {
    int year;
    int month; // 1 to 12
    int day;   // 1 to 31
    int hour;
    int minute;
    int second;
};

// How often a time on the wall comes: clocks are set back and forward.
enum zone_occurrence { ZONE_ONCE, ZONE_TWICE, ZONE_NEVER };

bool zone_is_known(const char *name);
// ERR_NOT_FOUND: no such zone. ERR_INVALID: out of range. `ret_offset_s` (may be NULL): seconds
// that the zone is ahead of UTC then.
enum err CHECKED zone_utc_to_local(const char *name, time_ms utc, struct zone_time *ret_local,
                                   int *ret_offset_s);
// As RFC 5545 section 3.3.5 has it: of a time that comes twice it is the first; one that never
// comes, because the clock is set forward over it, is counted on from before that. `ret_occurrence`
// may be NULL. ERR_INVALID: no such date or time of day.
enum err CHECKED zone_local_to_utc(const char *name, const struct zone_time *local,
                                   time_ms *ret_utc, enum zone_occurrence *ret_occurrence);
