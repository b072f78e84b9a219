#include "wire/rtcp.h"

#include <string.h>

#define REPORT_SIZE      24
#define SENDER_INFO_SIZE 24
#define SDES_CNAME       1
#define REMB_NAME        0x52454d42u // "REMB"

struct rtcp_reader rtcp_reader(const void *data, size_t size)
{
    return (struct rtcp_reader){.bytes = bytes_reader(data, size)};
}

bool rtcp_reader_ok(const struct rtcp_reader *reader)
{
    return bytes_reader_ok(&reader->bytes);
}

bool rtcp_next(struct rtcp_reader *reader, struct rtcp_packet *ret_packet)
{
    struct bytes_reader *bytes = &reader->bytes;
    if (!bytes_reader_ok(bytes) || bytes_left(bytes) == 0) {
        return false;
    }
    uint8_t first = bytes_read_u8(bytes);
    uint8_t type = bytes_read_u8(bytes);
    size_t size = 4u * bytes_read_u16(bytes);
    const uint8_t *body = bytes_take(bytes, size);
    bool padding = (first & 0x20) != 0;
    if (!bytes_reader_ok(bytes) || first >> 6 != 2) {
        bytes->failed = true;
        return false;
    }
    if (padding) {
        // RFC 3550 section 6.4.1: only the last packet has padding; its count is in its last byte,
        // a multiple of four.
        uint8_t count = size > 0 ? body[size - 1] : 0;
        if (bytes_left(bytes) > 0 || count == 0 || count % 4 != 0 || count > size) {
            bytes->failed = true;
            return false;
        }
        size -= count;
    }
    *ret_packet = (struct rtcp_packet){
        .type = type, .count = first & 0x1f, .body = body, .size = size};
    return true;
}

enum err rtcp_check(const void *data, size_t size)
{
    struct rtcp_reader reader = rtcp_reader(data, size);
    struct rtcp_packet packet;
    bool any = false;
    while (rtcp_next(&reader, &packet)) {
        any = true;
    }
    return any && rtcp_reader_ok(&reader) ? ERR_NONE : ERR_MALFORMED;
}

enum err rtcp_sender_ssrc(const void *data, size_t size, uint32_t *ret_ssrc)
{
    if (size < 8) {
        return ERR_MALFORMED;
    }
    *ret_ssrc = bytes_load_u32((const uint8_t *)data + 4);
    return ERR_NONE;
}

bool rtcp_read_sender_info(const struct rtcp_packet *packet, struct rtcp_sender_info *ret_info)
{
    struct bytes_reader reader = bytes_reader(packet->body, packet->size);
    struct rtcp_sender_info info = {.ssrc = bytes_read_u32(&reader),
                                    .ntp = bytes_read_u64(&reader),
                                    .rtp_timestamp = bytes_read_u32(&reader),
                                    .packets = bytes_read_u32(&reader),
                                    .octets = bytes_read_u32(&reader)};
    if (packet->type != RTCP_SR || !bytes_reader_ok(&reader)) {
        return false;
    }
    *ret_info = info;
    return true;
}

bool rtcp_read_report(const struct rtcp_packet *packet, unsigned index,
                      struct rtcp_report *ret_report)
{
    bool sender = packet->type == RTCP_SR;
    if ((!sender && packet->type != RTCP_RR) || index >= packet->count) {
        return false;
    }
    struct bytes_reader reader = bytes_reader(packet->body, packet->size);
    bytes_skip(&reader, (sender ? SENDER_INFO_SIZE : 4) + (size_t)index * REPORT_SIZE);
    struct rtcp_report report = {.ssrc = bytes_read_u32(&reader),
                                 .fraction_lost = bytes_read_u8(&reader)};
    uint32_t lost = bytes_read_u24(&reader);
    report.packets_lost = (int32_t)(lost << 8) >> 8; // sign-extends 24 bits
    report.highest_sequence = bytes_read_u32(&reader);
    report.jitter = bytes_read_u32(&reader);
    report.last_sr = bytes_read_u32(&reader);
    report.delay_since_sr = bytes_read_u32(&reader);
    if (!bytes_reader_ok(&reader)) {
        return false;
    }
    *ret_report = report;
    return true;
}

bool rtcp_read_bye(const struct rtcp_packet *packet, unsigned index, uint32_t *ret_ssrc)
{
    if (packet->type != RTCP_BYE || index >= packet->count || packet->size < 4u * (index + 1)) {
        return false;
    }
    *ret_ssrc = bytes_load_u32(packet->body + 4u * index);
    return true;
}

