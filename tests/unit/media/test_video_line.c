// Signs that a line does not carry what it is sent.
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "media/video_line.h"

#define MS TIME_US_PER_MS

static struct video_line line;
static time_us now;

static int setup(void **state)
{
    (void)state;
    now = 50 * (time_us)TIME_US_PER_S;
    video_line_init(&line, now);
    return 0;
}

// 100 packets a second, of which each so-manieth is missed; how many signs.
static unsigned send(unsigned packets, unsigned each)
{
    unsigned signs = 0;
    for (unsigned i = 0; i < packets; i++) {
        now += 10 * MS;
        video_line_sent(&line, now, 1000);
        signs += each != 0 && i % each == 0 && video_line_missed(&line, now, now);
    }
    return signs;
}

static void test_missed_packets(void **state)
{
    (void)state;
    assert_int_equal(send(1000, 0), 0);
    assert_int_equal(send(1000, 20), 0); // by chance
    unsigned packets = 0;
    while (send(1, 1) == 0) {
        send(2, 0);
        packets++;
    }
    assert_in_range(packets, 3, 20);
    assert_true(line.loss_permille >= 100);
    // What was under way is no second sign; what goes on is.
    assert_int_equal(send(45, 3), 0);
    assert_int_equal(send(60, 3), 1);
}

static void test_first_signs_count_while_trying(void **state)
{
    (void)state;
    send(10, 0);
    assert_false(video_line_missed(&line, now, now));
    assert_false(video_line_missed(&line, now, now));
    setup(NULL);
    line.eager = true;
    send(10, 0);
    assert_false(video_line_missed(&line, now, now));
    assert_true(video_line_missed(&line, now, now));
}

static void test_round_trip_that_grows(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 30; i++) {
        now += TIME_US_PER_S;
        assert_false(video_line_trip(&line, now, 600 * MS + i % 3 * 40 * MS)); // far, and unsteady
    }
    now += TIME_US_PER_S;
    assert_false(video_line_trip(&line, now, 900 * MS));
    now += TIME_US_PER_S;
    assert_true(video_line_trip(&line, now, 900 * MS));
    assert_int_equal(line.loss_permille, -1);
    // At once when it is much; and a new way is learned in the end.
    now += 10 * (time_us)TIME_US_PER_S;
    assert_true(video_line_trip(&line, now, 1500 * MS));
    unsigned signs = 0;
    for (unsigned i = 0; i < 200; i++) {
        now += TIME_US_PER_S;
        signs += video_line_trip(&line, now, 1500 * MS) && i >= 125;
    }
    assert_int_equal(signs, 0);
}

// 500 kbit/s on a line that has become too narrow, and a sign.
static void fill(void)
{
    assert_false(video_line_trip(&line, now, 20 * MS));
    for (unsigned i = 0; i < 200; i++) {
        now += 16 * MS;
        video_line_sent(&line, now, 1000);
    }
    assert_false(video_line_estimate(&line, now, 600000));
    assert_true(video_line_estimate(&line, now, 400000));
}

static void test_a_queue_that_drains(void **state)
{
    (void)state;
    fill();
    now += 300 * MS;
    assert_false(video_line_trip(&line, now, 310 * MS)); // sent before the sign
    now += TIME_US_PER_S;
    assert_false(video_line_trip(&line, now, 250 * MS)); // falls
    now += TIME_US_PER_S;
    assert_true(video_line_trip(&line, now, 310 * MS)); // fills again
    // One that does not fall is full of what is sent now.
    setup(NULL);
    fill();
    now += TIME_US_PER_S;
    assert_true(video_line_trip(&line, now, 310 * MS));
    // What waits so long is too much, whatever its cause.
    setup(NULL);
    fill();
    now += 700 * MS;
    assert_true(video_line_trip(&line, now, 900 * MS));
}

static void test_packets_of_before_the_sign(void **state)
{
    (void)state;
    fill();
    line.eager = true;
    time_us sign_at = now;
    send(55, 0);
    for (unsigned i = 0; i < 20; i++) {
        assert_false(video_line_missed(&line, now, sign_at - 5 * MS));
    }
    assert_true(video_line_lossy(&line, now));
    assert_false(video_line_missed(&line, now, sign_at + 5 * MS));
    unsigned missed = 1;
    while (!video_line_missed(&line, now, sign_at + 5 * MS)) {
        assert_in_range(missed++, 1, 10); // a tenth of what was sent
    }
}

static void test_reports(void **state)
{
    (void)state;
    time_us since = now;
    now += TIME_US_PER_S;
    assert_false(video_line_report(&line, now, since, 100, 5)); // by chance
    assert_false(video_line_report(&line, now, since, 9, 9));   // too few
    (void)video_line_trip(&line, now, 50 * MS);
    (void)video_line_trip(&line, now, 130 * MS);
    assert_true(video_line_report(&line, now, since, 100, 5)); // and the round trip has grown
    since = now;
    now += TIME_US_PER_S;
    assert_false(video_line_report(&line, now, since, 100, 50)); // of the time before the answer
    since = now;
    now += TIME_US_PER_S;
    assert_true(video_line_report(&line, now, since, 100, 50));
}

static void test_estimate_that_falls(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 200; i++) { // 500 kbit/s
        now += 16 * MS;
        video_line_sent(&line, now, 1000);
    }
    assert_false(video_line_estimate(&line, now, 900000));
    assert_false(video_line_estimate(&line, now, 860000)); // hardly
    assert_false(video_line_estimate(&line, now, 700000)); // above what is sent
    assert_true(video_line_estimate(&line, now, 400000));
    assert_int_equal(video_line_estimate_now(&line, now), 400000);
    now += 11 * (time_us)TIME_US_PER_S;
    assert_int_equal(video_line_estimate_now(&line, now), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_missed_packets, setup),
        cmocka_unit_test_setup(test_first_signs_count_while_trying, setup),
        cmocka_unit_test_setup(test_round_trip_that_grows, setup),
        cmocka_unit_test_setup(test_a_queue_that_drains, setup),
        cmocka_unit_test_setup(test_packets_of_before_the_sign, setup),
        cmocka_unit_test_setup(test_reports, setup),
        cmocka_unit_test_setup(test_estimate_that_falls, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
