// Pictures to one peer share what the line takes (video_choice.h): each packet, repeated ones
// included, takes from a bucket that fills at that rate. A packet of a picture that finds it empty
// waits with all that follow it in the ring of its source, and goes out a little later: so a key
// frame does not fill the line's queue, where voice would wait behind it.
#pragma once

#include "media/router_state.h"

// May a packet with so much payload be sent now?
bool video_pace_affords(struct router_peer *peer, time_us now, size_t size);
// A datagram was sent.
void video_pace_spend(struct router_peer *peer, size_t size);
// The slot goes on with the packet `index` of its layer when its turn comes.
void video_pace_wait(struct router *router, struct slot *slot, time_us now, int64_t index);
// The slot does not wait any more.
void video_pace_end(struct slot *slot);
// Sends what has its turn; when to call again.
time_us video_pace_on_deadline(struct router *router, time_us now);
