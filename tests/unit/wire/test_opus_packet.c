// How Opus packets are made up (RFC 6716 section 3).
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/opus_packet.h"

#define CELT_20_MS 0x78u

static struct opus_packet packet;

static void test_durations_of_all_configurations(void **state)
{
    (void)state;
    static const uint16_t ticks[32] = {480,  960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920,
                                       2880, 480, 960,  480,  960, 120, 240,  480,  960, 120, 240,
                                       480,  960, 120,  240,  480, 960, 120,  240,  480, 960};
    for (unsigned config = 0; config < 32; config++) {
        const uint8_t bytes[] = {(uint8_t)(config << 3), 1, 2};
        assert_int_equal(opus_packet_read(bytes, sizeof(bytes), &packet), ERR_NONE);
        assert_int_equal(packet.frame_ticks, ticks[config]);
        assert_int_equal(opus_packet_ticks(&packet), ticks[config]);
        assert_int_equal(packet.sizes[0], 2);
    }
}

static void test_each_code(void **state)
{
    (void)state;
    const uint8_t equal[] = {CELT_20_MS | 1, 1, 2, 3, 4};
    assert_int_equal(opus_packet_read(equal, 5, &packet), ERR_NONE);
    assert_int_equal(packet.frame_count, 2);
    assert_int_equal(packet.sizes[1], 2);
    assert_int_equal(opus_packet_read(equal, 4, &packet), ERR_MALFORMED); // [R3]
    const uint8_t lengths[] = {CELT_20_MS | 2, 1, 7, 8, 9};
    assert_int_equal(opus_packet_read(lengths, 5, &packet), ERR_NONE);
    assert_int_equal(packet.sizes[0], 1);
    assert_int_equal(packet.sizes[1], 2);
    assert_int_equal(packet.first, 2);
    const uint8_t many[] = {CELT_20_MS | 3, 0x80 | 0x40 | 3, 2, 1, 1, 7, 8, 9, 9, 0, 0};
    assert_int_equal(opus_packet_read(many, sizeof(many), &packet), ERR_NONE);
    assert_int_equal(packet.frame_count, 3);
    assert_int_equal(packet.padding, 2);
    assert_int_equal(packet.sizes[2], 2);
    assert_int_equal(opus_packet_ticks(&packet), 2880);
}

static void test_what_the_rfc_forbids_is_refused(void **state)
{
    (void)state;
    static uint8_t large[OPUS_FRAME_BYTES_MAX + 2] = {CELT_20_MS};
    const uint8_t no_length[] = {CELT_20_MS | 2};
    const uint8_t length_beyond[] = {CELT_20_MS | 2, 9, 1};
    const uint8_t no_count[] = {CELT_20_MS | 3};
    const uint8_t no_frames[] = {CELT_20_MS | 3, 0};
    const uint8_t too_long[] = {CELT_20_MS | 3, 7, 1, 1, 1, 1, 1, 1, 1}; // 140 ms
    const uint8_t padding_beyond[] = {CELT_20_MS | 3, 0x41, 9, 1};
    assert_int_equal(opus_packet_read(large, 0, &packet), ERR_MALFORMED);
    assert_int_equal(opus_packet_read(large, sizeof(large), &packet), ERR_MALFORMED);
    assert_int_equal(opus_packet_read(large, sizeof(large) - 1, &packet), ERR_NONE);
    assert_int_equal(opus_packet_read(no_length, 1, &packet), ERR_MALFORMED);
    assert_int_equal(opus_packet_read(length_beyond, 3, &packet), ERR_MALFORMED);
    assert_int_equal(opus_packet_read(no_count, 1, &packet), ERR_MALFORMED);
    assert_int_equal(opus_packet_read(no_frames, 2, &packet), ERR_MALFORMED);
    assert_int_equal(opus_packet_read(too_long, sizeof(too_long), &packet), ERR_MALFORMED);
    assert_int_equal(opus_packet_read(padding_beyond, 4, &packet), ERR_MALFORMED);
}

static void test_silence_is_frames_of_a_byte_at_most(void **state)
{
    (void)state;
    const uint8_t bare[] = {CELT_20_MS};
    const uint8_t one[] = {CELT_20_MS, 0};
    const uint8_t two[] = {CELT_20_MS, 0, 0};
    const uint8_t second_speaks[] = {CELT_20_MS | 2, 0, 1, 2, 3};
    assert_int_equal(opus_packet_read(bare, 1, &packet), ERR_NONE);
    assert_true(opus_packet_silent(&packet));
    assert_int_equal(opus_packet_read(one, 2, &packet), ERR_NONE);
    assert_true(opus_packet_silent(&packet));
    assert_int_equal(opus_packet_read(two, 3, &packet), ERR_NONE);
    assert_false(opus_packet_silent(&packet));
    assert_true(opus_packet_within(&packet, 2));
    assert_int_equal(opus_packet_read(second_speaks, 5, &packet), ERR_NONE);
    assert_false(opus_packet_silent(&packet));
    assert_false(opus_packet_within(&packet, 2));
    assert_true(opus_packet_within(&packet, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_durations_of_all_configurations),
        cmocka_unit_test(test_each_code),
        cmocka_unit_test(test_what_the_rfc_forbids_is_refused),
        cmocka_unit_test(test_silence_is_frames_of_a_byte_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
