// Sources: what comes in. See router.h for the calls; these are for the router's other files.
#pragma once

#include "media/router_state.h"

struct source *source_find(const struct router *router, link_source id);
// Asks the sender for a key frame of the layer, now if the last request is old enough, and again
// until it comes.
void source_request_key_frame(struct router *router, time_us now, struct source *source,
                              uint8_t layer);
// It had sound in its packets within the last second. Known by other threads than its owner's only
// while a channel waits for its next source.
bool source_is_heard(const struct source *source, time_us now);
// Packets of a sound since it was opened.
struct thin_sound_count source_count(const struct source *source);
// On each tick: requests that are due, and whether it still delivers.
void source_tick(struct router *router, time_us now, struct source *source);
// Looks at how its owner's packets come, and tells the owner when it shall send less.
void source_limit_owner(struct router *router, time_us now, struct source *source);
// Asks for missing packets; the next time this has something to do.
time_us source_ask_missing(struct router *router, time_us now, struct source *source);
// How loud the local sources were since the last call, to the sink.
void sources_tell_levels(struct router *router);
// The measured rate of a layer, 0 when it does not deliver now.
uint32_t source_layer_bps(const struct source *source, uint8_t layer, time_us now);
struct router_peer *source_owner(const struct router *router, const struct source *source);
// Somebody waits for its next sound: what was heard before says nothing of now, and for ten seconds
// nothing is missed.
void source_sound_renew(struct source *source);
// Is there sound in a packet that does not tell its level? For packets that are not decoded (they
// come too fast, or nobody waits) the answer is that of the last one. `opus` is what the payload
// was read as.
bool source_sound_judge(struct router *router, struct source *source, time_us now,
                        const struct opus_packet *opus, const uint8_t *payload, size_t size);
// To the sink, when it changed and the source is received here: whether it delivers, and sounds.
void source_tell_state(struct router *router, const struct source *source, bool changed);

// Received on this thread, by one of its peers.
static inline bool source_is_local(const struct source *source)
{
    return source->description.peer != HANDLE_NONE;
}