// Reads one chunk to its end; true when it holds a CNAME.
static bool read_chunk(struct bytes_reader *reader, uint32_t *ret_ssrc, const char **ret_text,
                       size_t *ret_size)
{
    uint32_t ssrc = bytes_read_u32(reader);
    for (;;) {
        uint8_t item = bytes_read_u8(reader);
        if (item == 0 || !bytes_reader_ok(reader)) {
            break;
        }
        size_t size = bytes_read_u8(reader);
        const uint8_t *text = bytes_take(reader, size);
        if (text != NULL && item == SDES_CNAME) {
            *ret_ssrc = ssrc;
            *ret_text = (const char *)text;
            *ret_size = size;
            return true;
        }
    }
    bytes_skip(reader, (4 - reader->position % 4) % 4);
    return false;
}

bool rtcp_read_cname(const struct rtcp_packet *packet, uint32_t *ret_ssrc, const char **ret_text,
                     size_t *ret_size)
{
    if (packet->type != RTCP_SDES) {
        return false;
    }
    struct bytes_reader reader = bytes_reader(packet->body, packet->size);
    for (unsigned i = 0; i < packet->count && bytes_reader_ok(&reader); i++) {
        if (read_chunk(&reader, ret_ssrc, ret_text, ret_size)) {
            return true;
        }
    }
    return false;
}

static bool is_feedback(const struct rtcp_packet *packet, enum rtcp_type type, uint8_t format)
{
    return packet->type == type && packet->count == format && packet->size >= 8;
}

bool rtcp_read_feedback(const struct rtcp_packet *packet, struct rtcp_feedback *ret_feedback)
{
    bool feedback = packet->type == RTCP_TRANSPORT_FEEDBACK ||
                    packet->type == RTCP_PAYLOAD_FEEDBACK;
    if (!feedback || packet->size < 8) {
        return false;
    }
    ret_feedback->sender_ssrc = bytes_load_u32(packet->body);
    ret_feedback->media_ssrc = bytes_load_u32(packet->body + 4);
    return true;
}

bool rtcp_is_nack(const struct rtcp_packet *packet)
{
    return is_feedback(packet, RTCP_TRANSPORT_FEEDBACK, RTCP_FORMAT_NACK);
}

bool rtcp_is_pli(const struct rtcp_packet *packet)
{
    return is_feedback(packet, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_PLI);
}

bool rtcp_is_fir(const struct rtcp_packet *packet)
{
    return is_feedback(packet, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_FIR);
}

bool rtcp_read_nack(const struct rtcp_packet *packet, unsigned index, uint16_t *ret_sequence,
                    uint16_t *ret_following)
{
    size_t offset = 8 + 4 * (size_t)index;
    if (!rtcp_is_nack(packet) || packet->size < offset + 4) {
        return false;
    }
    *ret_sequence = bytes_load_u16(packet->body + offset);
    *ret_following = bytes_load_u16(packet->body + offset + 2);
    return true;
}

bool rtcp_read_fir(const struct rtcp_packet *packet, unsigned index, uint32_t *ret_ssrc,
                   uint8_t *ret_sequence)
{
    size_t offset = 8 + 8 * (size_t)index;
    if (!rtcp_is_fir(packet) || packet->size < offset + 8) {
        return false;
    }
    *ret_ssrc = bytes_load_u32(packet->body + offset);
    *ret_sequence = packet->body[offset + 4];
    return true;
}

bool rtcp_read_remb(const struct rtcp_packet *packet, struct rtcp_remb *ret_remb)
{
    if (!is_feedback(packet, RTCP_PAYLOAD_FEEDBACK, RTCP_FORMAT_AFB)) {
        return false;
    }
    struct bytes_reader reader = bytes_reader(packet->body, packet->size);
    struct rtcp_remb remb = {.sender_ssrc = bytes_read_u32(&reader)};
    bytes_skip(&reader, 4);
    uint32_t name = bytes_read_u32(&reader);
    uint8_t count = bytes_read_u8(&reader);
    uint32_t packed = bytes_read_u24(&reader);
    unsigned exponent = packed >> 18;
    uint64_t mantissa = packed & 0x3ffff;
    bool fits = mantissa == 0 || exponent <= (unsigned)__builtin_clzll(mantissa);
    remb.bits_per_second = mantissa == 0 ? 0 : fits ? mantissa << exponent : UINT64_MAX;
    for (unsigned i = 0; i < count; i++) {
        uint32_t ssrc = bytes_read_u32(&reader);
        if (remb.ssrc_count < RTCP_REMB_MAX) {
            remb.ssrcs[remb.ssrc_count] = ssrc;
            remb.ssrc_count++;
        }
    }
    if (name != REMB_NAME || !bytes_reader_ok(&reader)) {
        return false;
    }
    *ret_remb = remb;
    return true;
}

uint64_t rtcp_ntp_from_wall_us(int64_t wall_us)
{
    const uint64_t epoch_s = 2208988800u; // from 1900 to 1970
    uint64_t seconds = (uint64_t)wall_us / 1000000u + epoch_s;
    uint64_t fraction = ((uint64_t)wall_us % 1000000u << 32) / 1000000u;
    return seconds << 32 | fraction;
}
