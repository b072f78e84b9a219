#include "../test.h"

#include "wire/packet_kind.h"

static void test_first_bytes(void **state)
{
    (void)state;
    // RFC 7983 section 7: every first byte, with a second byte that is no RTCP type.
    for (unsigned first = 0; first < 256; first++) {
        uint8_t data[2] = {(uint8_t)first, 111};
        enum packet_kind expected = first <= 3                    ? PACKET_STUN
                                    : first >= 20 && first <= 63  ? PACKET_DTLS
                                    : first >= 128 && first < 192 ? PACKET_RTP
                                                                  : PACKET_UNKNOWN;
        assert_int_equal(packet_kind(data, sizeof(data)), expected);
    }
}

static void test_rtcp_types(void **state)
{
    (void)state;
    for (unsigned second = 0; second < 256; second++) {
        uint8_t data[2] = {0x80, (uint8_t)second};
        enum packet_kind expected = second >= 192 && second <= 223 ? PACKET_RTCP : PACKET_RTP;
        assert_int_equal(packet_kind(data, sizeof(data)), expected);
    }
}

static void test_too_short(void **state)
{
    (void)state;
    uint8_t data[1] = {0x80};
    assert_int_equal(packet_kind(data, 1), PACKET_UNKNOWN);
    assert_int_equal(packet_kind(data, 0), PACKET_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_bytes),
        cmocka_unit_test(test_rtcp_types),
        cmocka_unit_test(test_too_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
