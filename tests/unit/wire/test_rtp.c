#include "../test.h"

#include "wire/rtp.h"

static void test_plain_header(void **state)
{
    (void)state;
    static const uint8_t data[] = "\x80\xef\x12\x34\x01\x02\x03\x04\xa0\xb0\xc0\xd0payload";
    struct rtp_packet packet;
    assert_int_equal(rtp_parse(data, 19, &packet), ERR_NONE);
    assert_int_equal(packet.payload_type, 0x6f);
    assert_true(packet.marker);
    assert_int_equal(packet.sequence, 0x1234);
    assert_int_equal(packet.timestamp, 0x01020304);
    assert_int_equal(packet.ssrc, 0xa0b0c0d0);
    assert_int_equal(packet.header_size, 12);
    assert_int_equal(packet.payload_size, 7);
    for (size_t size = 0; size < 12; size++) {
        assert_int_equal(rtp_parse(data, size, &packet), ERR_MALFORMED);
    }
}

static void test_write_and_read(void **state)
{
    (void)state;
    struct rtp_header header = {.payload_type = 111,
                                .marker = true,
                                .extension = true,
                                .sequence = 65535,
                                .timestamp = 0xfffffff0,
                                .ssrc = 0xdeadbeef};
    const uint8_t level[1] = {0x85};
    const uint8_t mid[16] = "abcdefghijklmnop";
    struct rtp_extension extensions[2] = {{.id = 1, .size = 1, .data = level},
                                          {.id = 14, .size = 16, .data = mid}};
    uint8_t data[64];
    rtp_write_header(data, &header);
    size_t extended = rtp_write_extensions(extensions, 2, data + 12, sizeof(data) - 12);
    assert_int_equal(extended, 4 + 20); // 2 + 17 bytes, padded
    struct rtp_packet packet;
    assert_int_equal(rtp_parse(data, 12 + extended + 3, &packet), ERR_NONE);
    assert_int_equal(packet.header_size, 12 + extended);
    assert_int_equal(packet.payload_size, 3);
    assert_int_equal(packet.sequence, 65535);
    assert_int_equal(packet.ssrc, 0xdeadbeef);
    struct rtp_extension found;
    assert_true(rtp_extension_find(&packet, data, 14, &found));
    assert_int_equal(found.size, 16);
    assert_memory_equal(found.data, mid, 16);
    assert_true(rtp_extension_find(&packet, data, 1, &found));
    assert_int_equal(found.data[0], 0x85);
    assert_false(rtp_extension_find(&packet, data, 2, &found));
}

static void test_write_extensions_refuses(void **state)
{
    (void)state;
    const uint8_t value[17] = {0};
    uint8_t to[64];
    struct rtp_extension extension = {.id = 15, .size = 1, .data = value};
    assert_int_equal(rtp_write_extensions(&extension, 1, to, sizeof(to)), 0);
    extension = (struct rtp_extension){.id = 1, .size = 17, .data = value};
    assert_int_equal(rtp_write_extensions(&extension, 1, to, sizeof(to)), 0);
    extension = (struct rtp_extension){.id = 1, .size = 16, .data = value};
    assert_int_equal(rtp_write_extensions(&extension, 1, to, 23), 0);
    assert_int_equal(rtp_write_extensions(&extension, 1, to, 24), 24);
}

static void test_contributing_sources(void **state)
{
    (void)state;
    uint8_t data[12 + 8 + 4] = {0x82};
    struct rtp_packet packet;
    assert_int_equal(rtp_parse(data, sizeof(data), &packet), ERR_NONE);
    assert_int_equal(packet.header_size, 20);
    assert_int_equal(packet.payload_size, 4);
    assert_int_equal(rtp_parse(data, 19, &packet), ERR_MALFORMED);
}

