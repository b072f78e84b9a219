#include "../test.h"

#include "wire/rtcp.h"

static const struct rtcp_report report = {.ssrc = 0x11111111,
                                          .fraction_lost = 25,
                                          .packets_lost = -3,
                                          .highest_sequence = 0x00012345,
                                          .jitter = 77,
                                          .last_sr = 0xaabbccdd,
                                          .delay_since_sr = 65536};

static void test_sender_report(void **state)
{
    (void)state;
    struct rtcp_sender_info info = {.ssrc = 0xcafebabe,
                                    .ntp = 0x0123456789abcdef,
                                    .rtp_timestamp = 48000,
                                    .packets = 1000,
                                    .octets = 80000};
    uint8_t data[256];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    rtcp_write_sr(&writer, &info, &report, 1);
    rtcp_write_sdes(&writer, info.ssrc, "plenary");
    rtcp_write_bye(&writer, info.ssrc);
    assert_true(bytes_writer_ok(&writer));
    assert_int_equal(rtcp_check(data, writer.position), ERR_NONE);

    struct rtcp_reader reader = rtcp_reader(data, writer.position);
    struct rtcp_packet packet;
    assert_true(rtcp_next(&reader, &packet));
    struct rtcp_sender_info read_info;
    assert_true(rtcp_read_sender_info(&packet, &read_info));
    assert_int_equal(read_info.ssrc, info.ssrc);
    assert_true(read_info.ntp == info.ntp);
    assert_int_equal(read_info.rtp_timestamp, info.rtp_timestamp);
    assert_int_equal(read_info.packets, info.packets);
    assert_int_equal(read_info.octets, info.octets);
    struct rtcp_report read_report;
    assert_true(rtcp_read_report(&packet, 0, &read_report));
    assert_int_equal(read_report.ssrc, report.ssrc);
    assert_int_equal(read_report.fraction_lost, report.fraction_lost);
    assert_int_equal(read_report.packets_lost, report.packets_lost);
    assert_int_equal(read_report.highest_sequence, report.highest_sequence);
    assert_int_equal(read_report.jitter, report.jitter);
    assert_int_equal(read_report.last_sr, report.last_sr);
    assert_int_equal(read_report.delay_since_sr, report.delay_since_sr);
    assert_false(rtcp_read_report(&packet, 1, &read_report));

    assert_true(rtcp_next(&reader, &packet));
    uint32_t ssrc;
    const char *cname;
    size_t cname_size;
    assert_true(rtcp_read_cname(&packet, &ssrc, &cname, &cname_size));
    assert_int_equal(ssrc, info.ssrc);
    assert_int_equal(cname_size, 7);
    assert_memory_equal(cname, "plenary", 7);

    assert_true(rtcp_next(&reader, &packet));
    assert_true(rtcp_read_bye(&packet, 0, &ssrc));
    assert_false(rtcp_read_bye(&packet, 1, &ssrc));
    assert_int_equal(ssrc, info.ssrc);
    assert_false(rtcp_next(&reader, &packet));
    assert_true(rtcp_reader_ok(&reader));
    assert_int_equal(rtcp_sender_ssrc(data, writer.position, &ssrc), ERR_NONE);
    assert_int_equal(ssrc, info.ssrc);
}

static void test_receiver_report(void **state)
{
    (void)state;
    struct rtcp_report reports[RTCP_REPORTS_MAX];
    for (unsigned i = 0; i < RTCP_REPORTS_MAX; i++) {
        reports[i] = report;
        reports[i].ssrc = i;
    }
    reports[3].packets_lost = 0x7fffffff; // cut to 24 bits
    uint8_t data[1024];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    rtcp_write_rr(&writer, 5, reports, RTCP_REPORTS_MAX);
    struct rtcp_reader reader = rtcp_reader(data, writer.position);
    struct rtcp_packet packet;
    assert_true(rtcp_next(&reader, &packet));
    assert_int_equal(packet.count, RTCP_REPORTS_MAX);
    struct rtcp_report read_report;
    assert_true(rtcp_read_report(&packet, 30, &read_report));
    assert_int_equal(read_report.ssrc, 30);
    assert_true(rtcp_read_report(&packet, 3, &read_report));
    assert_int_equal(read_report.packets_lost, 0x7fffff);
    // A count larger than the body is not believed.
    data[3] = 1 + 6;
    reader = rtcp_reader(data, 4 + 4 * 7);
    assert_true(rtcp_next(&reader, &packet));
    assert_true(rtcp_read_report(&packet, 0, &read_report));
    assert_false(rtcp_read_report(&packet, 1, &read_report));
}

