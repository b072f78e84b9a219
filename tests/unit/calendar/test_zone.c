#include "../test.h"

#include "calendar/zone.h"

// 2026-03-29T01:00:00Z: in Paris 02:00 becomes 03:00; 2026-10-25T01:00:00Z: 03:00 becomes 02:00.
#define PARIS_SPRING INT64_C(1774746000000)
#define PARIS_AUTUMN INT64_C(1792890000000)
#define MINUTE       INT64_C(60000)

static struct zone_time at(int year, int month, int day, int hour, int minute)
{
    return (struct zone_time){year, month, day, hour, minute, 0};
}

static void assert_shown(const char *zone, time_ms utc, struct zone_time wanted, int offset_s)
{
    struct zone_time shown;
    int offset = -1;
    assert_int_equal(zone_utc_to_local(zone, utc, &shown, &offset), ERR_NONE);
    assert_int_equal(shown.year, wanted.year);
    assert_int_equal(shown.month, wanted.month);
    assert_int_equal(shown.day, wanted.day);
    assert_int_equal(shown.hour, wanted.hour);
    assert_int_equal(shown.minute, wanted.minute);
    assert_int_equal(shown.second, wanted.second);
    assert_int_equal(offset, offset_s);
}

static void assert_found(const char *zone, struct zone_time local, time_ms wanted,
                         enum zone_occurrence how)
{
    time_ms utc = 0;
    enum zone_occurrence occurrence = ZONE_NEVER;
    assert_int_equal(zone_local_to_utc(zone, &local, &utc, &occurrence), ERR_NONE);
    assert_int_equal(utc, wanted);
    assert_int_equal(occurrence, how);
}

static void names(void **state)
{
    (void)state;
    static const char *const known[] = {"Europe/Paris", "America/Argentina/Buenos_Aires",
                                        "UTC",          "Etc/UTC",
                                        "Etc/GMT+5",    "US/Eastern",
                                        "Europe/Kyiv"};
    static const char *const unknown[] = {"",
                                          "Europe/Nowhere",
                                          "europe/paris",
                                          "../../../etc/passwd",
                                          "Europe/../Europe/Paris",
                                          "/usr/share/zoneinfo/UTC",
                                          "zone.tab",
                                          "tzdata.zi",
                                          "posix/UTC",
                                          "right/UTC",
                                          "Europe",
                                          "Europe/",
                                          "Europe//Paris",
                                          "Europe/Paris\n",
                                          "Europe/Paris;X=1"};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (!zone_is_known(known[i])) {
            fail_msg("%s", known[i]);
        }
    }
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        if (zone_is_known(unknown[i])) {
            fail_msg("%s", unknown[i]);
        }
    }
    char name[ZONE_NAME_MAX + 2];
    memset(name, 'A', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    assert_false(zone_is_known(name));
}

static void what_the_wall_shows(void **state)
{
    (void)state;
    assert_shown("Europe/Paris", PARIS_SPRING - 1000, (struct zone_time){2026, 3, 29, 1, 59, 59},
                 3600);
    assert_shown("Europe/Paris", PARIS_SPRING, at(2026, 3, 29, 3, 0), 7200);
    assert_shown("Europe/Paris", PARIS_AUTUMN - 1000, (struct zone_time){2026, 10, 25, 2, 59, 59},
                 7200);
    assert_shown("Europe/Paris", PARIS_AUTUMN, at(2026, 10, 25, 2, 0), 3600);
    assert_shown("UTC", PARIS_AUTUMN, at(2026, 10, 25, 1, 0), 0);
    assert_shown("Asia/Kathmandu", PARIS_AUTUMN, at(2026, 10, 25, 6, 45), 20700);
    assert_shown("Pacific/Apia", PARIS_AUTUMN, at(2026, 10, 25, 14, 0), 46800);
    // The time of summer counts as the ordinary one, and half an hour is what it differs by.
    assert_shown("Europe/Dublin", PARIS_AUTUMN, at(2026, 10, 25, 1, 0), 0);
    assert_shown("Australia/Lord_Howe", PARIS_AUTUMN, at(2026, 10, 25, 12, 0), 39600);
    assert_shown("Australia/Lord_Howe", PARIS_SPRING + 30 * 24 * 60 * MINUTE,
                 at(2026, 4, 28, 11, 30), 37800);
}

