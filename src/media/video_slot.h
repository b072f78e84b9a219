// Video slots: one continuous SSRC out of the layers of changing sources, VP8 and H.264. The
// payload type, which depends on the source's codec, changes with the source.
#pragma once

#include "media/router_state.h"
#include "wire/vp8.h"

struct video_packet {
    struct source *source;
    uint8_t layer;
    bool late;        // older than the newest of its layer
    bool restarted;   // its sender began a new epoch
    bool has_picture; // false: padding, or not readable; left out
    bool marker;
    int64_t index;
    uint32_t timestamp;
    time_us now;
    bool key_frame;         // a decoder may begin with it
    struct vp8_payload vp8; // all zero for H.264, which has neither numbers nor temporal layers
    uint8_t *payload;       // may be rewritten: each slot puts its own numbers there
    size_t size;
};

void video_slot_init(struct router *router, struct slot *slot);
// Another source, or none: waits for a key frame.
void video_slot_reset(struct router *router, struct slot *slot);
void video_slot_forward(struct router *router, struct slot *slot,
                        const struct video_packet *packet);
// Sends what waits for its turn, as far as it has it.
void video_slot_catch_up(struct router *router, struct slot *slot, time_us now);
// A listener misses this packet: repeats it under the RTX SSRC (RFC 4588).
void video_slot_repeat(struct router *router, struct slot *slot, time_us now, uint16_t sequence);
// A listener cannot decode: asks for a key frame of what it is sent.
void video_slot_request_key_frame(struct router *router, struct slot *slot, time_us now);
// Chooses the layers of all video slots of a peer.
void video_slots_choose(struct router *router, struct router_peer *peer, time_us now);
// The same after a sign that its line does not carry what it is sent; a weak one (video_choice.h).
void video_slots_retreat(struct router *router, struct router_peer *peer, time_us now, bool weak);
// The numbers of the slots, as bits, whose pictures are there and not sent, because the line does
// not carry them.
uint16_t video_slots_held(const struct router *router, const struct router_peer *peer, time_us now);
