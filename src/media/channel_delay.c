#include "media/channel_delay.h"

#include "base/assert.h"
#include "media/channel.h"

static void release_packet(struct router *router, time_us now, struct channel *channel,
                           const struct delay_entry *entry)
{
    struct opus_packet opus;
    struct audio_packet packet = {
        .as_sent = {.payload = delay_entry_payload(entry),
                    .size = entry->size,
                    .now = now,
                    .index = entry->index,
                    .timestamp = entry->timestamp,
                    .duration = entry->duration,
                    .marker = entry->marker},
        .silent = entry->silent,
        .late = entry->late,
    };
    if (opus_packet_read(packet.as_sent.payload, packet.as_sent.size, &opus) == ERR_NONE) {
        packet.opus = &opus;
    }
    channel_audio_forward(router, channel, &packet);
}

static void release_first(struct router *router, time_us now, struct channel *channel, bool skip)
{
    const struct delay_entry *entry = delay_line_first(channel->delay);
    switch (entry->kind) {
    case DELAY_PACKET:
        if (skip) {
            router->counters.delay_skipped_total++;
        } else {
            release_packet(router, now, channel, entry);
        }
        break;
    case DELAY_SWITCH: channel_sound(router, channel, entry->owner, entry->peer); break;
    case DELAY_RENEW: channel_renew(router, channel); break;
    }
    delay_line_pop(channel->delay);
}

static void put(struct router *router, time_us now, struct channel *channel,
                const struct delay_entry *come, const uint8_t *payload)
{
    struct delay_entry entry = *come;
    entry.arrived = now > channel->delay_put_at ? now : channel->delay_put_at;
    channel->delay_put_at = entry.arrived;
    while (!delay_line_put(channel->delay, &entry, payload)) {
        router->counters.delay_early_total++;
        release_first(router, now, channel, false);
    }
    time_us due = delay_line_first(channel->delay)->arrived + channel->delay_us;
    router->delayed_at = due < router->delayed_at ? due : router->delayed_at;
}

void channel_delay_packet(struct router *router, struct channel *channel,
                          const struct audio_packet *packet)
{
    const struct fanout_packet *as_sent = &packet->as_sent;
    ASSERT(as_sent->size <= ROUTER_PACKET_MAX);
    const struct delay_entry entry = {
        .kind = DELAY_PACKET,
        .size = (uint16_t)as_sent->size,
        .marker = as_sent->marker,
        .silent = packet->silent,
        .late = packet->late,
        .timestamp = as_sent->timestamp,
        .duration = as_sent->duration,
        .index = as_sent->index,
    };
    router->counters.delayed_packets_total++;
    put(router, as_sent->now, channel, &entry, as_sent->payload);
}

void channel_delay_switch(struct router *router, time_us now, struct channel *channel,
                          link_peer owner, handle peer)
{
    const struct delay_entry entry = {.kind = DELAY_SWITCH, .owner = owner, .peer = peer};
    put(router, now, channel, &entry, NULL);
}

void channel_delay_renew(struct router *router, time_us now, struct channel *channel)
{
    const struct delay_entry entry = {.kind = DELAY_RENEW};
    put(router, now, channel, &entry, NULL);
}

static void release_due(struct router *router, time_us now, struct channel *channel, bool skip)
{
    const struct delay_entry *entry = delay_line_first(channel->delay);
    while (entry != NULL && entry->arrived + channel->delay_us <= now) {
        release_first(router, now, channel, skip);
        entry = delay_line_first(channel->delay);
    }
}

time_us channels_delay_on_deadline(struct router *router, time_us now)
{
    time_us next = TIME_US_NEVER;
    for (struct list_link *at = router->delayed.first; at != NULL; at = at->next) {
        struct channel *channel = LIST_ITEM(at, struct channel, delayed);
        release_due(router, now, channel, false);
        const struct delay_entry *entry = delay_line_first(channel->delay);
        time_us due = entry != NULL ? entry->arrived + channel->delay_us : TIME_US_NEVER;
        next = due < next ? due : next;
    }
    return next;
}

static enum err begin(struct router *router, struct channel *channel)
{
    if (router->free_delay_line_count == 0) {
        return ERR_FULL;
    }
    channel->delay =
        &router->delay_lines[router->free_delay_lines[--router->free_delay_line_count]];
    delay_line_init(channel->delay);
    channel->delay_put_at = 0;
    list_add(&router->delayed, &channel->delayed);
    return ERR_NONE;
}

static void end(struct router *router, struct channel *channel)
{
    ASSERT(delay_line_first(channel->delay) == NULL);
    list_remove(&channel->delayed);
    router->free_delay_lines[router->free_delay_line_count++] = (uint32_t)(channel->delay -
                                                                           router->delay_lines);
    channel->delay = NULL;
}

enum err channel_delay_set(struct router *router, time_us now, struct channel *channel,
                           uint32_t delay_ms)
{
    time_us delay_us = delay_ms * TIME_US_PER_MS;
    if (delay_us == channel->delay_us) {
        return ERR_NONE;
    }
    if (channel->delay == NULL) {
        enum err err = begin(router, channel);
        if (err != ERR_NONE) {
            return err;
        }
    }
    channel->delay_us = delay_us;
    release_due(router, now, channel, true);
    channel_renew(router, channel);
    const struct delay_entry *first = delay_line_first(channel->delay);
    if (delay_us == 0) {
        end(router, channel);
    } else if (first != NULL && first->arrived + delay_us < router->delayed_at) {
        router->delayed_at = first->arrived + delay_us;
    }
    return ERR_NONE;
}