static void test_cname_lengths(void **state)
{
    (void)state;
    char cname[RTCP_CNAME_MAX + 1];
    for (size_t size = 0; size <= RTCP_CNAME_MAX; size++) {
        memset(cname, 'x', size);
        cname[size] = '\0';
        uint8_t data[512];
        struct bytes_writer writer = bytes_writer(data, sizeof(data));
        rtcp_write_sdes(&writer, 9, cname);
        assert_int_equal(writer.position % 4, 0);
        struct rtcp_reader reader = rtcp_reader(data, writer.position);
        struct rtcp_packet packet;
        uint32_t ssrc;
        const char *text;
        size_t text_size;
        assert_true(rtcp_next(&reader, &packet));
        assert_true(rtcp_read_cname(&packet, &ssrc, &text, &text_size));
        assert_int_equal(text_size, size);
        assert_false(rtcp_next(&reader, &packet));
        assert_true(rtcp_reader_ok(&reader));
    }
}

static void test_nack(void **state)
{
    (void)state;
    const uint16_t lost[] = {65530, 65534, 65535, 0, 10, 11, 27, 28, 1000};
    const unsigned lost_count = sizeof(lost) / sizeof(lost[0]);
    uint8_t data[128];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    rtcp_write_nack(&writer, (struct rtcp_feedback){1, 2}, lost, lost_count);
    struct rtcp_reader reader = rtcp_reader(data, writer.position);
    struct rtcp_packet packet;
    assert_true(rtcp_next(&reader, &packet));
    assert_true(rtcp_is_nack(&packet));
    struct rtcp_feedback feedback;
    assert_true(rtcp_read_feedback(&packet, &feedback));
    assert_int_equal(feedback.sender_ssrc, 1);
    assert_int_equal(feedback.media_ssrc, 2);
    unsigned found = 0;
    unsigned pairs = 0;
    uint16_t sequence;
    uint16_t following;
    for (; rtcp_read_nack(&packet, pairs, &sequence, &following); pairs++) {
        assert_int_equal(sequence, lost[found]);
        found++;
        for (unsigned bit = 0; bit < 16; bit++) {
            if ((following >> bit & 1) != 0) {
                assert_int_equal((uint16_t)(sequence + bit + 1), lost[found]);
                found++;
            }
        }
    }
    assert_int_equal(found, lost_count);
    assert_int_equal(pairs, 4); // 65530 to 10, 11 to 27, 28, 1000
}

static void test_key_frame_requests(void **state)
{
    (void)state;
    uint8_t data[64];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    rtcp_write_pli(&writer, (struct rtcp_feedback){7, 8});
    rtcp_write_fir(&writer, 7, 9, 200);
    struct rtcp_reader reader = rtcp_reader(data, writer.position);
    struct rtcp_packet packet;
    struct rtcp_feedback feedback;
    assert_true(rtcp_next(&reader, &packet));
    assert_true(rtcp_is_pli(&packet));
    assert_false(rtcp_is_fir(&packet));
    assert_true(rtcp_read_feedback(&packet, &feedback));
    assert_int_equal(feedback.media_ssrc, 8);
    assert_true(rtcp_next(&reader, &packet));
    assert_true(rtcp_is_fir(&packet));
    uint32_t ssrc;
    uint8_t sequence;
    assert_true(rtcp_read_fir(&packet, 0, &ssrc, &sequence));
    assert_int_equal(ssrc, 9);
    assert_int_equal(sequence, 200);
    assert_false(rtcp_read_fir(&packet, 1, &ssrc, &sequence));
}

