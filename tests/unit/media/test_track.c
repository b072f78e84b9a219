#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "media/track.h"

#define FRAME_US (20 * TIME_US_PER_MS)

static struct track track;
static struct rtp_packet rtp;
static time_us now;
static int64_t last_index;

static int setup(void **state)
{
    (void)state;
    track_init(&track, 48000, 200, 0, true);
    rtp = (struct rtp_packet){.ssrc = 1, .sequence = 65534, .timestamp = 0xffffff00u};
    now = 77 * (time_us)TIME_US_PER_S;
    last_index = 0;
    return 0;
}

static enum track_result receive(uint16_t sequence, uint32_t timestamp)
{
    rtp.sequence = sequence;
    rtp.timestamp = timestamp;
    return track_receive(&track, now, &rtp, 100, &last_index);
}

// The next packet in time.
static enum track_result next(void)
{
    now += FRAME_US;
    return receive((uint16_t)(rtp.sequence + 1), rtp.timestamp + 960);
}

static void test_order(void **state)
{
    (void)state;
    assert_int_equal(receive(65534, 0xffffff00u), TRACK_RESTARTED);
    int64_t first = last_index;
    for (int i = 1; i < 10; i++) {
        assert_int_equal(next(), TRACK_NEWER);
        assert_int_equal(last_index, first + i);
    }
    assert_int_equal(receive(5, 960 * 7), TRACK_DUPLICATE);
    assert_int_equal(receive(10, 960 * 12), TRACK_NEWER);
    assert_int_equal(receive(9, 960 * 11), TRACK_LATE);
    assert_int_equal(last_index, first + 11);
    assert_int_equal(receive(9, 960 * 11), TRACK_DUPLICATE);
    assert_int_equal(receive(65533, 0), TRACK_DUPLICATE); // before the first
}

static void test_restart(void **state)
{
    (void)state;
    (void)receive(100, 0);
    int64_t before = last_index;
    rtp.ssrc = 2;
    assert_int_equal(receive(50, 99), TRACK_RESTARTED);
    assert_true(last_index > before);
    before = last_index;
    rtp.ssrc = 1;
    assert_int_equal(receive(101, 960), TRACK_DUPLICATE); // a straggler
    rtp.ssrc = 2;
    // A jump counts when the next packet confirms it.
    assert_int_equal(receive(5000, 100), TRACK_SUSPECT);
    assert_int_equal(receive(51, 1059), TRACK_NEWER);
    assert_int_equal(receive(5001, 100), TRACK_SUSPECT);
    assert_int_equal(receive(5002, 100), TRACK_RESTARTED);
    assert_true(last_index > before + 1);
    // So does a timestamp that runs away from the clock.
    assert_int_equal(receive(5003, 100 + 48000 * 60), TRACK_RESTARTED);
    assert_int_equal(receive(5002, 100), TRACK_DUPLICATE);
}

// How many of the next packets are lost before one is taken; the rest is in order again.
static unsigned lost_until_taken(uint16_t sequence, uint32_t timestamp)
{
    rtp.sequence = (uint16_t)(sequence - 1);
    rtp.timestamp = timestamp - 960;
    for (unsigned lost = 0; lost < 100; lost++) {
        enum track_result result = next();
        if (result == TRACK_RESTARTED || result == TRACK_NEWER) {
            for (unsigned i = 0; i < 100; i++) {
                assert_int_equal(next(), TRACK_NEWER);
            }
            return lost;
        }
        assert_true(result == TRACK_SUSPECT || result == TRACK_DUPLICATE);
    }
    fail_msg("none is taken");
    return 100;
}

static void begin(void)
{
    (void)receive(1000, 48000 * 100);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(next(), TRACK_NEWER);
    }
}

static void test_steps_back_are_believed_within_three_packets(void **state)
{
    (void)state;
    static const struct {
        int sequence; // from where it would go on
        int timestamp;
    } steps[] = {
        {0, -961}, {0, -24000}, {0, -48000 * 2}, {0, -48000 * 2 - 47000}, // time alone
        {-1, 0},   {-50, 0},    {-511, 0},       {-512, 0},
        {-600, 0}, {-20000, 0}, {-100, 96000}, // sequence alone, or while the time leaps on
        {1001, 0}, {20000, 0},  {20000, -961},
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        (void)setup(NULL);
        begin();
        unsigned lost = lost_until_taken((uint16_t)(rtp.sequence + 1 + steps[i].sequence),
                                         rtp.timestamp + 960 + (uint32_t)steps[i].timestamp);
        assert_true(lost <= 2);
    }
    // Time that leaps by more than loss explains, and another SSRC, cost nothing.
    assert_int_equal(lost_until_taken((uint16_t)(rtp.sequence + 1), rtp.timestamp - 48000 * 4), 0);
    rtp.ssrc = 2;
    assert_int_equal(lost_until_taken(7, 0), 0);
    // Back to the SSRC before, soon after it was left.
    rtp.ssrc = 3;
    assert_int_equal(receive(7, 0), TRACK_RESTARTED);
    rtp.ssrc = 2;
    assert_int_equal(lost_until_taken(8000, 48000 * 50), 2);
}

