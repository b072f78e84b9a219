// RTCP: compound packets (RFC 3550 section 6), also reduced-size ones (RFC 5506), feedback (RFC
// 4585, RFC 5104) and REMB (draft-alvestrand-rmcat-remb-03). Views into the caller's bytes; no
// allocation. Any thread.
//
// Reading: rtcp_reader(), then rtcp_next() until it is false, then rtcp_reader_ok() tells an end
// from a fault. A reader who must not act upon half a compound calls rtcp_check() first. Writing:
// into a bytes_writer; each rtcp_write_*() appends one packet; bytes_writer_ok() at the end.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"

enum rtcp_type {
    RTCP_SR = 200,
    RTCP_RR = 201,
    RTCP_SDES = 202,
    RTCP_BYE = 203,
    RTCP_APP = 204,
    RTCP_TRANSPORT_FEEDBACK = 205, // RTPFB
    RTCP_PAYLOAD_FEEDBACK = 206,   // PSFB
};

// The "count" of feedback packets.
#define RTCP_FORMAT_NACK 1  // of RTCP_TRANSPORT_FEEDBACK
#define RTCP_FORMAT_PLI  1  // of RTCP_PAYLOAD_FEEDBACK
#define RTCP_FORMAT_FIR  4  // of RTCP_PAYLOAD_FEEDBACK
#define RTCP_FORMAT_AFB  15 // of RTCP_PAYLOAD_FEEDBACK: REMB

#define RTCP_REPORTS_MAX 31  // per packet
#define RTCP_CNAME_MAX   255 // bytes
#define RTCP_REMB_MAX    16  // SSRCs we read; more are ignored

struct rtcp_packet {
    uint8_t type;        // enum rtcp_type, or another that the reader skips
    uint8_t count;       // report count, source count or feedback format
    const uint8_t *body; // behind the four bytes of header, without padding
    size_t size;         // of the body
};

struct rtcp_reader {
    struct bytes_reader bytes;
};

struct rtcp_reader rtcp_reader(const void *data, size_t size);
bool rtcp_next(struct rtcp_reader *reader, struct rtcp_packet *ret_packet);
bool rtcp_reader_ok(const struct rtcp_reader *reader);
// ERR_MALFORMED unless the whole datagram is a sequence of whole packets.
enum err CHECKED rtcp_check(const void *data, size_t size);
// The SSRC of the first packet's sender, which selects the SRTCP replay window; also right for an
// encrypted compound. ERR_MALFORMED when `size` is under 8.
enum err CHECKED rtcp_sender_ssrc(const void *data, size_t size, uint32_t *ret_ssrc);

struct rtcp_sender_info {
    uint32_t ssrc;
    uint64_t ntp;           // 32.32 seconds since 1900
    uint32_t rtp_timestamp; // of the same instant
    uint32_t packets;
    uint32_t octets; // payload only
};

struct rtcp_report {
    uint32_t ssrc;         // of whom it speaks
    uint8_t fraction_lost; // 1/256
    int32_t packets_lost;  // cumulative, 24 bits signed
    uint32_t highest_sequence;
    uint32_t jitter; // in the stream's clock
    uint32_t last_sr;
    uint32_t delay_since_sr; // 1/65536 s
};

// All of these: false when the packet is of another type or format, or too short.
bool rtcp_read_sender_info(const struct rtcp_packet *packet, struct rtcp_sender_info *ret_info);
// Report block `index` of an SR or RR; `index` < packet->count.
bool rtcp_read_report(const struct rtcp_packet *packet, unsigned index,
                      struct rtcp_report *ret_report);
bool rtcp_read_bye(const struct rtcp_packet *packet, unsigned index, uint32_t *ret_ssrc);
// The CNAME of the first chunk that has one. A view, not NUL-terminated.
bool rtcp_read_cname(const struct rtcp_packet *packet, uint32_t *ret_ssrc, const char **ret_text,
                     size_t *ret_size);

// Feedback: who asks, and about whom (0 for FIR and REMB, which name it inside).
struct rtcp_feedback {
    uint32_t sender_ssrc;
    uint32_t media_ssrc;
};
bool rtcp_read_feedback(const struct rtcp_packet *packet, struct rtcp_feedback *ret_feedback);
bool rtcp_is_nack(const struct rtcp_packet *packet);
bool rtcp_is_pli(const struct rtcp_packet *packet);
bool rtcp_is_fir(const struct rtcp_packet *packet);
// Pair `index` of a NACK (RFC 4585 section 6.2.1): bit i of `following` asks for sequence + i + 1.
bool rtcp_read_nack(const struct rtcp_packet *packet, unsigned index, uint16_t *ret_sequence,
                    uint16_t *ret_following);
bool rtcp_read_fir(const struct rtcp_packet *packet, unsigned index, uint32_t *ret_ssrc,
                   uint8_t *ret_sequence);

struct rtcp_remb {
    uint32_t sender_ssrc;
    uint64_t bits_per_second; // UINT64_MAX when the exponent exceeds 64 bits
    uint8_t ssrc_count;
    uint32_t ssrcs[RTCP_REMB_MAX];
};
bool rtcp_read_remb(const struct rtcp_packet *packet, struct rtcp_remb *ret_remb);

// `report_count` <= RTCP_REPORTS_MAX.
void rtcp_write_sr(struct bytes_writer *writer, const struct rtcp_sender_info *info,
                   const struct rtcp_report *reports, unsigned report_count);
void rtcp_write_rr(struct bytes_writer *writer, uint32_t ssrc, const struct rtcp_report *reports,
                   unsigned report_count);
// `cname` at most RTCP_CNAME_MAX bytes.
void rtcp_write_sdes(struct bytes_writer *writer, uint32_t ssrc, const char *cname);
void rtcp_write_bye(struct bytes_writer *writer, uint32_t ssrc);
// Packs the sorted (by age, wrapping) sequence numbers into PID/BLP pairs.
void rtcp_write_nack(struct bytes_writer *writer, struct rtcp_feedback feedback,
                     const uint16_t *sequences, unsigned count);
void rtcp_write_pli(struct bytes_writer *writer, struct rtcp_feedback feedback);
void rtcp_write_fir(struct bytes_writer *writer, uint32_t sender_ssrc, uint32_t ssrc,
                    uint8_t sequence);
// Writes the mantissa rounded down. `ssrc_count` <= RTCP_REMB_MAX.
void rtcp_write_remb(struct bytes_writer *writer, const struct rtcp_remb *remb);

// Seconds since 1900 in 32.32 from microseconds since 1970, and the middle 32 bits that reports
// carry (RFC 3550 section 4).
uint64_t rtcp_ntp_from_wall_us(int64_t wall_us);
static inline uint32_t rtcp_ntp_middle(uint64_t ntp)
{
    return (uint32_t)(ntp >> 16);
}