static void test_remb(void **state)
{
    (void)state;
    static const uint64_t rates[] = {0, 1, 0x3ffff, 0x40000, 1500000, 25000000000, UINT64_MAX};
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        struct rtcp_remb remb = {
            .sender_ssrc = 1, .bits_per_second = rates[i], .ssrc_count = 2, .ssrcs = {3, 4}};
        struct rtcp_remb again;
        uint8_t data[128];
        struct bytes_writer writer = bytes_writer(data, sizeof(data));
        rtcp_write_remb(&writer, &remb);
        struct rtcp_reader reader = rtcp_reader(data, writer.position);
        struct rtcp_packet packet;
        assert_true(rtcp_next(&reader, &packet));
        assert_true(rtcp_read_remb(&packet, &again));
        assert_int_equal(again.ssrc_count, 2);
        assert_int_equal(again.ssrcs[1], 4);
        assert_true(again.bits_per_second <= rates[i]);
        assert_true(rates[i] - again.bits_per_second <= rates[i] >> 17);
    }
    // Mantissa 1, exponent 63 fits; mantissa 2 does not.
    static uint8_t wide[] = "\x8f\xce\x00\x04\x00\x00\x00\x01\x00\x00\x00\x00REMB\x00\xfc\x00\x01";
    struct rtcp_remb remb;
    struct rtcp_packet packet;
    struct rtcp_reader reader = rtcp_reader(wide, 20);
    assert_true(rtcp_next(&reader, &packet));
    assert_true(rtcp_read_remb(&packet, &remb));
    assert_true(remb.bits_per_second == (uint64_t)1 << 63);
    wide[19] = 2;
    assert_true(rtcp_read_remb(&packet, &remb));
    assert_true(remb.bits_per_second == UINT64_MAX);
    wide[16] = 1; // an SSRC announced that is not there
    assert_false(rtcp_read_remb(&packet, &remb));
}

static void test_bounds(void **state)
{
    (void)state;
    uint8_t data[64];
    struct bytes_writer writer = bytes_writer(data, sizeof(data));
    rtcp_write_rr(&writer, 5, &report, 1);
    for (size_t size = 0; size < writer.position; size++) {
        assert_int_equal(rtcp_check(data, size), ERR_MALFORMED);
    }
    data[0] = 0x41; // version 1
    assert_int_equal(rtcp_check(data, writer.position), ERR_MALFORMED);
    data[0] = 0xa1; // padding whose count is the last byte: zero
    assert_int_equal(rtcp_check(data, writer.position), ERR_MALFORMED);
    data[writer.position - 1] = 4;
    assert_int_equal(rtcp_check(data, writer.position), ERR_NONE);
    struct rtcp_reader reader = rtcp_reader(data, writer.position);
    struct rtcp_packet packet;
    assert_true(rtcp_next(&reader, &packet));
    assert_int_equal(packet.size, 24);
    data[writer.position - 1] = 200;
    assert_int_equal(rtcp_check(data, writer.position), ERR_MALFORMED);
    // Writing beyond the room fails whole.
    struct bytes_writer small = bytes_writer(data, 31);
    rtcp_write_rr(&small, 5, &report, 1);
    assert_false(bytes_writer_ok(&small));
}

static void test_ntp(void **state)
{
    (void)state;
    assert_true(rtcp_ntp_from_wall_us(0) == (uint64_t)2208988800u << 32);
    uint64_t ntp = rtcp_ntp_from_wall_us(1500000);
    assert_true(ntp == ((uint64_t)2208988801u << 32 | 0x80000000u));
    assert_int_equal(rtcp_ntp_middle(0x0123456789abcdef), 0x456789ab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sender_report),
        cmocka_unit_test(test_receiver_report),
        cmocka_unit_test(test_cname_lengths),
        cmocka_unit_test(test_nack),
        cmocka_unit_test(test_key_frame_requests),
        cmocka_unit_test(test_remb),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_ntp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