static void test_extension_beyond_the_end(void **state)
{
    (void)state;
    uint8_t data[20] = {0x90};
    data[12] = 0xbe;
    data[13] = 0xde;
    data[15] = 2; // 8 bytes announced, 4 there
    struct rtp_packet packet;
    assert_int_equal(rtp_parse(data, sizeof(data), &packet), ERR_MALFORMED);
    data[15] = 1;
    assert_int_equal(rtp_parse(data, sizeof(data), &packet), ERR_NONE);
    // An element that announces 16 bytes where 3 are left ends the reading.
    data[16] = 0x1f;
    struct rtp_extension found;
    assert_false(rtp_extension_find(&packet, data, 1, &found));
    data[14] = 0x40; // 65,540 bytes announced
    assert_int_equal(rtp_parse(data, sizeof(data), &packet), ERR_MALFORMED);
}

static void test_two_byte_extensions(void **state)
{
    (void)state;
    // RFC 8285 section 4.3: an empty element, padding, an element of two bytes.
    static const uint8_t data[] =
        "\x90\x6f\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"
        "\x10\x00\x00\x02\x07\x00\x00\x20\x02\xaa\xbb\x00";
    struct rtp_packet packet;
    assert_int_equal(rtp_parse(data, 24, &packet), ERR_NONE);
    struct rtp_extension_reader reader = rtp_extension_reader(&packet, data);
    struct rtp_extension extension;
    assert_true(rtp_extension_next(&reader, &extension));
    assert_int_equal(extension.id, 7);
    assert_int_equal(extension.size, 0);
    assert_true(rtp_extension_next(&reader, &extension));
    assert_int_equal(extension.id, 0x20);
    assert_int_equal(extension.size, 2);
    assert_int_equal(extension.data[1], 0xbb);
    assert_false(rtp_extension_next(&reader, &extension));
}

static void test_padding(void **state)
{
    (void)state;
    uint8_t data[16] = {0xa0, 0x6f};
    struct rtp_packet packet;
    assert_int_equal(rtp_parse(data, sizeof(data), &packet), ERR_NONE);
    assert_true(packet.padding);
    assert_int_equal(rtp_strip_padding(data, sizeof(data), &packet), ERR_MALFORMED); // zero
    data[15] = 5;
    assert_int_equal(rtp_strip_padding(data, sizeof(data), &packet), ERR_MALFORMED);
    data[15] = 4;
    assert_int_equal(rtp_strip_padding(data, sizeof(data), &packet), ERR_NONE);
    assert_int_equal(packet.payload_size, 0);
    data[15] = 1;
    assert_int_equal(rtp_strip_padding(data, sizeof(data), &packet), ERR_NONE);
    assert_int_equal(packet.payload_size, 3);
}

static void test_sequences(void **state)
{
    (void)state;
    assert_int_equal(rtp_sequence_difference(2, 65534), 4);
    assert_int_equal(rtp_sequence_difference(65534, 2), -4);
    assert_true(rtp_timestamp_difference(10, 0xfffffff6) == 20);
    int64_t last = 65530;
    for (uint32_t i = 65531; i < 200000; i++) {
        last = rtp_sequence_unwrap(last, (uint16_t)i);
        assert_true(last == (int64_t)i);
    }
    assert_true(rtp_sequence_unwrap(65536, 65535) == 65535);
    assert_true(rtp_timestamp_unwrap(0xfffffff0, 0x10) == 0x100000010);
}

static void test_abs_send_time(void **state)
{
    (void)state;
    assert_int_equal(rtp_abs_send_time(1000000), 1 << 18);
    assert_int_equal(rtp_abs_send_time(64000000), 0);
    uint32_t before = rtp_abs_send_time(63990000);
    uint32_t after = rtp_abs_send_time(64010000);
    int64_t difference = rtp_abs_send_time_difference_us(after, before);
    assert_in_range(difference, 19990, 20010);
    assert_true(rtp_abs_send_time_difference_us(before, after) < -19989);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_header),
        cmocka_unit_test(test_write_and_read),
        cmocka_unit_test(test_write_extensions_refuses),
        cmocka_unit_test(test_contributing_sources),
        cmocka_unit_test(test_extension_beyond_the_end),
        cmocka_unit_test(test_two_byte_extensions),
        cmocka_unit_test(test_padding),
        cmocka_unit_test(test_sequences),
        cmocka_unit_test(test_abs_send_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
