// Several packets become one without decoding: what libopus makes of the one is what it makes of
// them.
#include <opus/opus.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "media/opus_merge.h"

#define FRAME 960

static struct opus_merge merge;
static OpusEncoder *encoder;
static uint32_t phase;

static int setup(void **state)
{
    (void)state;
    int failed = 0;
    opus_merge_init(&merge);
    // CELT alone, so that the configuration does not change by itself.
    encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_RESTRICTED_LOWDELAY, &failed);
    assert_int_equal(opus_encoder_ctl(encoder, OPUS_SET_BANDWIDTH(OPUS_BANDWIDTH_FULLBAND)), 0);
    phase = 0;
    return failed;
}

static int teardown(void **state)
{
    (void)state;
    opus_encoder_destroy(encoder);
    return 0;
}

struct coded {
    uint8_t bytes[1500];
    size_t size;
    struct opus_packet opus;
};

static void encode(struct coded *coded, unsigned ticks)
{
    opus_int16 sound[2880];
    for (unsigned i = 0; i < ticks; i++, phase++) {
        sound[i] = (opus_int16)((int)(phase * 37 % 4001) - 2000 + (int)(phase * phase % 701));
    }
    opus_int32 size = opus_encode(encoder, sound, (int)ticks, coded->bytes, sizeof(coded->bytes));
    assert_true(size > 0);
    coded->size = (size_t)size;
    assert_int_equal(opus_packet_read(coded->bytes, coded->size, &coded->opus), ERR_NONE);
}

static bool add(const struct coded *coded, uint32_t timestamp, bool marker)
{
    const struct opus_merge_packet packet = {
        .payload = coded->bytes,
        .size = coded->size,
        .opus = &coded->opus,
        .timestamp = timestamp,
        .ticks = opus_packet_ticks(&coded->opus),
        .marker = marker,
        .now = 1000 + timestamp,
    };
    return opus_merge_add(&merge, &packet);
}

static void test_three_are_one(void **state)
{
    (void)state;
    OpusDecoder *apart = opus_decoder_create(48000, 1, NULL);
    OpusDecoder *merged = opus_decoder_create(48000, 1, NULL);
    opus_int16 expected[3 * FRAME];
    opus_int16 got[3 * FRAME];
    for (unsigned round = 0; round < 20; round++) {
        struct coded coded;
        uint8_t out[OPUS_MERGE_OUT_MAX];
        for (unsigned i = 0; i < 3; i++) {
            encode(&coded, FRAME);
            assert_false(opus_merge_full(&merge));
            assert_true(add(&coded, (round * 3 + i) * FRAME, i == 0));
            assert_int_equal(opus_decode(apart, coded.bytes, (opus_int32)coded.size,
                                         expected + (size_t)i * FRAME, FRAME, 0),
                             FRAME);
        }
        assert_true(opus_merge_full(&merge));
        size_t size = opus_merge_take(&merge, out);
        assert_true(opus_merge_empty(&merge));
        assert_int_equal(merge.timestamp, round * 3 * FRAME);
        assert_true(merge.marker);
        assert_int_equal(merge.first_at, 1000 + round * 3 * FRAME);
        assert_int_equal(opus_decode(merged, out, (opus_int32)size, got, 3 * FRAME, 0), 3 * FRAME);
        assert_memory_equal(got, expected, sizeof(got));
    }
    opus_decoder_destroy(apart);
    opus_decoder_destroy(merged);
}

static void test_what_does_not_belong_is_refused(void **state)
{
    (void)state;
    struct coded first;
    struct coded second;
    uint8_t out[OPUS_MERGE_OUT_MAX];
    encode(&first, FRAME);
    encode(&second, FRAME);
    assert_true(add(&first, 0, false));
    assert_false(add(&second, 2 * FRAME, false)); // a gap
    struct coded other = second;
    other.bytes[0] ^= 4; // stereo
    assert_int_equal(opus_packet_read(other.bytes, other.size, &other.opus), ERR_NONE);
    assert_false(add(&other, FRAME, false));
    struct coded longer;
    longer = second;
    longer.bytes[0] = (uint8_t)((longer.bytes[0] & 7) | 2 << 3); // 40 ms
    assert_int_equal(opus_packet_read(longer.bytes, longer.size, &longer.opus), ERR_NONE);
    assert_false(add(&longer, FRAME, false)); // another configuration
    struct opus_merge_packet unreadable = {
        .payload = (const uint8_t *)"\x7b\x00?", .size = 3, .timestamp = FRAME, .ticks = FRAME};
    assert_false(opus_merge_add(&merge, &unreadable));
    assert_true(add(&second, FRAME, true)); // none of these left a trace; a marker is no hindrance
    size_t size = opus_merge_take(&merge, out);
    OpusDecoder *decoder = opus_decoder_create(48000, 1, NULL);
    opus_int16 sound[5760];
    assert_int_equal(opus_decode(decoder, out, (opus_int32)size, sound, 5760, 0), 2 * FRAME);
    opus_decoder_destroy(decoder);
    // Alone it goes as it is, and nothing joins it.
    assert_true(opus_merge_add(&merge, &unreadable));
    assert_true(opus_merge_full(&merge));
    assert_false(add(&second, 2 * FRAME, false));
    assert_int_equal(opus_merge_take(&merge, out), 3);
    assert_memory_equal(out, "\x7b\x00?", 3);
    assert_int_equal(opus_merge_take(&merge, out), 0);
}

static void test_large_packets_are_not_put_together(void **state)
{
    (void)state;
    static struct coded large = {.bytes = {0x78}, .size = 900};
    uint8_t out[OPUS_MERGE_OUT_MAX];
    assert_int_equal(opus_packet_read(large.bytes, large.size, &large.opus), ERR_NONE);
    assert_true(add(&large, 0, false));
    assert_false(add(&large, FRAME, false));
    assert_int_equal(opus_merge_take(&merge, out), 900);
    assert_memory_equal(out, large.bytes, 900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_three_are_one, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_does_not_belong_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_large_packets_are_not_put_together, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
