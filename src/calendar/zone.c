#include "calendar/zone.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "calendar/zone_priv.h"

#define SECONDS_A_DAY INT64_C(86400)
#define YEAR_FIRST    1970
#define YEAR_LAST     2099
#define SECONDS_LAST  INT64_C(4102444799) // of YEAR_LAST

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void zone_lock(void)
{
    pthread_mutex_lock(&lock);
    icalerror_set_errors_are_fatal(0); // a name that nobody has is no mistake of ours
}

void zone_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

// libical opens a file of that name: it stays within its folder, and with the zones that count from
// 1970 without leap seconds.
static bool name_is_good(const char *name)
{
    size_t length = strnlen(name, ZONE_NAME_MAX + 1);
    return length > 0 && length <= ZONE_NAME_MAX && name[0] >= 'A' && name[0] <= 'Z' &&
           name[strspn(name,
                       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-")] ==
               '\0' &&
           strstr(name, "//") == NULL && name[length - 1] != '/';
}

icaltimezone *zone_find(const char *name)
{
    return name_is_good(name) ? icaltimezone_get_builtin_timezone(name) : NULL;
}

bool zone_is_known(const char *name)
{
    zone_lock();
    bool known = zone_find(name) != NULL;
    zone_unlock();
    return known;
}

// Seconds that the zone is ahead of UTC.
static int offset_at(icaltimezone *zone, int64_t seconds)
{
    int daylight = 0;
    struct icaltimetype utc = icaltime_from_timet_with_zone((time_t)seconds, 0,
                                                            icaltimezone_get_utc_timezone());
    return icaltimezone_get_utc_offset_of_utc_time(zone, &utc, &daylight);
}

enum err zone_show(icaltimezone *zone, time_ms utc, struct zone_time *ret_local, int *ret_offset_s)
{
    int64_t seconds = utc / 1000;
    if (utc < 0 || seconds > SECONDS_LAST) {
        return ERR_INVALID;
    }
    int offset = offset_at(zone, seconds);
    time_t shown = (time_t)(seconds + offset);
    struct tm tm = {0};
    (void)gmtime_r(&shown, &tm);
    *ret_local = (struct zone_time){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                                    tm.tm_hour,        tm.tm_min,     tm.tm_sec};
    if (ret_offset_s != NULL) {
        *ret_offset_s = offset;
    }
    return ERR_NONE;
}

enum err zone_utc_to_local(const char *name, time_ms utc, struct zone_time *ret_local,
                           int *ret_offset_s)
{
    zone_lock();
    icaltimezone *zone = zone_find(name);
    enum err err = zone != NULL ? zone_show(zone, utc, ret_local, ret_offset_s) : ERR_NOT_FOUND;
    zone_unlock();
    return err;
}

// The seconds since 1970 of a clock that is never set; ERR_INVALID for the 30th of February.
static enum err count_seconds(const struct zone_time *local, int64_t *ret_seconds)
{
    struct tm tm = {.tm_year = local->year - 1900,
                    .tm_mon = local->month - 1,
                    .tm_mday = local->day,
                    .tm_hour = local->hour,
                    .tm_min = local->minute,
                    .tm_sec = local->second};
    if (local->year < YEAR_FIRST || local->year > YEAR_LAST || local->month < 1 ||
        local->month > 12 || local->day < 1 || local->day > 31 || local->hour < 0 ||
        local->hour > 23 || local->minute < 0 || local->minute > 59 || local->second < 0 ||
        local->second > 59) {
        return ERR_INVALID;
    }
    *ret_seconds = timegm(&tm);
    return tm.tm_mday == local->day ? ERR_NONE : ERR_INVALID;
}

// No zone sets its clocks twice within two days.
static int64_t find_utc(icaltimezone *zone, int64_t shown, enum zone_occurrence *ret_occurrence)
{
    int64_t by_before = shown - offset_at(zone, shown - SECONDS_A_DAY);
    int64_t by_after = shown - offset_at(zone, shown + SECONDS_A_DAY);
    bool first = by_before + offset_at(zone, by_before) == shown;
    bool second = by_after + offset_at(zone, by_after) == shown;
    *ret_occurrence = !first && !second                          ? ZONE_NEVER
                      : first && second && by_before != by_after ? ZONE_TWICE
                                                                 : ZONE_ONCE;
    return first || !second ? by_before : by_after;
}

enum err zone_local_to_utc(const char *name, const struct zone_time *local, time_ms *ret_utc,
                           enum zone_occurrence *ret_occurrence)
{
    enum zone_occurrence occurrence = ZONE_ONCE;
    int64_t shown = 0;
    enum err err = count_seconds(local, &shown);
    if (err != ERR_NONE) {
        return err;
    }
    zone_lock();
    icaltimezone *zone = zone_find(name);
    if (zone != NULL) {
        *ret_utc = find_utc(zone, shown, &occurrence) * 1000;
    }
    zone_unlock();
    if (ret_occurrence != NULL) {
        *ret_occurrence = occurrence;
    }
    return zone != NULL ? ERR_NONE : ERR_NOT_FOUND;
}
