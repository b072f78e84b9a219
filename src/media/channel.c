#include "media/channel.h"

#include "base/assert.h"
#include "media/channel_audio.h"
#include "media/channel_delay.h"
#include "media/slot.h"
#include "media/source.h"

#define DIRECT (1ull << 32)

static struct channel *channel_find_or_make(struct router *router, uint64_t key)
{
    uint32_t index = id_table_find(&router->channel_ids, key);
    if (index != ID_TABLE_NONE) {
        return &router->channels[index];
    }
    if (router->free_channel_count == 0) {
        return NULL;
    }
    index = router->free_channels[--router->free_channel_count];
    struct channel *channel = &router->channels[index];
    *channel = (struct channel){
        .open = true,
        .direct = key >= DIRECT,
        .key = key,
        .audio = &router->channel_audio[index],
    };
    for (size_t i = 0; i < VARIANT_COUNT; i++) {
        channel->fanouts[i].chunks = router->chunk_lists +
                                     ((size_t)index * VARIANT_COUNT + i) *
                                         fanout_chunks_max(router->limits.slots_max);
    }
    channel_audio_init(channel);
    id_table_add(&router->channel_ids, key, index);
    return channel;
}

struct channel *channel_named(struct router *router, link_channel id)
{
    return channel_find_or_make(router, id);
}

struct channel *channel_direct(struct router *router, link_source id)
{
    return channel_find_or_make(router, DIRECT | id);
}

void channel_release(struct router *router, struct channel *channel)
{
    if (channel->slot_count > 0 || (channel->wanted != 0 && !channel->direct) ||
        channel->delay != NULL) {
        return;
    }
    channel_set_source(router, 0, channel, 0);
    for (unsigned i = 0; i < VARIANT_COUNT; i++) {
        ASSERT(channel->fanouts[i].count == 0);
    }
    ASSERT(channel->videos.first == NULL && channel->movers.first == NULL);
    channel_audio_flush(router, channel);
    channel_audio_finish(channel);
    id_table_remove(&router->channel_ids, channel->key);
    router->free_channels[router->free_channel_count++] = (uint32_t)(channel - router->channels);
    *channel = (struct channel){0};
}

static bool own_sound(const struct channel *channel, const struct slot *slot)
{
    return channel->owner != 0 && !channel->direct && channel->owner == slot->peer->id;
}

static bool own_picture(const struct channel *channel, const struct slot *slot)
{
    return channel->source != NULL && !channel->direct &&
           channel->source->description.owner == slot->peer->id;
}

static void mute_owner(struct router *router, struct channel *channel, handle peer)
{
    struct router_peer *owner = pool_get(&router->peers, peer);
    for (uint8_t i = 0; owner != NULL && i < ROUTER_PEER_SLOTS_MAX; i++) {
        struct slot *slot = slot_of_peer(router, owner, i);
        if (slot != NULL && slot->channel == channel && slot->attached && slot->video == NULL &&
            own_sound(channel, slot)) {
            fanout_mute(&channel->fanouts[slot->variant], &router->store, slot->index);
        }
    }
}

void channel_sound(struct router *router, struct channel *channel, link_peer owner, handle peer)
{
    channel_audio_flush(router, channel);
    channel_audio_restart(channel);
    channel->owner = owner;
    for (unsigned i = 0; i < VARIANT_COUNT; i++) {
        fanout_switch(&channel->fanouts[i]);
    }
    mute_owner(router, channel, peer);
}

static void carry(struct router *router, time_us now, struct channel *channel,
                  struct source *source)
{
    list_remove(&channel->of_source);
    channel->source = source;
    if (source != NULL) {
        list_add(&source->channels, &channel->of_source);
    }
    link_peer owner = source != NULL ? source->description.owner : 0;
    handle peer = source != NULL ? source->description.peer : HANDLE_NONE;
    if (channel->delay != NULL) {
        channel_delay_switch(router, now, channel, owner, peer);
    } else {
        channel_sound(router, channel, owner, peer);
    }
    for (struct list_link *at = channel->videos.first; at != NULL; at = at->next) {
        video_slot_reset(router, slot_of_channel(at));
    }
}

static void succession_end(struct channel *channel)
{
    list_remove(&channel->awaiting);
    channel->next = 0;
}

void channel_set_source(struct router *router, time_us now, struct channel *channel,
                        link_source wanted)
{
    succession_end(channel);
    if (channel->wanted == wanted) {
        return;
    }
    channel->wanted = wanted;
    carry(router, now, channel, wanted != 0 ? source_find(router, wanted) : NULL);
    for (struct list_link *at = channel->videos.first; at != NULL && channel->source != NULL;
         at = at->next) {
        video_slots_choose(router, slot_of_channel(at)->peer, now);
    }
}

