// RTCP of a router: what is sent to peers.
#pragma once

#include "media/router_state.h"

// A visit to the peer, once a second: sender and receiver reports (every time with video, else
// every fourth time), REMB.
void reports_send(struct router *router, time_us now, struct router_peer *peer, bool audio_too);
// Half way between two visits: a receiver report of the sound that has arrived since the last one;
// nothing when none did. By these a page knows that its microphone gets through.
void reports_acknowledge(struct router *router, time_us now, struct router_peer *peer);
// What the peer may send of pictures, at once.
void reports_send_limit(struct router *router, time_us now, struct router_peer *peer);
void reports_send_key_frame_request(struct router *router, struct router_peer *peer, uint32_t ssrc);
void reports_send_missing(struct router *router, struct router_peer *peer, uint32_t ssrc,
                          const uint16_t *sequences, uint32_t count);
