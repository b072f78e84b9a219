// The last payloads of a channel, and packets that repeat them (RFC 2198). Made once for all
// listeners of the channel; so the Opus payload type inside must be the same for all of them:
// REDUNDANCY_OPUS_TYPE, which is what browsers that offer RED give Opus. The first packets after a
// listener's switch may repeat some from before it: receivers have played or hold something else at
// that time and leave them. No allocation.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REDUNDANCY_OPUS_TYPE    111
#define REDUNDANCY_DISTANCE_MAX 2
#define REDUNDANCY_HELD         8    // a power of two; more than the distance, for late packets
#define REDUNDANCY_PAYLOAD_MAX  500  // larger ones are not repeated
#define REDUNDANCY_BYTES_MAX    1200 // a packet beyond this repeats less
#define REDUNDANCY_OUT_MAX      1600

struct redundancy {
    struct {
        int64_t index; // 0: none
        uint32_t timestamp;
        uint16_t size;
        uint8_t payload[REDUNDANCY_PAYLOAD_MAX];
    } held[REDUNDANCY_HELD];
};

struct redundancy_packet {
    const uint8_t *payload;
    size_t size;
    int64_t index; // positive
    uint32_t timestamp;
};

void redundancy_clear(struct redundancy *redundancy);
void redundancy_put(struct redundancy *redundancy, const struct redundancy_packet *packet);
// The packet with up to `distance` earlier ones before it, as far as they are held and fit. `to`
// has room for REDUNDANCY_OUT_MAX. The size.
size_t redundancy_make(const struct redundancy *redundancy, const struct redundancy_packet *packet,
                       unsigned distance, uint8_t *to);
