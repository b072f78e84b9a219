// Channels that are held back by up to a second, so that a sound meets its picture. What arrives
// for such a channel waits in a line of its own and reaches the listeners when its time has come;
// a change of the source waits its turn among the packets, so that nothing of either is cut off. A
// change of the delay is heard once: a gap when it rises, a skip when it falls. Then the sequence
// numbers go on without one missing, and the timestamps by our clock.
//
// Other channels have no line: their packets pass by one test of a pointer.
#pragma once

#include "media/channel_audio.h"
#include "media/router_state.h"

// ERR_FULL: ROUTER_DELAY_LINES_MAX channels are held back already; then nothing changes.
enum err CHECKED channel_delay_set(struct router *router, time_us now, struct channel *channel,
                                   uint32_t delay_ms);
// The channel must be held back, here and below. Takes the packet in instead of
// channel_audio_forward().
void channel_delay_packet(struct router *router, struct channel *channel,
                          const struct audio_packet *packet);
// Instead of channel_sound(): another owner's source, or none.
void channel_delay_switch(struct router *router, time_us now, struct channel *channel,
                          link_peer owner, handle peer);
// Instead of channel_renew().
void channel_delay_renew(struct router *router, time_us now, struct channel *channel);
// Sends what waited long enough, of all channels. The next time to call it.
time_us channels_delay_on_deadline(struct router *router, time_us now);
