// The payload of a load's publisher: a valid Opus packet of 48 kHz CELT frames that decode to
// silence (RFC 6716 section 4.3: a frame that begins with ones), each carrying who sent it, its
// number and the time of sending. It is found again whatever a server does to packets: as it is,
// repacketized into longer ones (RFC 6716 section 3.2), or inside RED (RFC 2198). No allocation, no
// clock. Any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOAD_PAYLOAD_MAX        1000 // bytes
#define LOAD_PAYLOAD_FRAMES_MAX 48   // an Opus packet has no more (RFC 6716 section 3.2.5)

struct load_frame {
    uint16_t publisher;
    uint32_t number;  // of the frame; goes on by one
    uint64_t sent_ns; // CLOCK_MONOTONIC
};

// 10, 20, 40 or 60 milliseconds a packet; 40 and 60 are two and three frames of 20.
bool load_payload_length_known(unsigned packet_ms);
unsigned load_payload_frames(unsigned packet_ms);
// The least size of a packet with so many frames.
size_t load_payload_size_min(unsigned packet_ms);

// Writes one packet whose first frame is `first`; `size` between load_payload_size_min() and
// LOAD_PAYLOAD_MAX. The size written: `size`, or a little less where frames must be equally long.
size_t load_payload_write(uint8_t to[LOAD_PAYLOAD_MAX], size_t size, unsigned packet_ms,
                          const struct load_frame *first);
// The frames of ours that an Opus packet holds, in order; 0 when it is none or holds none.
unsigned load_payload_read(const uint8_t *payload, size_t size,
                           struct load_frame ret_frames[LOAD_PAYLOAD_FRAMES_MAX]);
// The same for a RED payload: the redundant blocks first, as they stand, then the primary.
unsigned load_payload_read_red(const uint8_t *payload, size_t size,
                               struct load_frame ret_frames[LOAD_PAYLOAD_FRAMES_MAX]);
