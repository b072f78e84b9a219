// What a listener makes of the packets of one slot, whatever their form: the frames of sound, each
// with its time. The frames carry what router_fixture's senders write into them: source and
// counter.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/router.h"
#include "media/variant.h"
#include "router_fixture.h"

#define EAR_FRAMES 4096 // remembered

struct ear_frame {
    uint32_t timestamp;
    link_source source;
    uint32_t counter;
    unsigned heard;    // in packets of its own
    unsigned repeated; // in redundant packets
};

struct ear {
    struct ear_frame frames[EAR_FRAMES]; // by arrival, the oldest overwritten
    uint32_t frame_count;
    uint32_t packet_count;
    uint32_t form_counts[VARIANT_COUNT]; // packets by form; VARIANT_LONG: of several frames
    bool started;
    uint16_t highest_sequence;
    uint32_t cycles;
    uint16_t first_sequence;
    uint16_t switch_sequence; // of the last marker
    bool just_switched;
    uint8_t *indices_seen; // borrowed: a bit for each 48-bit index, or NULL
    size_t indices_max;
};

// Asserts that the packet continues the stream: no index twice, nothing that overlaps with what was
// heard, nothing heard again at another time. `rtp` is decrypted.
void ear_hear(struct ear *ear, const struct heard *heard);
// The frame with this content, or NULL.
const struct ear_frame *ear_find(const struct ear *ear, link_source source, uint32_t counter);
