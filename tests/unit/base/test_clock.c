#include "../test.h"

#include "base/clock.h"

#define SECOND TIME_US_PER_S
#define HOUR   INT64_C(3600000)
#define NOW    (INT64_C(12345678) * SECOND)
#define WALL   INT64_C(1700000000000)

// The wall clock, true but for a jump; `passed` is monotonic.
static time_ms follow(struct clock *clock, time_us from, time_us passed, time_ms jump, bool quiet)
{
    time_ms stepped = 0;
    for (time_us t = 0; t <= passed; t += 100 * TIME_US_PER_MS) {
        time_us now = from + t;
        stepped += clock_follow(clock, now, WALL + (now - NOW) / TIME_US_PER_MS + jump, quiet);
    }
    return stepped;
}

static void it_is_the_wall_clock(void **state)
{
    (void)state;
    struct clock clock;
    clock_begin(&clock, NOW, WALL, 0);
    assert_int_equal(clock_at(&clock, NOW), WALL);
    assert_int_equal(follow(&clock, NOW, HOUR * 1000, 0, false), 0);
    assert_int_equal(clock_at(&clock, NOW + HOUR * 1000), WALL + HOUR);
    assert_int_equal(clock_when(&clock, NOW, WALL + 5000), NOW + 5 * SECOND);
    assert_int_equal(clock_when(&clock, NOW, INT64_MAX), TIME_US_NEVER);
}

// However it jumps: what is measured in a sitting is right to 500 in a million.
static void a_jump_changes_no_duration(void **state)
{
    (void)state;
    static const time_ms jumps[] = {HOUR, -HOUR, 25 * HOUR,      -25 * HOUR,
                                    1000, -1000, 24 * HOUR * 365};
    for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
        struct clock clock;
        clock_begin(&clock, NOW, WALL, 0);
        (void)follow(&clock, NOW, 10 * SECOND, 0, false);
        time_ms before = clock_at(&clock, NOW + 10 * SECOND);
        assert_int_equal(follow(&clock, NOW + 10 * SECOND, 12 * SECOND, jumps[i], false), 0);
        time_ms passed = clock_at(&clock, NOW + 22 * SECOND) - before;
        assert_in_range(passed, 12000 - 7, 12000 + 7);
        // Put right again: as if nothing had been.
        (void)follow(&clock, NOW + 22 * SECOND, 60 * SECOND, 0, false);
        assert_in_range(clock_at(&clock, NOW + 82 * SECOND), WALL + 82000 - 3, WALL + 82000 + 3);
    }
}

static void a_small_difference_is_made_up(void **state)
{
    (void)state;
    struct clock clock;
    clock_begin(&clock, NOW, WALL, 0);
    // A leap second: the wall clock is a second behind for good.
    (void)follow(&clock, NOW, 1900 * SECOND, -1000, false);
    assert_in_range(-clock_behind(&clock, NOW + 1900 * SECOND, WALL + 1900000 - 1000), 40, 60);
    (void)follow(&clock, NOW + 1900 * SECOND, 200 * SECOND, -1000, false);
    assert_in_range(-clock_behind(&clock, NOW + 2100 * SECOND, WALL + 2100000 - 1000), 0, 3);
}

static void a_quiet_meeting_follows_at_once(void **state)
{
    (void)state;
    struct clock clock;
    clock_begin(&clock, NOW, WALL, 0);
    assert_int_equal(clock_follow(&clock, NOW + SECOND, WALL + 1000 + HOUR, true), HOUR);
    assert_int_equal(clock_at(&clock, NOW + SECOND), WALL + 1000 + HOUR);
    // Not backwards: at half the pace of time, and never still.
    time_ms before = clock_at(&clock, NOW + SECOND);
    time_ms held = follow(&clock, NOW + SECOND, HOUR * 1000, 0, true);
    time_ms passed = clock_at(&clock, NOW + SECOND + HOUR * 1000) - before;
    assert_in_range(passed, HOUR / 2, HOUR / 2 + 200);
    assert_int_equal(passed, HOUR + held); // deadlines elsewhere are moved by just that
    (void)follow(&clock, NOW + SECOND + HOUR * 1000, HOUR * 1000 + 60 * SECOND, 0, true);
    time_us end = NOW + 61 * SECOND + 2 * HOUR * 1000;
    assert_in_range(clock_behind(&clock, end, WALL + 61000 + 2 * HOUR) + 1100, 0, 2200);
}

static void it_begins_where_the_journal_is_and_goes_on_where_it_was(void **state)
{
    (void)state;
    struct clock clock;
    clock_begin(&clock, NOW, WALL, WALL + HOUR);
    assert_int_equal(clock_at(&clock, NOW), WALL + HOUR);
    assert_int_equal(clock_at(&clock, NOW + 12 * SECOND), WALL + HOUR + 12000);
    struct clock next;
    clock_continue(&next, NOW + SECOND, clock.offset_us, WALL);
    assert_int_equal(clock_at(&next, NOW + SECOND), WALL + HOUR + 1000);
    clock_continue(&next, NOW + SECOND, clock.offset_us, WALL + 2 * HOUR);
    assert_int_equal(clock_at(&next, NOW + SECOND), WALL + 2 * HOUR);
}

// Called every microsecond or twice a second, it moves by the same.
static void it_does_not_depend_on_how_often_it_is_asked(void **state)
{
    (void)state;
    static const time_us every[] = {7, 1000, 100000, 500000};
    for (size_t i = 0; i < sizeof(every) / sizeof(every[0]); i++) {
        struct clock clock;
        clock_begin(&clock, NOW, WALL, 0);
        for (time_us t = 0; t <= SECOND; t += every[i]) {
            (void)clock_follow(&clock, NOW + t, WALL + t / 1000 + HOUR, false);
        }
        assert_in_range(clock.offset_us + NOW - WALL * 1000, 450, 500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_wall_clock),
        cmocka_unit_test(a_jump_changes_no_duration),
        cmocka_unit_test(a_small_difference_is_made_up),
        cmocka_unit_test(a_quiet_meeting_follows_at_once),
        cmocka_unit_test(it_begins_where_the_journal_is_and_goes_on_where_it_was),
        cmocka_unit_test(it_does_not_depend_on_how_often_it_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
