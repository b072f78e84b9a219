// RTP packets (RFC 3550 section 5) and their header extensions (RFC 8285). Offsets and views into
// the caller's bytes; no allocation. Any thread.
//
// A packet is read twice: rtp_parse() before decryption (the header is in the clear, the padding
// count is not) and rtp_strip_padding() after it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define RTP_HEADER_SIZE            12
#define RTP_PACKET_MAX             1500 // bytes; nothing larger crosses our path
#define RTP_EXTENSION_ONE_BYTE     0xBEDE
#define RTP_EXTENSION_TWO_BYTE     0x1000 // upper 12 bits; the lower four are for the application
#define RTP_EXTENSION_ONE_BYTE_MAX 14     // highest id of the one-byte form

struct rtp_packet {
    uint8_t payload_type;
    bool marker;
    bool padding; // the P bit: rtp_strip_padding() is needed
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    uint16_t header_size; // bytes from the start to the payload: fixed header, CSRCs, extension
    uint16_t
        payload_size; // bytes; includes authentication tag and padding until those are taken off
    uint16_t extension_profile; // 0 when there is no extension
    uint16_t extension_offset;  // of the first element, from the start of the packet
    uint16_t extension_size;    // bytes of elements
};

// ERR_MALFORMED unless version 2 and everything the header announces lies within `size` (at most
// 65,535).
enum err CHECKED rtp_parse(const uint8_t *data, size_t size, struct rtp_packet *ret_packet);
// For a decrypted packet of `size` bytes: sets payload_size, without padding. ERR_MALFORMED when
// the padding count is zero or larger than the payload.
enum err CHECKED rtp_strip_padding(const uint8_t *data, size_t size, struct rtp_packet *packet);

// One header extension element. `data` points into the packet when read, at the caller's bytes when
// written.
struct rtp_extension {
    uint8_t id;
    uint8_t size;
    const uint8_t *data;
};

struct rtp_extension_reader {
    const uint8_t *data; // the elements
    uint16_t size;
    uint16_t position;
    bool two_byte;
};

// `data` is the packet that `packet` was parsed from. An unknown extension profile gives no
// elements.
struct rtp_extension_reader rtp_extension_reader(const struct rtp_packet *packet,
                                                 const uint8_t *data);
// False at the end, and at the first element that does not fit.
bool rtp_extension_next(struct rtp_extension_reader *reader, struct rtp_extension *ret_extension);
bool rtp_extension_find(const struct rtp_packet *packet, const uint8_t *data, uint8_t id,
                        struct rtp_extension *ret_extension);

struct rtp_header {
    uint8_t payload_type;
    bool marker;
    bool extension; // rtp_write_extensions() follows
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
};

void rtp_write_header(uint8_t to[RTP_HEADER_SIZE], const struct rtp_header *header);
// The one-byte form, padded to four bytes. The size written; 0 when it does not fit, an id is
// not 1..14 or a size not 1..16.
size_t rtp_write_extensions(const struct rtp_extension *extensions, size_t count, uint8_t *to,
                            size_t capacity);

// a - b on the circle: positive when `a` is newer.
static inline int16_t rtp_sequence_difference(uint16_t a, uint16_t b)
{
    return (int16_t)(uint16_t)(a - b);
}

static inline int32_t rtp_timestamp_difference(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

// The 64-bit value nearest to `last` whose lower bits are `value`. Begin with `last` = the first
// value itself.
static inline int64_t rtp_sequence_unwrap(int64_t last, uint16_t value)
{
    return last + rtp_sequence_difference(value, (uint16_t)last);
}

static inline int64_t rtp_timestamp_unwrap(int64_t last, uint32_t value)
{
    return last + rtp_timestamp_difference(value, (uint32_t)last);
}

// abs-send-time: seconds in 6.18 fixed point, 24 bits, wraps every 64 s (webrtc.org
// "abs-send-time").
#define RTP_ABS_SEND_TIME_SIZE 3
uint32_t rtp_abs_send_time(int64_t time_us);
// The interval `later - earlier` in microseconds; right for intervals under 32 s either way.
int64_t rtp_abs_send_time_difference_us(uint32_t later, uint32_t earlier);
