// Channels: which source goes to which slots.
#pragma once

#include "media/router_state.h"
#include "media/video_slot.h"

// The channel of that name, made when needed; NULL when there are too many.
struct channel *channel_named(struct router *router, link_channel id);
// The way from one source directly to slots.
struct channel *channel_direct(struct router *router, link_source id);
// Gives it back when nothing refers to it.
void channel_release(struct router *router, struct channel *channel);
// It carries the source with the id `wanted`, if that is open.
void channel_set_source(struct router *router, time_us now, struct channel *channel,
                        link_source wanted);
// The same, but at that source's next packet with sound, or after `wait` at one without when what
// it carries is not heard either.
void channel_succeed(struct router *router, time_us now, struct channel *channel, link_source next,
                     time_us wait);
// A packet of it came: before it is forwarded.
void channels_source_heard(struct router *router, time_us now, const struct source *source,
                           bool sound);
// The earliest deadline that is still ahead.
time_us channels_succession_on_deadline(struct router *router, time_us now);
bool channels_await(const struct router *router, link_source source);
// A source was opened, or is about to be closed: the channels that want it begin, or cease, to
// carry it.
void channels_source_opened(struct router *router, struct source *source);
void channels_source_closing(struct router *router, struct source *source);

// The slot begins or ceases to receive its channel.
void channel_attach(struct router *router, time_us now, struct slot *slot);
void channel_detach(struct router *router, struct slot *slot);

// What its audio listeners hear from now on is a source of this owner's; 0: nobody's. `peer` is the
// owner's here, and is muted.
void channel_sound(struct router *router, struct channel *channel, link_peer owner, handle peer);
// The sender began a new epoch: everybody gets new offsets.
void channel_renew(struct router *router, struct channel *channel);
void channel_forward_video(struct router *router, struct channel *channel,
                           const struct video_packet *packet);
