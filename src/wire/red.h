// Redundant audio data (RFC 2198): one RTP payload that repeats earlier ones before its own. Views
// into the caller's bytes; no allocation. Any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define RED_BLOCKS_MAX 4
#define RED_OFFSET_MAX 0x3fff // ticks, 14 bits
#define RED_SIZE_MAX   0x3ff  // bytes of an earlier payload, 10 bits

struct red_block {
    const uint8_t *data;
    size_t size;
    uint16_t offset; // ticks before the packet's timestamp; 0 for its own payload
    uint8_t payload_type;
};

struct red_packet {
    uint8_t block_count;                     // at least 1
    struct red_block blocks[RED_BLOCKS_MAX]; // the oldest first, the packet's own payload last
};

// ERR_MALFORMED; ERR_TOO_LARGE for more than RED_BLOCKS_MAX blocks.
enum err CHECKED red_read(const uint8_t *payload, size_t size, struct red_packet *ret_packet);
// ERR_TOO_LARGE when it does not fit `capacity`. Asserts what the fields can hold.
enum err CHECKED red_write(const struct red_packet *packet, uint8_t *to, size_t capacity,
                           size_t *ret_size);
