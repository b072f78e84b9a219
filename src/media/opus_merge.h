// Several Opus packets put together into one of up to 60 ms, without decoding (libopus's
// repacketizer; the limits are of RFC 6716 section 3.2.5 and of the path's packet size). A pure
// machine; one per channel; no allocation after opus_merge_init().
//
//   for each packet in order: when opus_merge_add() says no, opus_merge_take() and add again
//   when opus_merge_full() or it waited too long: opus_merge_take()
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"
#include "wire/opus_packet.h"

#define OPUS_MERGE_TICKS      2880 // 60 ms
#define OPUS_MERGE_BYTES_MAX  1200 // of several packets together; one alone may be larger
#define OPUS_MERGE_PACKET_MAX 1500
#define OPUS_MERGE_OUT_MAX    1600
#define OPUS_MERGE_STATE_SIZE 1024 // of libopus's repacketizer, at most

struct opus_merge {
    _Alignas(16) uint8_t state[OPUS_MERGE_STATE_SIZE]; // holds pointers into data
    uint8_t data[OPUS_MERGE_PACKET_MAX];
    size_t size;
    uint32_t packet_count;
    uint8_t toc;
    bool mergeable;     // nothing can be added to a packet that is no readable Opus
    uint32_t timestamp; // of the first packet, and so the marker and the time
    bool marker;
    time_us first_at;
    uint32_t ticks; // together
};

struct opus_merge_packet {
    const uint8_t *payload;
    size_t size;
    const struct opus_packet *opus; // NULL: not readable; goes alone
    uint32_t timestamp;
    uint32_t ticks;
    bool marker;
    time_us now;
};

void opus_merge_init(struct opus_merge *merge);
// False: it does not belong to what is held (another configuration, a gap or jump in time, too
// long or too large): take that first. An empty one takes anything up to
// OPUS_MERGE_PACKET_MAX.
bool opus_merge_add(struct opus_merge *merge, const struct opus_merge_packet *packet);
bool opus_merge_empty(const struct opus_merge *merge);
bool opus_merge_full(const struct opus_merge *merge);
// Writes the one packet to `to`, which has room for OPUS_MERGE_OUT_MAX, and is empty. The size; 0
// when it was empty. The merge's timestamp, marker, ticks and first_at stay readable.
size_t opus_merge_take(struct opus_merge *merge, uint8_t *to);
