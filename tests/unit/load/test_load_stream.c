#include "../test.h"

#include "load/load_stream.h"

static struct load_stream stream;
static struct load_counts counts;
static struct load_frame_stream frame_stream;
static struct load_frame_counts frame_counts;

static int empty(void **state)
{
    (void)state;
    memset(&stream, 0, sizeof(stream));
    memset(&counts, 0, sizeof(counts));
    memset(&frame_stream, 0, sizeof(frame_stream));
    memset(&frame_counts, 0, sizeof(frame_counts));
    return 0;
}

static void hear(unsigned index)
{
    struct rtp_packet packet = {
        .ssrc = 9, .sequence = (uint16_t)(65530 + index), .timestamp = 0xffff0000u + 960 * index};
    load_stream_receive(&stream, &packet, 108, (time_us)index * 20000, &counts);
}

static void in_order_across_the_wrap(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        hear(i);
    }
    assert_int_equal(counts.packets, 100);
    assert_int_equal(counts.bytes, 10800);
    assert_int_equal(counts.lost, 0);
    assert_int_equal(counts.sound_us, 99 * 20000);
    assert_int_equal(counts.restarts + counts.reordered + counts.duplicates, 0);
}

static void a_gap_is_lost_until_it_comes(void **state)
{
    (void)state;
    hear(0), hear(1), hear(5);
    assert_int_equal(counts.lost, 3);
    hear(3);
    assert_int_equal(counts.lost, 2);
    assert_int_equal(counts.reordered, 1);
    hear(3), hear(5), hear(0);
    assert_int_equal(counts.duplicates, 3);
    assert_int_equal(counts.packets, 4);
    assert_int_equal(counts.lost, 2);
}

static void a_leap_or_another_ssrc_begins_anew(void **state)
{
    (void)state;
    hear(0), hear(20000);
    assert_int_equal(counts.restarts, 1);
    assert_int_equal(counts.lost, 0);
    struct rtp_packet other = {.ssrc = 10, .sequence = 20001};
    load_stream_receive(&stream, &other, 1, 0, &counts);
    assert_int_equal(counts.restarts, 2);
}

static void long_packets_count_their_sound(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 11; i++) {
        struct rtp_packet packet = {.ssrc = 9, .sequence = (uint16_t)i, .timestamp = 2880 * i};
        load_stream_receive(&stream, &packet, 1, (time_us)i * 60000, &counts);
    }
    assert_int_equal(counts.sound_us, 10 * 60000);
}

static void reports_tell_of_what_came_since_the_last(void **state)
{
    (void)state;
    struct rtcp_report report;
    assert_false(load_stream_report(&stream, &report));
    for (unsigned i = 0; i < 100; i++) {
        if (i % 4 != 3) {
            hear(i);
        }
    }
    assert_true(load_stream_report(&stream, &report));
    assert_int_equal(report.ssrc, 9);
    assert_int_equal(report.packets_lost, 24); // the hundredth is not missed yet
    assert_in_range(report.fraction_lost, 60, 63);
    assert_int_equal(report.highest_sequence, 65530 + 98);
    assert_in_range(report.jitter, 0, 1);
    for (unsigned i = 100; i < 200; i++) {
        hear(i);
    }
    assert_true(load_stream_report(&stream, &report));
    assert_int_equal(report.packets_lost, 25);
    assert_in_range(report.fraction_lost, 2, 3);
}

static void jitter_follows_the_arrivals(void **state)
{
    (void)state;
    struct rtcp_report report;
    for (unsigned i = 0; i < 200; i++) {
        struct rtp_packet packet = {.ssrc = 9, .sequence = (uint16_t)i, .timestamp = 960 * i};
        load_stream_receive(&stream, &packet, 1, (time_us)i * 20000 + i % 2 * 10000, &counts);
    }
    assert_true(load_stream_report(&stream, &report));
    assert_in_range(report.jitter, 470, 490); // 10 ms at 48 kHz
}

static bool see(uint32_t number, uint16_t publisher)
{
    struct load_frame frame = {.publisher = publisher, .number = number};
    return load_frame_stream_receive(&frame_stream, &frame, &frame_counts);
}

static void frames_come_once(void **state)
{
    (void)state;
    assert_true(see(0xfffffffe, 1));
    assert_true(see(1, 1)); // two are missing
    assert_int_equal(frame_counts.lost, 2);
    assert_true(see(0xffffffff, 1));
    assert_false(see(0xffffffff, 1));
    assert_int_equal(frame_counts.lost, 1);
    assert_int_equal(frame_counts.redundant, 1);
    assert_true(see(77, 2)); // another publisher
    assert_int_equal(frame_counts.lost, 1);
    assert_int_equal(frame_counts.frames, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_order_across_the_wrap, empty),
        cmocka_unit_test_setup(a_gap_is_lost_until_it_comes, empty),
        cmocka_unit_test_setup(a_leap_or_another_ssrc_begins_anew, empty),
        cmocka_unit_test_setup(long_packets_count_their_sound, empty),
        cmocka_unit_test_setup(reports_tell_of_what_came_since_the_last, empty),
        cmocka_unit_test_setup(jitter_follows_the_arrivals, empty),
        cmocka_unit_test_setup(frames_come_once, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
