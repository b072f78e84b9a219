#include "../test.h"

#include <opus/opus.h>

#include "load/load_payload.h"

#define RATE        48000
#define SAMPLES_MAX 5760

static const struct load_frame first = {7, 100, 123456789012345};

static size_t packet(uint8_t to[LOAD_PAYLOAD_MAX], size_t size, unsigned packet_ms, uint32_t number)
{
    struct load_frame frame = first;
    frame.number = number;
    return load_payload_write(to, size, packet_ms, &frame);
}

static void every_length_is_opus_and_silent(void **state)
{
    (void)state;
    const unsigned lengths[] = {10, 20, 40, 60};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        int err = 0;
        uint8_t data[LOAD_PAYLOAD_MAX];
        opus_int16 samples[SAMPLES_MAX];
        OpusDecoder *decoder = opus_decoder_create(RATE, 1, &err);
        size_t size = packet(data, 160, lengths[i], 0);
        int count = opus_decode(decoder, data, (opus_int32)size, samples, SAMPLES_MAX, 0);
        assert_int_equal(count, RATE / 1000 * (int)lengths[i]);
        for (int j = 0; j < count; j++) {
            assert_in_range(samples[j] + 1, 0, 2);
        }
        opus_decoder_destroy(decoder);
    }
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    uint8_t data[LOAD_PAYLOAD_MAX];
    struct load_frame frames[LOAD_PAYLOAD_FRAMES_MAX];
    for (size_t size = load_payload_size_min(20); size <= LOAD_PAYLOAD_MAX; size++) {
        assert_int_equal(packet(data, size, 20, 100), size);
        assert_int_equal(load_payload_read(data, size, frames), 1);
        assert_memory_equal(&frames[0], &first, sizeof(first));
    }
    size_t size = packet(data, load_payload_size_min(60), 60, 5);
    assert_int_equal(load_payload_read(data, size, frames), 3);
    assert_int_equal(frames[2].number, 7);
}

static void repacketized_it_is_found(void **state)
{
    (void)state;
    uint8_t parts[3][LOAD_PAYLOAD_MAX];
    uint8_t merged[3 * LOAD_PAYLOAD_MAX];
    struct load_frame frames[LOAD_PAYLOAD_FRAMES_MAX];
    OpusRepacketizer *packer = opus_repacketizer_create();
    for (uint32_t i = 0; i < 3; i++) {
        // Of different sizes, so that the packet has lengths in it.
        size_t size = packet(parts[i], 80 + 40 * i, 20, 10 + i);
        assert_int_equal(opus_repacketizer_cat(packer, parts[i], (opus_int32)size), OPUS_OK);
    }
    opus_int32 size = opus_repacketizer_out(packer, merged, sizeof(merged));
    opus_repacketizer_destroy(packer);
    assert_true(size > 0);
    assert_int_equal(load_payload_read(merged, (size_t)size, frames), 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(frames[i].number, 10 + i);
        assert_int_equal(frames[i].sent_ns, first.sent_ns);
    }
}

// RFC 2198: one redundant block of 14 bits of offset and 10 of length, then the primary.
static size_t red(uint8_t *to)
{
    uint8_t older[LOAD_PAYLOAD_MAX];
    uint8_t newer[LOAD_PAYLOAD_MAX];
    size_t older_size = packet(older, 50, 20, 1);
    size_t newer_size = packet(newer, 60, 20, 2);
    uint32_t fields = 960u << 10 | (uint32_t)older_size;
    const uint8_t header[5] = {0x80 | 111, (uint8_t)(fields >> 16), (uint8_t)(fields >> 8),
                               (uint8_t)fields, 111};
    memcpy(to, header, sizeof(header));
    memcpy(to + sizeof(header), older, older_size);
    memcpy(to + sizeof(header) + older_size, newer, newer_size);
    return sizeof(header) + older_size + newer_size;
}

static void in_red_it_is_found(void **state)
{
    (void)state;
    uint8_t data[2 * LOAD_PAYLOAD_MAX];
    struct load_frame frames[LOAD_PAYLOAD_FRAMES_MAX];
    size_t size = red(data);
    assert_int_equal(load_payload_read_red(data, size, frames), 2);
    assert_int_equal(frames[0].number, 1);
    assert_int_equal(frames[1].number, 2);
}

static void what_is_cut_or_not_ours_is_nothing(void **state)
{
    (void)state;
    uint8_t data[2 * LOAD_PAYLOAD_MAX];
    struct load_frame frames[LOAD_PAYLOAD_FRAMES_MAX];
    size_t size = red(data);
    for (size_t i = 0; i < size; i++) {
        assert_true(load_payload_read_red(data, i, frames) < 3);
        (void)load_payload_read(data, i, frames);
    }
    const uint8_t other[] = {0xf8, 0xff, 0xfe, 1, 2, 3};
    assert_int_equal(load_payload_read(other, sizeof(other), frames), 0);
    assert_int_equal(load_payload_read(other, 0, frames), 0);
    memset(data, 0xff, sizeof(data)); // redundant blocks without end
    assert_int_equal(load_payload_read_red(data, sizeof(data), frames), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_is_opus_and_silent),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(repacketized_it_is_found),
        cmocka_unit_test(in_red_it_is_found),
        cmocka_unit_test(what_is_cut_or_not_ours_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
