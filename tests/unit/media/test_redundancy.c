// Packets that repeat earlier ones.
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "media/redundancy.h"
#include "wire/red.h"

#define FIRST 0x20000

static struct redundancy redundancy;
static uint8_t payloads[64][REDUNDANCY_PAYLOAD_MAX + 1];
static uint8_t out[REDUNDANCY_OUT_MAX];
static struct red_packet red;

static struct redundancy_packet packet_at(unsigned i, size_t size)
{
    memset(payloads[i], (int)i, size);
    return (struct redundancy_packet){payloads[i], size, FIRST + (int64_t)i, 0xfffffc00u + i * 960};
}

static void make(const struct redundancy_packet *packet, unsigned distance)
{
    size_t size = redundancy_make(&redundancy, packet, distance, out);
    assert_int_equal(red_read(out, size, &red), ERR_NONE);
    const struct red_block *own = &red.blocks[red.block_count - 1];
    assert_int_equal(own->size, packet->size);
    assert_memory_equal(own->data, packet->payload, own->size);
    assert_int_equal(own->payload_type, REDUNDANCY_OPUS_TYPE);
}

static void test_repeats_what_is_held(void **state)
{
    (void)state;
    redundancy_clear(&redundancy);
    for (unsigned i = 0; i < 40; i++) {
        struct redundancy_packet packet = packet_at(i, 20 + i);
        for (unsigned distance = 1; distance <= 2; distance++) {
            make(&packet, distance);
            unsigned repeated = i < distance ? i : distance;
            assert_int_equal(red.block_count, repeated + 1);
            for (unsigned k = 0; k < repeated; k++) {
                unsigned back = repeated - k; // the oldest first
                assert_int_equal(red.blocks[k].offset, back * 960);
                assert_int_equal(red.blocks[k].size, 20 + i - back);
                assert_memory_equal(red.blocks[k].data, payloads[i - back], 20 + i - back);
            }
        }
        redundancy_put(&redundancy, &packet);
    }
}

static void test_what_is_missing_is_left_out(void **state)
{
    (void)state;
    redundancy_clear(&redundancy);
    struct redundancy_packet a = packet_at(1, 30);
    struct redundancy_packet c = packet_at(3, 30);
    redundancy_put(&redundancy, &a);
    make(&c, 1);
    assert_int_equal(red.block_count, 1);
    make(&c, 2);
    assert_int_equal(red.block_count, 2);
    assert_int_equal(red.blocks[0].offset, 2 * 960);
    // The one between comes late; then it is repeated as well.
    redundancy_put(&redundancy, &c);
    struct redundancy_packet b = packet_at(2, 30);
    make(&b, 1);
    assert_int_equal(red.block_count, 2);
    redundancy_put(&redundancy, &b);
    struct redundancy_packet d = packet_at(4, 30);
    make(&d, 2);
    assert_int_equal(red.block_count, 3);
    // A long pause in time is more than the offset can say.
    d.timestamp += RED_OFFSET_MAX;
    make(&d, 2);
    assert_int_equal(red.block_count, 1);
}

static void test_large_payloads(void **state)
{
    (void)state;
    redundancy_clear(&redundancy);
    struct redundancy_packet large = packet_at(1, REDUNDANCY_PAYLOAD_MAX);
    struct redundancy_packet larger = packet_at(2, REDUNDANCY_PAYLOAD_MAX + 1);
    redundancy_put(&redundancy, &large);
    redundancy_put(&redundancy, &larger);
    struct redundancy_packet next = packet_at(3, REDUNDANCY_PAYLOAD_MAX);
    make(&next, 2);
    assert_int_equal(red.block_count, 2); // the larger one is not repeated
    assert_int_equal(red.blocks[0].offset, 2 * 960);
    redundancy_put(&redundancy, &next);
    struct redundancy_packet last = packet_at(4, REDUNDANCY_PAYLOAD_MAX);
    redundancy_put(&redundancy, &last);
    struct redundancy_packet after = packet_at(5, REDUNDANCY_PAYLOAD_MAX);
    make(&after, 2);
    assert_int_equal(red.block_count, 2); // two do not fit; the nearest is kept
    assert_int_equal(red.blocks[0].offset, 960);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats_what_is_held),
        cmocka_unit_test(test_what_is_missing_is_left_out),
        cmocka_unit_test(test_large_payloads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
