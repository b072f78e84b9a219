// What a sender of pictures is allowed: less at once when its line is full, more slowly, nothing
// where not even a small picture gets through.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "media/receive_rate.h"
#include "wire/rtp.h"

#define MAXIMUM 3000000

static struct receive_rate rate;
static struct receive_facts facts;
static time_us now;
static unsigned told;

static int setup(void **state)
{
    (void)state;
    now = 50 * (time_us)TIME_US_PER_S;
    told = 0;
    facts = (struct receive_facts){
        .pictures = true, .picture_bps = 650000, .round_trip_us = 100000};
    receive_rate_init(&rate, MAXIMUM, now);
    return 0;
}

// So long; 100 packets a second, of which so many are lost.
static void pass(unsigned tenths, unsigned lost_percent, time_us standing_us)
{
    for (unsigned i = 0; i < tenths; i++) {
        now += RECEIVE_RATE_EVERY_US;
        facts.expected += 10;
        facts.received += 10 - lost_percent / 10;
        facts.standing_us = standing_us;
        told += receive_rate_step(&rate, now, &facts);
    }
}

static void test_good_line_is_left_alone(void **state)
{
    (void)state;
    pass(600, 0, 20000);
    assert_int_equal(rate.bps, MAXIMUM);
    assert_int_equal(told, 0);
}

static void test_standing_delay_is_answered_within_half_a_second(void **state)
{
    (void)state;
    pass(20, 0, 0);
    pass(2, 0, 150000);
    assert_int_equal(rate.bps, MAXIMUM); // two may be chance
    pass(1, 0, 150000);
    assert_int_equal(rate.bps, 650000 * 85 / 100);
    assert_int_equal(told, 1);
    pass(5, 0, 150000); // what was under way
    assert_int_equal(told, 1);
    pass(4, 0, 150000);
    assert_int_equal(told, 2);
    assert_true(rate.bps <= 650000 * 85 / 100 * 85 / 100);
}

static void test_loss_is_answered(void **state)
{
    (void)state;
    pass(20, 0, 0);
    pass(4, 30, 0);
    assert_int_equal(told, 1);
    assert_true(rate.bps <= 650000 * 85 / 100);
    // It grows again, not to what failed before a pause is over, and only while it is used.
    facts.picture_bps = rate.bps;
    uint32_t before = rate.bps;
    pass(15, 0, 0);
    assert_int_equal(rate.bps, before);
    pass(870, 0, 0);
    assert_int_equal(rate.bps, before);
    pass(50, 0, 0);
    assert_true(rate.bps > 650000 * 85 / 100);
    facts.picture_bps = 100000;
    before = rate.bps;
    pass(100, 0, 0);
    assert_int_equal(rate.bps, before);
    // The second time the pause is twice as long.
    pass(200, 0, 0);
    facts.picture_bps = 650000;
    pass(4, 30, 0);
    facts.picture_bps = 500000;
    pass(1790, 0, 0);
    assert_true(rate.bps <= 650000 * 85 / 100);
    pass(100, 0, 0);
    assert_true(rate.bps > 650000 * 85 / 100);
}

static void test_gives_up_and_tries_seldom(void **state)
{
    (void)state;
    unsigned pauses[5] = {0};
    facts.picture_bps = 120000;
    pass(4, 0, 300000);
    assert_false(rate.held); // less may do
    assert_int_equal(rate.bps, 84000);
    facts.picture_bps = 58000;
    pass(8, 0, 300000); // within a second
    assert_true(rate.held);
    for (unsigned i = 0; i < 5; i++) {
        facts.pictures = false;
        while (rate.held) {
            pass(1, 0, 0);
            pauses[i]++;
        }
        assert_int_equal(rate.bps, 50000);
        facts.pictures = true;
        pass(4, 0, 300000); // the first sign ends it
        assert_true(rate.held);
    }
    assert_in_range(pauses[0], 40, 55);
    for (unsigned i = 1; i < 5; i++) {
        assert_true(pauses[i] >= 2990 || pauses[i] >= pauses[i - 1] * 3);
        assert_true(pauses[i] <= 3010);
    }
    // What fills the line while nothing is sent puts the next try off.
    facts.pictures = false;
    pass(3000, 0, 300000);
    assert_true(rate.held);
}

// Where a quarter is lost of less than the least picture nothing is tried with the voice beside it.
static void test_gives_up_at_once_where_the_least_does_not_come_through(void **state)
{
    pass(20, 0, 0);
    facts.picture_bps = 200000;
    pass(2, 30, 0);
    assert_false(rate.held); // less of them may do
    setup(state);
    facts.picture_bps = 55000;
    pass(20, 0, 0);
    pass(1, 30, 0);
    assert_false(rate.held); // ten packets say nothing
    pass(1, 30, 0);
    assert_true(rate.held);
    unsigned pause = 0;
    facts.pictures = false;
    for (; rate.held; pause++) {
        pass(1, 0, 0);
    }
    assert_in_range(pause, 598, 602);
    // The next try is far off.
    facts.pictures = true;
    pass(3, 30, 0);
    assert_true(rate.held);
    for (pause = 0, facts.pictures = false; rate.held; pause++) {
        pass(1, 0, 0);
    }
    assert_in_range(pause, 2398, 2402);
    // Of a voice that fills the line by itself hardly a third comes through.
    setup(state);
    facts.picture_bps = 55000;
    pass(20, 0, 0);
    pass(2, 70, 0);
    assert_true(rate.held);
    // A hole in the line says nothing of its width: nothing comes for a while, then all is missed
    // at once.
    setup(state);
    facts.picture_bps = 55000;
    pass(20, 0, 0);
    for (unsigned i = 0; i < 3; i++) {
        now += RECEIVE_RATE_EVERY_US;
        told += receive_rate_step(&rate, now, &facts);
    }
    facts.expected += 30;
    pass(2, 0, 0);
    assert_false(rate.held);
}

// By the times of sending, whatever the clocks say, and although they wrap every 64 seconds.
static void test_delay(void **state)
{
    (void)state;
    struct receive_delay delay = {0};
    for (unsigned i = 0; i < 10000; i++) {
        now += 20 * TIME_US_PER_MS;
        time_us queue = i >= 6000 && i < 6100 ? 180 * TIME_US_PER_MS : i % 7 * TIME_US_PER_MS;
        time_us clock = now + 12345678 - queue + (time_us)i * 2; // ahead, and 100 ppm fast
        receive_delay_take(&delay, now, rtp_abs_send_time(clock));
        if (i % 10 == 9) {
            time_us standing = receive_delay_standing(&delay);
            bool full = i >= 6009 && i < 6100;
            assert_in_range(standing, full ? 150 * TIME_US_PER_MS : 0,
                            (full ? 190 : 10) * TIME_US_PER_MS);
        }
    }
    assert_int_equal(receive_delay_standing(&delay), 0);
}

static void test_a_source_that_begins_anew(void **state)
{
    (void)state;
    pass(20, 0, 0);
    facts.expected = 5;
    facts.received = 5;
    pass(20, 0, 0);
    assert_int_equal(told, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_good_line_is_left_alone, setup),
        cmocka_unit_test_setup(test_standing_delay_is_answered_within_half_a_second, setup),
        cmocka_unit_test_setup(test_loss_is_answered, setup),
        cmocka_unit_test_setup(test_gives_up_and_tries_seldom, setup),
        cmocka_unit_test_setup(test_gives_up_at_once_where_the_least_does_not_come_through, setup),
        cmocka_unit_test_setup(test_delay, setup),
        cmocka_unit_test_setup(test_a_source_that_begins_anew, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
