// What arrived on the media port, told by its first bytes (RFC 7983 section 7; RFC 5761 section 4
// for RTCP). Says nothing about validity: each parser decides for itself. Any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum packet_kind { PACKET_UNKNOWN, PACKET_STUN, PACKET_DTLS, PACKET_RTP, PACKET_RTCP };

static inline enum packet_kind packet_kind(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return PACKET_UNKNOWN;
    }
    if (data[0] <= 3) {
        return PACKET_STUN;
    }
    if (data[0] >= 20 && data[0] <= 63) {
        return PACKET_DTLS;
    }
    if (data[0] >= 128 && data[0] <= 191) {
        return data[1] >= 192 && data[1] <= 223 ? PACKET_RTCP : PACKET_RTP;
    }
    return PACKET_UNKNOWN;
}
