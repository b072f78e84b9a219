#include "wire/rtcp.h"

#include <string.h>

#include "base/assert.h"

#define REMB_NAME 0x52454d42u // "REMB"

// `words` is the size behind the header, in units of four bytes.
static void write_header(struct bytes_writer *writer, enum rtcp_type type, unsigned count,
                         size_t words)
{
    bytes_write_u8(writer, (uint8_t)(0x80 | count));
    bytes_write_u8(writer, (uint8_t)type);
    bytes_write_u16(writer, (uint16_t)words);
}

static void write_reports(struct bytes_writer *writer, const struct rtcp_report *reports,
                          unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const struct rtcp_report *report = &reports[i];
        int32_t lost = report->packets_lost;
        lost = lost > 0x7fffff ? 0x7fffff : lost < -0x800000 ? -0x800000 : lost;
        bytes_write_u32(writer, report->ssrc);
        bytes_write_u8(writer, report->fraction_lost);
        bytes_write_u24(writer, (uint32_t)lost & 0xffffff);
        bytes_write_u32(writer, report->highest_sequence);
        bytes_write_u32(writer, report->jitter);
        bytes_write_u32(writer, report->last_sr);
        bytes_write_u32(writer, report->delay_since_sr);
    }
}

void rtcp_write_sr(struct bytes_writer *writer, const struct rtcp_sender_info *info,
                   const struct rtcp_report *reports, unsigned report_count)
{
    ASSERT(report_count <= RTCP_REPORTS_MAX);
    write_header(writer, RTCP_SR, report_count, 6 + 6u * report_count);
    bytes_write_u32(writer, info->ssrc);
    bytes_write_u64(writer, info->ntp);
    bytes_write_u32(writer, info->rtp_timestamp);
    bytes_write_u32(writer, info->packets);
    bytes_write_u32(writer, info->octets);
    write_reports(writer, reports, report_count);
}

void rtcp_write_rr(struct bytes_writer *writer, uint32_t ssrc, const struct rtcp_report *reports,
                   unsigned report_count)
{
    ASSERT(report_count <= RTCP_REPORTS_MAX);
    write_header(writer, RTCP_RR, report_count, 1 + 6u * report_count);
    bytes_write_u32(writer, ssrc);
    write_reports(writer, reports, report_count);
}

void rtcp_write_sdes(struct bytes_writer *writer, uint32_t ssrc, const char *cname)
{
    static const uint8_t zeros[4];
    size_t size = strlen(cname);
    ASSERT(size <= RTCP_CNAME_MAX);
    // SSRC, item header and text, then one to four zero bytes that end the chunk.
    size_t end = 4 + 2 + size;
    size_t padded = (end / 4 + 1) * 4;
    write_header(writer, RTCP_SDES, 1, padded / 4);
    bytes_write_u32(writer, ssrc);
    bytes_write_u8(writer, 1); // CNAME
    bytes_write_u8(writer, (uint8_t)size);
    bytes_write(writer, cname, size);
    bytes_write(writer, zeros, padded - end);
}

void rtcp_write_bye(struct bytes_writer *writer, uint32_t ssrc)
{
    write_header(writer, RTCP_BYE, 1, 1);
    bytes_write_u32(writer, ssrc);
}

static void write_feedback(struct bytes_writer *writer, struct rtcp_feedback feedback)
{
    bytes_write_u32(writer, feedback.sender_ssrc);
    bytes_write_u32(writer, feedback.media_ssrc);
}

void rtcp_write_nack(struct bytes_writer *writer, struct rtcp_feedback feedback,
                     const uint16_t *sequences, unsigned count)
{
    if (count == 0) {
        return;
    }
    size_t start = writer->position;
    write_header(writer, RTCP_TRANSPORT_FEEDBACK, RTCP_FORMAT_NACK, 0);
    write_feedback(writer, feedback);
    unsigned pairs = 0;
    for (unsigned i = 0; i < count; pairs++) {
        uint16_t first = sequences[i];
        uint16_t following = 0;
        for (i++; i < count; i++) {
            uint16_t distance = (uint16_t)(sequences[i] - first);
            if (distance > 16) {
                break;
            }
            if (distance > 0) {
                following |= (uint16_t)(1u << (distance - 1));
            }
        }
        bytes_write_u16(writer, first);
        bytes_write_u16(writer, following);
    }
    if (bytes_writer_ok(writer)) {
        bytes_store_u16(writer->data + start + 2, (uint16_t)(2 + pairs));
    }
}

void rtcp_write_pli(struct bytes_writer *writer, struct rtcp_feedback feedback)
{
    write_header(writer, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_PLI, 2);
    write_feedback(writer, feedback);
}

void rtcp_write_fir(struct bytes_writer *writer, uint32_t sender_ssrc, uint32_t ssrc,
                    uint8_t sequence)
{
    write_header(writer, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_FIR, 4);
    write_feedback(writer, (struct rtcp_feedback){.sender_ssrc = sender_ssrc});
    bytes_write_u32(writer, ssrc);
    bytes_write_u8(writer, sequence);
    bytes_write_u24(writer, 0);
}

void rtcp_write_remb(struct bytes_writer *writer, const struct rtcp_remb *remb)
{
    ASSERT(remb->ssrc_count <= RTCP_REMB_MAX);
    uint64_t mantissa = remb->bits_per_second;
    unsigned exponent = 0;
    while (mantissa > 0x3ffff) {
        mantissa >>= 1;
        exponent++;
    }
    write_header(writer, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_AFB, 4u + remb->ssrc_count);
    write_feedback(writer, (struct rtcp_feedback){.sender_ssrc = remb->sender_ssrc});
    bytes_write_u32(writer, REMB_NAME);
    bytes_write_u8(writer, remb->ssrc_count);
    bytes_write_u24(writer, exponent << 18 | (uint32_t)mantissa);
    for (unsigned i = 0; i < remb->ssrc_count; i++) {
        bytes_write_u32(writer, remb->ssrcs[i]);
    }
}