static void test_one_bad_packet_restarts_nothing(void **state)
{
    (void)state;
    static const int jumps[][2] = {{0, -960 * 30}, {-40, 0}, {-30000, 0}, {5000, 0}};
    for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
        begin();
        uint16_t sequence = rtp.sequence;
        uint32_t timestamp = rtp.timestamp;
        assert_int_equal(receive((uint16_t)(sequence + 1 + jumps[i][0]),
                                 timestamp + 960 + (uint32_t)jumps[i][1]),
                         TRACK_SUSPECT);
        now += FRAME_US;
        assert_int_equal(receive((uint16_t)(sequence + 2), timestamp + 2 * 960), TRACK_NEWER);
        // What comes late is late, and what comes twice is a duplicate.
        assert_int_equal(receive((uint16_t)(sequence + 1), timestamp + 960), TRACK_LATE);
        assert_int_equal(receive((uint16_t)(sequence + 1), timestamp + 960), TRACK_DUPLICATE);
        (void)setup(NULL);
    }
}

// Pictures that are shown in another order than they are sent step back in time all the while.
static void test_pictures_may_be_out_of_order(void **state)
{
    (void)state;
    track_init(&track, 90000, 3000, 0, false);
    static const uint32_t order[] = {0, 9000, 3000, 6000, 18000, 12000, 15000};
    assert_int_equal(receive(10, order[0]), TRACK_RESTARTED);
    for (uint16_t i = 1; i < 7; i++) {
        if (i != 4) {
            assert_int_equal(receive((uint16_t)(10 + i), order[i]), TRACK_NEWER);
        }
    }
    assert_int_equal(receive(14, order[4]), TRACK_LATE); // newer in time than the newest packet
    // A number that was sent before, with a time that was not.
    assert_int_equal(receive(12, 21000), TRACK_SUSPECT);
    assert_int_equal(receive(13, 24000), TRACK_RESTARTED);
    assert_int_equal(receive(14, 27000), TRACK_NEWER);
}

static void test_the_shortest_frames_fit(void **state)
{
    (void)state;
    track_init(&track, 48000, 440, 640000, true);
    (void)receive(0, 0);
    for (unsigned i = 0; i < 4000; i++) {
        now += 2500; // 2.5 ms
        assert_int_equal(receive((uint16_t)(rtp.sequence + 1), rtp.timestamp + 120), TRACK_NEWER);
    }
    // A line that stood for a second gives them all at once.
    now += TIME_US_PER_S;
    for (unsigned i = 0; i < 400; i++) {
        assert_int_equal(receive((uint16_t)(rtp.sequence + 1), rtp.timestamp + 120), TRACK_NEWER);
    }
}

static void test_indices_rise_for_ever(void **state)
{
    (void)state;
    int64_t before = 0;
    for (unsigned i = 0; i < 1000; i++) {
        rtp.ssrc = 1000 + i;
        assert_int_equal(receive((uint16_t)(i * 7919), i * 31), TRACK_RESTARTED);
        assert_true(last_index > before + TRACK_WINDOW);
        before = last_index;
        now += FRAME_US;
    }
}

static void test_flood(void **state)
{
    (void)state;
    unsigned accepted = 0;
    (void)receive(0, 0);
    for (unsigned i = 0; i < 499; i++) {
        accepted += receive((uint16_t)(rtp.sequence + 1), rtp.timestamp + 10) == TRACK_NEWER;
    }
    assert_int_equal(accepted, 199); // and the first
    now += TIME_US_PER_S;
    assert_int_equal(receive((uint16_t)(rtp.sequence + 1), rtp.timestamp + 10), TRACK_NEWER);
}

// What a sound takes of everybody's line is bounded, however its packets are cut.
static void test_bytes_are_bounded(void **state)
{
    (void)state;
    static const struct {
        unsigned interval_us;
        unsigned bytes;
        unsigned least; // of a thousand
        unsigned most;
    } cases[] = {
        {20000, 1275 + 40, 1000, 1000}, // the largest Opus there is
        {2500, 160 + 30, 1000, 1000},   // the same in the shortest frames
        {2564, 1193, 170, 520},         // 3.7 Mbit/s
    };
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        unsigned accepted = 0;
        track_init(&track, 48000, 440, 640000, true);
        for (unsigned k = 0; k < 1000; k++) {
            now += cases[i].interval_us;
            rtp.sequence++;
            rtp.timestamp += 120;
            enum track_result result = track_receive(&track, now, &rtp, cases[i].bytes,
                                                     &last_index);
            accepted += result == TRACK_NEWER || result == TRACK_RESTARTED;
        }
        assert_in_range(accepted, cases[i].least, cases[i].most);
    }
}

