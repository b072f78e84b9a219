#include "../test.h"

#include "media/transmit_watch.h"

#define BEGIN (1000 * (time_us)TIME_US_PER_S)
#define STEP  (20 * (time_us)TIME_US_PER_MS)

static struct transmit_watch watch;

static int setup(void **state)
{
    (void)state;
    watch = (struct transmit_watch){.faulty = false};
    return 0;
}

static void test_frames_that_come_back_are_well(void **state)
{
    (void)state;
    for (time_us now = BEGIN; now < BEGIN + 10 * (time_us)TIME_US_PER_S; now += STEP) {
        assert_int_equal(transmit_watch_way(&watch, now, 40, true), TRANSMIT_WAY_DEVICE);
        transmit_watch_given(&watch, now, 0);
    }
}

// Nobody looked for a minute: that frames lay there says nothing.
static void test_a_pause_is_no_fault(void **state)
{
    (void)state;
    assert_int_equal(transmit_watch_way(&watch, BEGIN, 0, false), TRANSMIT_WAY_DEVICE);
    transmit_watch_given(&watch, BEGIN, 0);
    time_us later = BEGIN + 60 * (time_us)TIME_US_PER_S;
    assert_int_equal(transmit_watch_way(&watch, later, 1, false), TRANSMIT_WAY_DEVICE);
    assert_int_equal(transmit_watch_way(&watch, later + STEP, 2, true), TRANSMIT_WAY_DEVICE);
}

// How long it took until the socket did it.
static time_us fallen_back_after(int error, bool moved)
{
    for (time_us now = BEGIN;; now += STEP) {
        assert_true(now < BEGIN + TIME_US_PER_S);
        if (transmit_watch_way(&watch, now, 10, moved) != TRANSMIT_WAY_DEVICE) {
            assert_true(watch.faulty);
            return now - BEGIN;
        }
        transmit_watch_given(&watch, now, error);
    }
}

static void test_each_fault_within_a_second(void **state)
{
    assert_int_equal(fallen_back_after(ENETDOWN, true), STEP);
    (void)setup(state);
    assert_int_equal(fallen_back_after(ENXIO, false), STEP);
    (void)setup(state);
    assert_in_range(fallen_back_after(0, false), TRANSMIT_WATCH_PATIENCE_US,
                    TRANSMIT_WATCH_PATIENCE_US + STEP);
    (void)setup(state);
    assert_in_range(fallen_back_after(EBUSY, true), TRANSMIT_WATCH_PATIENCE_US,
                    TRANSMIT_WATCH_PATIENCE_US + 2 * STEP);
}

static void test_single_drops_are_no_fault(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        assert_int_equal(transmit_watch_way(&watch, BEGIN + i * STEP, 10, true),
                         TRANSMIT_WAY_DEVICE);
        transmit_watch_given(&watch, BEGIN + i * STEP, i % 3 != 0 ? EBUSY : 0);
    }
}

static void test_it_is_tried_once_a_second_and_comes_back(void **state)
{
    (void)state;
    unsigned tries = 0;
    time_us now = BEGIN;
    transmit_watch_given(&watch, now, ENETDOWN);
    for (; now < BEGIN + 5 * (time_us)TIME_US_PER_S; now += STEP) {
        enum transmit_way way = transmit_watch_way(&watch, now, 10, false);
        assert_int_not_equal(way, TRANSMIT_WAY_DEVICE);
        if (way == TRANSMIT_WAY_TRY) {
            tries++;
            transmit_watch_tried(&watch, now, 10, ENETDOWN);
        }
    }
    assert_int_equal(tries, 4);
    // The kernel takes them again, but only when they come back it is well.
    now = BEGIN + 5 * (time_us)TIME_US_PER_S;
    assert_int_equal(transmit_watch_way(&watch, now, 10, false), TRANSMIT_WAY_TRY);
    transmit_watch_tried(&watch, now, 10, 0);
    assert_true(watch.faulty);
    assert_int_equal(transmit_watch_way(&watch, now + STEP, 0, true), TRANSMIT_WAY_SOCKET);
    now += TRANSMIT_WATCH_RETRY_US;
    assert_int_equal(transmit_watch_way(&watch, now, 0, false), TRANSMIT_WAY_TRY);
    transmit_watch_tried(&watch, now, 0, 0);
    assert_int_equal(transmit_watch_way(&watch, now + STEP, 0, false), TRANSMIT_WAY_DEVICE);
}

// No try tells whether it would drop again.
static void test_who_drops_is_left_alone_for_longer(void **state)
{
    (void)state;
    time_us now = BEGIN + fallen_back_after(EBUSY, true);
    time_us fault = now;
    while (transmit_watch_way(&watch, now, 0, false) != TRANSMIT_WAY_TRY) {
        now += STEP;
    }
    assert_in_range(now - fault, TRANSMIT_WATCH_DROPPED_US - STEP, TRANSMIT_WATCH_DROPPED_US);
    transmit_watch_tried(&watch, now, 0, 0);
    assert_int_equal(transmit_watch_way(&watch, now, 0, false), TRANSMIT_WAY_DEVICE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_frames_that_come_back_are_well, setup),
        cmocka_unit_test_setup(test_a_pause_is_no_fault, setup),
        cmocka_unit_test_setup(test_each_fault_within_a_second, setup),
        cmocka_unit_test_setup(test_single_drops_are_no_fault, setup),
        cmocka_unit_test_setup(test_who_drops_is_left_alone_for_longer, setup),
        cmocka_unit_test_setup(test_it_is_tried_once_a_second_and_comes_back, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
