#include <string.h>

#include "fuzz.h"
#include "wire/rtcp.h"

static void read_reports(const struct rtcp_packet *packet)
{
    struct rtcp_sender_info info;
    struct rtcp_report report;
    uint32_t ssrc;
    (void)rtcp_read_sender_info(packet, &info);
    for (unsigned i = 0; i <= packet->count; i++) {
        if (rtcp_read_report(packet, i, &report)) {
            ASSERT(i < packet->count);
            ASSERT(report.packets_lost >= -0x800000 && report.packets_lost <= 0x7fffff);
        }
        (void)rtcp_read_bye(packet, i, &ssrc);
    }
    const char *cname;
    size_t cname_size;
    if (rtcp_read_cname(packet, &ssrc, &cname, &cname_size)) {
        ASSERT((const uint8_t *)cname + cname_size <= packet->body + packet->size);
    }
}

static void read_feedback(const struct rtcp_packet *packet)
{
    struct rtcp_feedback feedback;
    uint16_t sequence;
    uint16_t following;
    uint32_t ssrc;
    uint8_t number;
    (void)rtcp_read_feedback(packet, &feedback);
    for (unsigned i = 0; rtcp_read_nack(packet, i, &sequence, &following); i++) {
        ASSERT(i < packet->size);
    }
    for (unsigned i = 0; rtcp_read_fir(packet, i, &ssrc, &number); i++) {
        ASSERT(i < packet->size);
    }
    struct rtcp_remb remb;
    if (rtcp_read_remb(packet, &remb)) {
        // Written again and read again, it says the same.
        uint8_t data[128];
        struct rtcp_remb again;
        struct rtcp_packet copy;
        struct bytes_writer writer = bytes_writer(data, sizeof(data));
        rtcp_write_remb(&writer, &remb);
        struct rtcp_reader reader = rtcp_reader(data, writer.position);
        ASSERT(rtcp_next(&reader, &copy) && rtcp_read_remb(&copy, &again));
        ASSERT(again.ssrc_count == remb.ssrc_count);
        ASSERT(remb.bits_per_second == UINT64_MAX || again.bits_per_second == remb.bits_per_second);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rtcp_reader reader = rtcp_reader(data, size);
    struct rtcp_packet packet;
    unsigned packets = 0;
    while (rtcp_next(&reader, &packet)) {
        ASSERT(packet.body + packet.size <= data + size);
        read_reports(&packet);
        read_feedback(&packet);
        packets++;
    }
    bool whole = packets > 0 && rtcp_reader_ok(&reader);
    ASSERT((rtcp_check(data, size) == ERR_NONE) == whole);
    return 0;
}