void channel_succeed(struct router *router, time_us now, struct channel *channel, link_source next,
                     time_us wait)
{
    if (next == 0 || channel->source == NULL || channel->wanted == next) {
        channel_set_source(router, now, channel, next);
        return;
    }
    succession_end(channel);
    channel->next = next;
    channel->next_since = now;
    channel->next_due = now + wait;
    struct source *awaited = source_find(router, next);
    if (awaited != NULL) {
        source_sound_renew(awaited);
    }
    list_add(&router->awaiting, &channel->awaiting);
    router->awaiting_at = channel->next_due < router->awaiting_at ? channel->next_due
                                                                  : router->awaiting_at;
}

// What it carries has sound in it.
static bool is_heard(const struct channel *channel, time_us now)
{
    return channel->source != NULL && source_is_heard(channel->source, now);
}

void channels_source_heard(struct router *router, time_us now, const struct source *source,
                           bool sound)
{
    for (struct list_link *at = router->awaiting.first, *following; at != NULL; at = following) {
        struct channel *channel = channel_awaiting(at);
        following = at->next;
        bool will_do = sound || (now >= channel->next_due && !is_heard(channel, now));
        if (channel->next == source->description.id && will_do) {
            channel_set_source(router, now, channel, channel->next);
        }
    }
}

time_us channels_succession_on_deadline(struct router *router, time_us now)
{
    time_us due = TIME_US_NEVER;
    for (struct list_link *at = router->awaiting.first, *following; at != NULL; at = following) {
        struct channel *channel = channel_awaiting(at);
        following = at->next;
        const struct source *next = source_find(router, channel->next);
        if (now < channel->next_due) {
            due = channel->next_due < due ? channel->next_due : due;
        } else if (next != NULL && next->last_packet >= channel->next_since &&
                   !is_heard(channel, now)) {
            channel_set_source(router, now, channel, channel->next); // it is there, and quiet
        }
    }
    return due;
}

bool channels_await(const struct router *router, link_source source)
{
    struct list_link *at = router->awaiting.first;
    while (at != NULL && channel_awaiting(at)->next != source) {
        at = at->next;
    }
    return at != NULL;
}

void channels_source_opened(struct router *router, struct source *source)
{
    uint32_t channels = router->limits.channels_max + router->limits.sources_max;
    for (uint32_t i = 0; i < channels; i++) {
        struct channel *channel = &router->channels[i];
        if (channel->open && channel->wanted == source->description.id) {
            carry(router, 0, channel, source);
        }
    }
}

void channels_source_closing(struct router *router, struct source *source)
{
    while (source->channels.first != NULL) {
        carry(router, 0, channel_of_source(source->channels.first), NULL);
    }
}

void channel_attach(struct router *router, time_us now, struct slot *slot)
{
    struct channel *channel = slot->channel;
    ASSERT(channel != NULL && !slot->attached);
    if (slot->video == NULL) {
        channel_audio_join(router, slot);
    }
    slot->attached = true;
    if (slot->video == NULL) {
        fanout_add(&channel->fanouts[slot->variant], &router->store, slot->index, &slot->listener,
                   own_sound(channel, slot));
        return;
    }
    list_add(&channel->videos, &slot->of_channel);
    video_slot_reset(router, slot);
    video_slots_choose(router, slot->peer, now);
}

void channel_detach(struct router *router, struct slot *slot)
{
    struct channel *channel = slot->channel;
    ASSERT(channel != NULL && slot->attached);
    slot->attached = false;
    if (slot->video == NULL) {
        channel_audio_leave(slot);
        fanout_remove(&channel->fanouts[slot->variant], &router->store, slot->index,
                      &slot->listener);
        return;
    }
    list_remove(&slot->of_channel);
    video_slot_reset(router, slot);
}

void channel_renew(struct router *router, struct channel *channel)
{
    channel_audio_flush(router, channel);
    channel_audio_restart(channel);
    for (unsigned i = 0; i < VARIANT_COUNT; i++) {
        channel->fanouts[i].settled = 0;
    }
}

void channel_forward_video(struct router *router, struct channel *channel,
                           const struct video_packet *packet)
{
    for (struct list_link *at = channel->videos.first; at != NULL; at = at->next) {
        struct slot *slot = slot_of_channel(at);
        if (!own_picture(channel, slot)) {
            video_slot_forward(router, slot, packet);
        }
    }
}
