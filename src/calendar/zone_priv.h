// Inside src/calendar only: libical's own zones, which are one state for the whole process.
#pragma once

#include <libical/ical.h>

#include "calendar/zone.h"

// Around every use of a zone.
void zone_lock(void);
void zone_unlock(void);
// Locked. NULL: no such zone. libical's for ever.
icaltimezone *zone_find(const char *name);
// Locked. What the wall shows there at that time.
enum err CHECKED zone_show(icaltimezone *zone, time_ms utc, struct zone_time *ret_local,
                           int *ret_offset_s);
