// An offer, answered and then carried by the real media code: media_sdp reads it, an engine takes
// the peer, and a client that knows nothing but its offer and the answer sends or receives.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum offer_door { OFFER_WHIP, OFFER_WHEP };

struct offer_outcome {
    enum err err;
    char reason[256];   // as media_sdp_reason()
    const char *answer; // until the next offer; "" when it was refused
    bool sound;         // the answer takes some
    bool picture;
    unsigned sound_heard; // packets that came out at the other end
    unsigned picture_seen;
};

// Call once. `sound_without_picture` as in the configuration.
void offer_carrier_init(void);
void offer_carrier_finish(void);
void offer_carry(enum offer_door door, bool sound_without_picture, const char *offer, size_t size,
                 struct offer_outcome *ret_outcome);

// ---- A publisher of sound and a listener, packet by packet

struct carrier_packet {
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    uint32_t duration_us; // until the next
    bool marker;
    uint8_t padding;     // bytes
    uint8_t csrcs;       //
    uint8_t opus_config; // of the payload (RFC 6716 section 3.1)
    uint16_t size;       // of the payload
};

struct carrier_ear {
    unsigned missing;      // of the packets sent
    unsigned missing_most; // of these, in a row
    unsigned breaks;       // sequence numbers that do not follow
    int32_t step_least;    // of the timestamps, from one packet to the next
    int32_t step_most;
    uint64_t restarts; // as counted
    uint64_t suspects;
};

void carrier_talk_begin(void);
void carrier_talk(const struct carrier_packet *packet);
// Time passes without a packet.
void carrier_pass(uint32_t duration_us);
void carrier_talk_end(struct carrier_ear *ret_ear);
