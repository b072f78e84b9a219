// Repair of video: the last packets of a source's layer, out of which listeners' NACKs are
// answered, and the list of what is missing from the source itself, to be asked again. Pure
// machines; indices are those of track.h.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

#define PACKET_RING_SIZE   512
#define PACKET_PAYLOAD_MAX 1460
#define MISSING_MAX        128 // more at a time are not repaired but replaced by a key frame
#define MISSING_ASKED_MAX  10  // requests for one packet
#define MISSING_BATCH_MAX  64

// All zero is a ring that holds nothing. Clearing does not touch the packets: that would be 750 KB
// in the middle of a media thread's work, so each packet carries the generation it belongs to.
struct packet_ring {
    uint32_t generation;
    struct ring_packet {
        int64_t index; // 0: never used
        uint32_t generation;
        uint32_t timestamp;
        uint16_t size;
        bool marker;
        uint8_t payload[PACKET_PAYLOAD_MAX];
    } packets[PACKET_RING_SIZE];
};

void packet_ring_clear(struct packet_ring *ring);
// ASSERTs size <= PACKET_PAYLOAD_MAX.
void packet_ring_put(struct packet_ring *ring, int64_t index, uint32_t timestamp, bool marker,
                     const uint8_t *payload, size_t size);
// NULL when it is not there (any more).
const struct ring_packet *packet_ring_get(const struct packet_ring *ring, int64_t index);

struct missing {
    struct missing_packet {
        int64_t index;
        time_us since;
        time_us ask_at;
        uint8_t asked;
    } packets[MISSING_MAX]; // ascending
    uint32_t count;
};

// Packets first .. last did not come. False when there are too many: all are given up.
bool missing_add(struct missing *missing, time_us now, int64_t first, int64_t last);
void missing_arrived(struct missing *missing, int64_t index);
void missing_clear(struct missing *missing);
// The sequence numbers to ask for now, ascending; `wait_us` until they are asked for again.
// `ret_given_up` tells that some were waited for too long and are forgotten.
uint32_t missing_ask(struct missing *missing, time_us now, time_us wait_us,
                     uint16_t ret_sequences[MISSING_BATCH_MAX], bool *ret_given_up);
// When missing_ask() has something to do again; TIME_US_NEVER.
time_us missing_deadline(const struct missing *missing);