static void test_loss_report(void **state)
{
    (void)state;
    struct rtcp_report report;
    uint32_t expected = 0;
    uint32_t lost = 0;
    assert_false(track_report(&track, now, &report, &expected, &lost));
    (void)receive(65530, 0);
    for (unsigned i = 1; i < 100; i++) {
        now += FRAME_US;
        if (i % 4 != 0) {
            (void)receive((uint16_t)(65530 + i), i * 960);
        }
    }
    assert_true(track_report(&track, now, &report, &expected, &lost));
    assert_int_equal(expected, 100);
    assert_int_equal(lost, 24);
    assert_int_equal(report.fraction_lost, 24 * 255 / 100);
    assert_int_equal(report.packets_lost, 24);
    assert_int_equal(report.highest_sequence, 65536 + (uint16_t)(65530 + 99));
    assert_false(track_report(&track, now, &report, &expected, &lost));
    (void)receive((uint16_t)(65530 + 96), 96 * 960); // late, not lost
    assert_true(track_report(&track, now, &report, &expected, &lost));
    assert_int_equal(report.fraction_lost, 0);
    assert_int_equal(report.packets_lost, 23);
}

static void test_jitter_and_clock(void **state)
{
    (void)state;
    struct rtcp_report report;
    uint32_t ignored = 0;
    (void)receive(0, 0);
    for (unsigned i = 1; i < 200; i++) {
        assert_int_equal(next(), TRACK_NEWER);
    }
    assert_int_equal(track_timestamp_at(&track, now), rtp.timestamp);
    assert_int_equal(track_timestamp_at(&track, now + 5000), rtp.timestamp + 240);
    (void)track_report(&track, now, &report, &ignored, &ignored);
    assert_int_equal(report.jitter, 0);
    // Every second packet is 10 ms late: transit differs by 480 ticks each time.
    for (unsigned i = 0; i < 400; i++) {
        now += FRAME_US + (i % 2 == 0 ? 10000 : -10000);
        assert_int_equal(receive((uint16_t)(rtp.sequence + 1), rtp.timestamp + 960), TRACK_NEWER);
    }
    (void)track_report(&track, now, &report, &ignored, &ignored);
    assert_in_range(report.jitter, 470, 490);
    // The clock follows the packets that came in time.
    assert_in_range(rtp.timestamp - track_timestamp_at(&track, now) + 100, 40, 100);
}

static void test_sender_report(void **state)
{
    (void)state;
    struct rtcp_report report;
    uint32_t ignored = 0;
    (void)receive(0, 0);
    (void)track_report(&track, now, &report, &ignored, &ignored);
    assert_int_equal(report.last_sr, 0);
    assert_int_equal(report.delay_since_sr, 0);
    struct rtcp_sender_info info = {.ssrc = 1, .ntp = 0x1122334455667788ull};
    track_sender_report(&track, now, &info);
    now += TIME_US_PER_S / 2;
    (void)receive(1, 24000);
    (void)track_report(&track, now, &report, &ignored, &ignored);
    assert_int_equal(report.last_sr, 0x33445566);
    assert_int_equal(report.delay_since_sr, 32768);
}

static void test_rate(void **state)
{
    (void)state;
    (void)receive(0, 0);
    for (unsigned i = 0; i < 200; i++) {
        (void)next();
    }
    assert_in_range(track.bits_per_second, 39000, 41000); // 100 bytes, 50 times a second
    assert_true(track_active(&track, now + 999 * TIME_US_PER_MS));
    assert_false(track_active(&track, now + TIME_US_PER_S));
}

static void test_repeated(void **state)
{
    (void)state;
    assert_int_equal(track_receive_repeated(&track, now, 3, &last_index), TRACK_DUPLICATE);
    (void)receive(10, 0);
    (void)receive(13, 0);
    assert_int_equal(track_receive_repeated(&track, now, 12, &last_index), TRACK_LATE);
    assert_int_equal(last_index, track.highest - 1);
    assert_int_equal(track_receive_repeated(&track, now, 12, &last_index), TRACK_DUPLICATE);
    assert_int_equal(track_receive_repeated(&track, now, 13, &last_index), TRACK_DUPLICATE);
    assert_int_equal(track_receive_repeated(&track, now, 14, &last_index), TRACK_DUPLICATE);
    assert_int_equal(track_receive_repeated(&track, now, 9, &last_index), TRACK_DUPLICATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_order, setup),
        cmocka_unit_test_setup(test_restart, setup),
        cmocka_unit_test_setup(test_steps_back_are_believed_within_three_packets, setup),
        cmocka_unit_test_setup(test_one_bad_packet_restarts_nothing, setup),
        cmocka_unit_test_setup(test_pictures_may_be_out_of_order, setup),
        cmocka_unit_test_setup(test_the_shortest_frames_fit, setup),
        cmocka_unit_test_setup(test_indices_rise_for_ever, setup),
        cmocka_unit_test_setup(test_flood, setup),
        cmocka_unit_test_setup(test_bytes_are_bounded, setup),
        cmocka_unit_test_setup(test_loss_report, setup),
        cmocka_unit_test_setup(test_jitter_and_clock, setup),
        cmocka_unit_test_setup(test_sender_report, setup),
        cmocka_unit_test_setup(test_rate, setup),
        cmocka_unit_test_setup(test_repeated, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
