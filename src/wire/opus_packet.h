// How an Opus packet is made up (RFC 6716 section 3): what its first bytes say of its frames. Looks
// at no audio. No allocation. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define OPUS_PACKET_FRAMES_MAX 48   // of 2.5 ms each
#define OPUS_PACKET_TICKS_MAX  5760 // 120 ms at 48 kHz, section 3.2.5
#define OPUS_FRAME_BYTES_MAX   1275 // section 3.2.1

struct opus_packet {
    uint8_t toc;          // configuration (5 bits), stereo (1), code (2): section 3.1
    uint8_t frame_count;  // 1 .. OPUS_PACKET_FRAMES_MAX
    uint16_t frame_ticks; // samples at 48 kHz of each frame
    uint16_t first;       // where the first frame's bytes begin
    uint16_t padding;     // bytes at the end
    uint16_t sizes[OPUS_PACKET_FRAMES_MAX]; // bytes of each frame, in order
};

// ERR_MALFORMED for what section 3.4 forbids; then *ret_packet is undefined.
enum err CHECKED opus_packet_read(const uint8_t *payload, size_t size,
                                  struct opus_packet *ret_packet);
// Samples at 48 kHz of all its frames.
uint32_t opus_packet_ticks(const struct opus_packet *packet);
// Has no frame more bytes than these?
bool opus_packet_within(const struct opus_packet *packet, uint16_t frame_bytes);
// Does it only say that nothing is said: frames of at most one byte, which a decoder fills with
// comfort noise (discontinuous transmission)?
bool opus_packet_silent(const struct opus_packet *packet);
