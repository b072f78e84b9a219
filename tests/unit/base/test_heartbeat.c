// A fake clock throughout: what is counted, and what is not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/heartbeat.h"

#define LOOK HEARTBEAT_LOOK_EVERY_US

static struct heartbeat_board board;
static struct heartbeat_watch watch;
static time_us now;

static int setup(void **state)
{
    (void)state;
    board = (struct heartbeat_board){0};
    now = 1000 * TIME_US_PER_S;
    heartbeat_watch_begin(&watch, now);
    return 0;
}

static struct heartbeat_finding look_after(time_us passed)
{
    now += passed;
    return heartbeat_watch_look(&watch, &board, now);
}

static void beat(unsigned part)
{
    heartbeat_beat(&board.parts[part]);
}

static void test_beats_keep_silence_away(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        beat(0);
        beat(3);
        struct heartbeat_finding finding = look_after(LOOK);
        assert_true(finding.begun);
        assert_int_equal(finding.silent, 0);
    }
}

static void test_one_silent_part_is_named(void **state)
{
    (void)state;
    beat(0);
    beat(1);
    beat(2);
    (void)look_after(LOOK);
    struct heartbeat_finding finding = {0};
    for (int i = 0; i < 20; i++) {
        beat(0);
        beat(1);
        finding = look_after(LOOK);
    }
    assert_int_equal(finding.part, 2);
    assert_int_equal(finding.silent, 20 * LOOK);
    beat(2);
    beat(0);
    beat(1);
    assert_int_equal(look_after(LOOK).silent, 0);
}

static void test_who_has_not_begun_is_told_apart(void **state)
{
    (void)state;
    struct heartbeat_finding finding = {0};
    beat(4); // made before the main loop turns: not asked for anything yet
    for (int i = 0; i < 30; i++) {
        finding = look_after(LOOK);
        assert_false(finding.begun);
    }
    assert_int_equal(finding.part, 0);
    assert_int_equal(finding.silent, 30 * LOOK);
    beat(0);
    finding = look_after(LOOK);
    assert_true(finding.begun);
    assert_true(finding.silent <= LOOK);
}

// The watcher did not run for an hour: nothing says that the others did.
static void test_the_watchers_own_absence_counts_for_nothing(void **state)
{
    (void)state;
    beat(0);
    (void)look_after(LOOK);
    struct heartbeat_finding finding = look_after(3600 * (time_us)TIME_US_PER_S);
    assert_int_equal(finding.silent, 2 * LOOK);
    for (int i = 0; i < 5; i++) {
        finding = look_after(TIME_US_PER_S);
    }
    assert_int_equal(finding.silent, 12 * LOOK);
}

static void test_who_gives_way_is_given_more_time(void **state)
{
    (void)state;
    struct heartbeat_finding finding = {0};
    watch.yielding = 1u << 1;
    beat(0);
    beat(1);
    beat(2);
    (void)look_after(LOOK);
    for (int i = 0; i < 2 * HEARTBEAT_YIELDING; i++) {
        beat(0);
        beat(2);
        finding = look_after(LOOK);
    }
    assert_int_equal(finding.part, 1);
    assert_int_equal(finding.silent, 2 * LOOK);
    // Another that hangs meanwhile is found as soon as without it.
    for (int i = 0; i < 4; i++) {
        beat(0);
        finding = look_after(LOOK);
    }
    assert_int_equal(finding.part, 2);
    assert_int_equal(finding.silent, 4 * LOOK);
}

static void test_who_rests_is_not_waited_for(void **state)
{
    (void)state;
    beat(0);
    beat(1);
    (void)look_after(LOOK);
    heartbeat_rest(&board.parts[1], true);
    for (int i = 0; i < 100; i++) {
        beat(0);
        assert_int_equal(look_after(LOOK).silent, 0);
    }
    beat(1);
    heartbeat_rest(&board.parts[1], false);
    beat(0);
    (void)look_after(LOOK);
    beat(0);
    (void)look_after(LOOK);
    beat(0);
    assert_int_equal(look_after(LOOK).silent, 2 * LOOK);
}

// A successor begins on a board that was wiped: its own beginning is awaited.
static void test_a_wiped_board_begins_anew(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        beat(0);
        beat(1);
        (void)look_after(LOOK);
    }
    board = (struct heartbeat_board){0};
    heartbeat_watch_begin(&watch, now);
    struct heartbeat_finding finding = look_after(LOOK);
    assert_false(finding.begun);
    beat(0);
    assert_true(look_after(LOOK).begun);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_beats_keep_silence_away, setup),
        cmocka_unit_test_setup(test_one_silent_part_is_named, setup),
        cmocka_unit_test_setup(test_who_has_not_begun_is_told_apart, setup),
        cmocka_unit_test_setup(test_the_watchers_own_absence_counts_for_nothing, setup),
        cmocka_unit_test_setup(test_who_gives_way_is_given_more_time, setup),
        cmocka_unit_test_setup(test_who_rests_is_not_waited_for, setup),
        cmocka_unit_test_setup(test_a_wiped_board_begins_anew, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
