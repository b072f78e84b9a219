// A channel's sound on its way to the listeners, in each of its forms (variant.h): one fan-out a
// form. What is made of a packet is made here, once, when somebody is in the form's group.
//
// Plain and redundant packets count by the source's packets; packets of up to 60 ms by a count of
// their own, in which each packet that the source lost has its place as well, so that it may still
// come. A slot changes between the two counts only where no packet waits to be completed, so that
// it hears everything once.
#pragma once

#include "media/router_state.h"
#include "wire/opus_packet.h"

#define CHANNEL_AUDIO_WAIT_US (60 * TIME_US_PER_MS) // for the rest of a packet of 60 ms

struct audio_packet {
    struct fanout_packet as_sent;   // the index is that of silence.h
    const struct opus_packet *opus; // NULL: not readable
    bool silent;
    bool late; // older than the newest
};

// What lasts for the channel's life.
void channel_audio_init(struct channel *channel);
void channel_audio_forward(struct router *router, struct channel *channel,
                           const struct audio_packet *packet);
// Sends what waits to be completed.
void channel_audio_flush(struct router *router, struct channel *channel);
// Another source, or the source's sender began anew: what follows is no continuation. Flush first.
void channel_audio_restart(struct channel *channel);
// Takes the channel out of what waits.
void channel_audio_finish(struct channel *channel);
// Sends what waited long enough, of all channels. The next time to call it.
time_us channels_audio_on_deadline(struct router *router, time_us now);

// The slot's choice may have changed: it goes to the group of its form, now or after the packet
// that is being completed.
void channel_audio_choose(struct router *router, struct slot *slot);
// The slot is about to be added to its channel: finds the group to begin in.
void channel_audio_join(struct router *router, struct slot *slot);
// The slot leaves its channel: it no longer waits for another form.
void channel_audio_leave(struct slot *slot);
