#include "../test.h"

#include "base/bytes.h"

static void test_round_trip(void **state)
{
    (void)state;
    uint8_t data[32];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    bytes_write_u8(&writer, 0x01);
    bytes_write_u16(&writer, 0x0203);
    bytes_write_u24(&writer, 0x040506);
    bytes_write_u32(&writer, 0x0708090a);
    bytes_write_u64(&writer, 0x0b0c0d0e0f101112);
    bytes_write(&writer, "\x13\x14", 2);
    assert_true(bytes_writer_ok(&writer));
    assert_int_equal(writer.position, 20);
    for (uint8_t i = 0; i < 20; i++) {
        assert_int_equal(data[i], i + 1);
    }
    struct bytes_reader reader = bytes_reader(data, writer.position);
    assert_int_equal(bytes_read_u8(&reader), 0x01);
    assert_int_equal(bytes_read_u16(&reader), 0x0203);
    assert_int_equal(bytes_read_u24(&reader), 0x040506);
    assert_int_equal(bytes_read_u32(&reader), 0x0708090a);
    assert_true(bytes_read_u64(&reader) == 0x0b0c0d0e0f101112);
    assert_memory_equal(bytes_take(&reader, 2), "\x13\x14", 2);
    assert_true(bytes_reader_ok(&reader));
    assert_int_equal(bytes_left(&reader), 0);
}

static void test_reading_beyond_the_end(void **state)
{
    (void)state;
    static const uint8_t data[3] = {1, 2, 3};
    struct bytes_reader reader = bytes_reader(data, sizeof(data));
    assert_int_equal(bytes_read_u32(&reader), 0);
    assert_false(bytes_reader_ok(&reader));
    assert_int_equal(bytes_read_u8(&reader), 0); // sticky, although a byte is there
    assert_null(bytes_take(&reader, 0));
    reader = bytes_reader(data, sizeof(data));
    bytes_skip(&reader, SIZE_MAX);
    assert_false(bytes_reader_ok(&reader));
}

static void test_writing_beyond_the_end(void **state)
{
    (void)state;
    uint8_t data[4] = {9, 9, 9, 9};
    struct bytes_writer writer = bytes_writer(data, 3);
    bytes_write_u16(&writer, 1);
    bytes_write_u16(&writer, 2);
    assert_false(bytes_writer_ok(&writer));
    assert_int_equal(data[2], 9); // nothing of the second number
    bytes_write_u8(&writer, 3);
    assert_int_equal(data[2], 9); // sticky
    assert_null(bytes_reserve(&writer, 1));
}

static void test_load_and_store(void **state)
{
    (void)state;
    uint8_t data[4];
    bytes_store_u32(data, 0xfedcba98);
    assert_int_equal(data[0], 0xfe);
    assert_int_equal(bytes_load_u32(data), 0xfedcba98);
    bytes_store_u16(data, 0x1234);
    assert_int_equal(bytes_load_u16(data), 0x1234);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_reading_beyond_the_end),
        cmocka_unit_test(test_writing_beyond_the_end),
        cmocka_unit_test(test_load_and_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
