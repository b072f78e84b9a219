// Redundant audio data (RFC 2198).
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/red.h"

static struct red_packet packet;

static void test_writes_as_section_3_draws_it(void **state)
{
    (void)state;
    struct red_packet made = {
        .block_count = 3,
        .blocks = {{(const uint8_t *)"aa", 2, 1920, 111},
                   {(const uint8_t *)"bbb", 3, 960, 111},
                   {(const uint8_t *)"c", 1, 0, 111}},
    };
    const uint8_t expected[] = {0xef, 0x1e, 0x00, 2,   0xef, 0x0f, 0x00, 3,
                                0x6f, 'a',  'a',  'b', 'b',  'b',  'c'};
    uint8_t bytes[64];
    size_t size = 0;
    assert_int_equal(red_write(&made, bytes, sizeof(bytes), &size), ERR_NONE);
    assert_int_equal(size, sizeof(expected));
    assert_memory_equal(bytes, expected, size);
    assert_int_equal(red_write(&made, bytes, size - 1, &size), ERR_TOO_LARGE);
    assert_int_equal(red_read(expected, sizeof(expected), &packet), ERR_NONE);
    assert_int_equal(packet.block_count, 3);
    assert_int_equal(packet.blocks[0].offset, 1920);
    assert_int_equal(packet.blocks[1].size, 3);
    assert_memory_equal(packet.blocks[1].data, "bbb", 3);
    assert_int_equal(packet.blocks[2].payload_type, 111);
    assert_memory_equal(packet.blocks[2].data, "c", 1);
}

static void test_largest_fields(void **state)
{
    (void)state;
    static uint8_t earlier[RED_SIZE_MAX];
    static uint8_t bytes[2000];
    struct red_packet made = {
        .block_count = 2,
        .blocks = {{earlier, RED_SIZE_MAX, RED_OFFSET_MAX, 127}, {earlier, 4, 0, 0}},
    };
    size_t size = 0;
    assert_int_equal(red_write(&made, bytes, sizeof(bytes), &size), ERR_NONE);
    assert_int_equal(red_read(bytes, size, &packet), ERR_NONE);
    assert_int_equal(packet.blocks[0].offset, RED_OFFSET_MAX);
    assert_int_equal(packet.blocks[0].size, RED_SIZE_MAX);
    assert_int_equal(packet.blocks[0].payload_type, 127);
    assert_int_equal(packet.blocks[1].size, 4);
}

static void test_every_truncation_of_headers_is_refused(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0xef, 0x0f, 0x00, 3, 0x6f, 'a', 'b', 'c', 'd'};
    for (size_t size = 0; size < 8; size++) {
        assert_int_equal(red_read(bytes, size, &packet), ERR_MALFORMED);
    }
    assert_int_equal(red_read(bytes, 8, &packet), ERR_NONE); // its own payload may be empty
    uint8_t many[4 * RED_BLOCKS_MAX + 1] = {0};
    for (unsigned i = 0; i < RED_BLOCKS_MAX; i++) {
        many[i * 4] = 0x80;
    }
    assert_int_equal(red_read(many, sizeof(many), &packet), ERR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_as_section_3_draws_it),
        cmocka_unit_test(test_largest_fields),
        cmocka_unit_test(test_every_truncation_of_headers_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