static void a_time_that_comes_once(void **state)
{
    (void)state;
    assert_found("Europe/Paris", at(2026, 10, 25, 10, 0), PARIS_AUTUMN + 480 * MINUTE, ZONE_ONCE);
    assert_found("Europe/Paris", at(2026, 3, 29, 3, 0), PARIS_SPRING, ZONE_ONCE);
    assert_found("Europe/Paris", at(2026, 3, 29, 1, 59), PARIS_SPRING - MINUTE, ZONE_ONCE);
    assert_found("UTC", at(2026, 3, 29, 2, 30), PARIS_SPRING + 90 * MINUTE, ZONE_ONCE);
}

static void a_time_that_never_comes(void **state)
{
    (void)state;
    // Counted on from before: 02:30 is half an hour after 02:00, which is 03:00.
    assert_found("Europe/Paris", at(2026, 3, 29, 2, 30), PARIS_SPRING + 30 * MINUTE, ZONE_NEVER);
    assert_found("Europe/Paris", at(2026, 3, 29, 2, 0), PARIS_SPRING, ZONE_NEVER);
    // 2026-03-08T07:00:00Z in New York.
    assert_found("America/New_York", at(2026, 3, 8, 2, 15), 1772953200000 + 15 * MINUTE,
                 ZONE_NEVER);
}

static void a_time_that_comes_twice(void **state)
{
    (void)state;
    assert_found("Europe/Paris", at(2026, 10, 25, 2, 30), PARIS_AUTUMN - 30 * MINUTE, ZONE_TWICE);
    assert_found("Europe/Paris", at(2026, 10, 25, 2, 0), PARIS_AUTUMN - 60 * MINUTE, ZONE_TWICE);
    assert_found("Europe/Paris", at(2026, 10, 25, 3, 0), PARIS_AUTUMN + 60 * MINUTE, ZONE_ONCE);
}

// There and back, each hour of three years: the time that was shown is found, or its twin before.
static void there_and_back(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/Paris", "America/Santiago", "Asia/Kathmandu",
                                        "Africa/Cairo", "Pacific/Chatham"};
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        for (time_ms utc = 1767225600000; utc < 1861920000000; utc += 97 * MINUTE) {
            struct zone_time shown;
            struct zone_time again;
            time_ms found = 0;
            enum zone_occurrence how = ZONE_NEVER;
            assert_int_equal(zone_utc_to_local(zones[i], utc, &shown, NULL), ERR_NONE);
            assert_int_equal(zone_local_to_utc(zones[i], &shown, &found, &how), ERR_NONE);
            assert_true(how == ZONE_ONCE ? found == utc : how == ZONE_TWICE && found <= utc);
            assert_int_equal(zone_utc_to_local(zones[i], found, &again, NULL), ERR_NONE);
            assert_memory_equal(&again, &shown, sizeof(again));
        }
    }
}

static void what_is_no_time(void **state)
{
    (void)state;
    time_ms utc = 0;
    const struct zone_time cases[] = {
        at(2026, 2, 29, 12, 0), at(2026, 13, 1, 0, 0), at(2026, 0, 1, 0, 0),  at(2026, 1, 32, 0, 0),
        at(2026, 1, 0, 0, 0),   at(2026, 1, 1, 24, 0), at(2026, 1, 1, 0, 60), at(2026, 1, 1, -1, 0),
        at(1969, 1, 1, 0, 0),   at(2100, 1, 1, 0, 0),  {2026, 1, 1, 0, 0, 60}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(zone_local_to_utc("Europe/Paris", &cases[i], &utc, NULL), ERR_INVALID);
    }
    struct zone_time shown;
    const struct zone_time leap = at(2028, 2, 29, 12, 0);
    assert_int_equal(zone_local_to_utc("Europe/Paris", &leap, &utc, NULL), ERR_NONE);
    assert_int_equal(zone_local_to_utc("Nowhere", &leap, &utc, NULL), ERR_NOT_FOUND);
    assert_int_equal(zone_utc_to_local("Nowhere", 0, &shown, NULL), ERR_NOT_FOUND);
    assert_int_equal(zone_utc_to_local("UTC", -1, &shown, NULL), ERR_INVALID);
    assert_int_equal(zone_utc_to_local("UTC", INT64_MAX, &shown, NULL), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(what_the_wall_shows),
        cmocka_unit_test(a_time_that_comes_once),
        cmocka_unit_test(a_time_that_never_comes),
        cmocka_unit_test(a_time_that_comes_twice),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(what_is_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
