#include "media/fanout.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "media/output_clock.h"
#include "wire/rtp.h"

#define PREFETCH_AHEAD 3

uint32_t fanout_chunks_max(uint32_t slots_max)
{
    return (slots_max + FANOUT_CHUNK - 1) / FANOUT_CHUNK;
}

enum err fanout_store_init(struct fanout_store *store, uint32_t slots_max, uint32_t fanouts_max)
{
    // Each fan-out has at most one chunk that is not full.
    uint32_t count = fanout_chunks_max(slots_max) + fanouts_max;
    *store = (struct fanout_store){.free_count = count};
    store->chunks = aligned_alloc(64, count * sizeof(*store->chunks));
    store->free = calloc(count, sizeof(*store->free));
    store->cold = calloc(slots_max, sizeof(*store->cold));
    if (store->chunks == NULL || store->free == NULL || store->cold == NULL) {
        fanout_store_finish(store);
        return ERR_FULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        store->free[i] = count - 1 - i;
    }
    return ERR_NONE;
}

void fanout_store_finish(struct fanout_store *store)
{
    free(store->chunks);
    free(store->free);
    free(store->cold);
    *store = (struct fanout_store){0};
}

static struct fanout_chunk *chunk_of(const struct fanout *fanout, const struct fanout_store *store,
                                     uint32_t position)
{
    return &store->chunks[fanout->chunks[position / FANOUT_CHUNK]];
}

struct listener *fanout_listener(const struct fanout *fanout, const struct fanout_store *store,
                                 uint32_t position)
{
    ASSERT(position < fanout->count);
    return &chunk_of(fanout, store, position)->listeners[position % FANOUT_CHUNK].at;
}

static uint32_t *slot_at(const struct fanout *fanout, const struct fanout_store *store,
                         uint32_t position)
{
    return &chunk_of(fanout, store, position)->slots[position % FANOUT_CHUNK];
}

static void swap(struct fanout *fanout, struct fanout_store *store, uint32_t a, uint32_t b)
{
    if (a == b) {
        return;
    }
    struct listener *listener_a = fanout_listener(fanout, store, a);
    struct listener *listener_b = fanout_listener(fanout, store, b);
    struct listener listener = *listener_a;
    *listener_a = *listener_b;
    *listener_b = listener;
    uint32_t *slot_a = slot_at(fanout, store, a);
    uint32_t *slot_b = slot_at(fanout, store, b);
    uint32_t slot = *slot_a;
    *slot_a = *slot_b;
    *slot_b = slot;
    store->cold[*slot_a].position = a;
    store->cold[*slot_b].position = b;
}

void fanout_add(struct fanout *fanout, struct fanout_store *store, uint32_t slot,
                const struct listener *listener, bool muted)
{
    uint32_t position = fanout->count;
    if (position % FANOUT_CHUNK == 0) {
        ASSERT(store->free_count > 0);
        fanout->chunks[position / FANOUT_CHUNK] = store->free[--store->free_count];
    }
    fanout->count++;
    *fanout_listener(fanout, store, position) = *listener;
    *slot_at(fanout, store, position) = slot;
    store->cold[slot].position = position;
    if (!muted) {
        swap(fanout, store, position, fanout->live++);
    }
}

void fanout_settle(struct fanout *fanout, struct fanout_store *store, uint32_t slot)
{
    uint32_t position = store->cold[slot].position;
    ASSERT(position >= fanout->settled && position < fanout->live);
    swap(fanout, store, position, fanout->settled++);
}

// Moves the record over the borders behind it to the last position; the parts before keep their
// order of parts.
static uint32_t move_behind(struct fanout *fanout, struct fanout_store *store, uint32_t position)
{
    if (position < fanout->settled) {
        swap(fanout, store, position, --fanout->settled);
        position = fanout->settled;
    }
    if (position < fanout->live) {
        swap(fanout, store, position, --fanout->live);
        position = fanout->live;
    }
    return position;
}

void fanout_remove(struct fanout *fanout, struct fanout_store *store, uint32_t slot,
                   struct listener *ret_listener)
{
    uint32_t position = store->cold[slot].position;
    ASSERT(position < fanout->count && *slot_at(fanout, store, position) == slot);
    position = move_behind(fanout, store, position);
    swap(fanout, store, position, fanout->count - 1);
    *ret_listener = *fanout_listener(fanout, store, fanout->count - 1);
    fanout->count--;
    if (fanout->count % FANOUT_CHUNK == 0) {
        store->free[store->free_count++] = fanout->chunks[fanout->count / FANOUT_CHUNK];
    }
}

void fanout_switch(struct fanout *fanout)
{
    fanout->settled = 0;
    fanout->live = fanout->count;
}

void fanout_mute(struct fanout *fanout, struct fanout_store *store, uint32_t slot)
{
    (void)move_behind(fanout, store, store->cold[slot].position);
}

static void send(const struct router_sink *sink, struct listener *listener,
                 const struct fanout_packet *packet, uint16_t sequence, bool marker)
{
    size_t room = RTP_HEADER_SIZE + packet->size + SECURE_RTP_TAG_MAX;
    uint8_t *out = sink->reserve(sink->context, room);
    out[0] = 2 << 6;
    out[1] = (uint8_t)((marker ? 0x80 : 0) | listener->payload_type);
    bytes_store_u16(out + 2, sequence);
    bytes_store_u32(out + 4, packet->timestamp + listener->timestamp_offset);
    bytes_store_u32(out + 8, listener->sender.ssrc);
    size_t size = secure_rtp_seal_to(listener->key, &listener->sender, out, RTP_HEADER_SIZE,
                                     packet->payload, packet->size, out);
    sink->commit(sink->context, listener->destination, size);
    listener->packets++;
    listener->octets += (uint32_t)packet->size;
}

static void send_newest(const struct router_sink *sink, struct listener *listener,
                        const struct fanout_packet *packet, bool marker)
{
    listener->next_timestamp = packet->timestamp + listener->timestamp_offset + packet->duration;
    send(sink, listener, packet, (uint16_t)((uint16_t)packet->index + listener->sequence_offset),
         marker);
}

// Settled records first <= position < end.
static void forward_range(const struct fanout *fanout, const struct fanout_store *store,
                          const struct router_sink *sink, const struct fanout_packet *packet,
                          uint32_t first, uint32_t end)
{
    while (first < end) {
        struct fanout_chunk *chunk = chunk_of(fanout, store, first);
        uint32_t from = first % FANOUT_CHUNK;
        uint32_t left = end - first;
        uint32_t to = left < FANOUT_CHUNK - from ? from + left : FANOUT_CHUNK;
        for (uint32_t i = from; i < to; i++) {
            uint32_t ahead = i + PREFETCH_AHEAD < to ? i + PREFETCH_AHEAD : i;
            __builtin_prefetch(chunk->listeners[ahead].at.key);
            send_newest(sink, &chunk->listeners[i].at, packet, packet->marker);
        }
        first += to - from;
    }
}

// The offsets of a new epoch: the next sequence number, and the clock, but never before the end of
// what was sent.
static void settle(struct fanout_store *store, struct listener *listener, uint32_t slot,
                   const struct fanout_packet *packet)
{
    struct listener_cold *cold = &store->cold[slot];
    uint16_t sequence = listener->sender.started ? (uint16_t)(listener->sender.highest + 1)
                                                 : listener->sequence_offset;
    uint32_t timestamp = output_clock_at(cold->clock_start, OUTPUT_CLOCK_AUDIO_HZ, packet->now);
    if (listener->sender.started &&
        rtp_timestamp_difference(timestamp, listener->next_timestamp) < 0) {
        timestamp = listener->next_timestamp;
    }
    cold->begun = listener->sender.started ? cold->begun : sequence;
    listener->sequence_offset = (uint16_t)(sequence - (uint16_t)packet->index);
    listener->timestamp_offset = timestamp - packet->timestamp;
    cold->first = packet->index;
}

void fanout_forward(struct fanout *fanout, struct fanout_store *store,
                    const struct router_sink *sink, const struct fanout_packet *packet,
                    struct router_counters *counters)
{
    uint32_t settled = fanout->settled;
    uint32_t start = fanout->start < settled ? fanout->start : 0;
    forward_range(fanout, store, sink, packet, start, settled);
    forward_range(fanout, store, sink, packet, 0, start);
    // A stride of about half a chunk, so that everybody is early now and then.
    fanout->start = start + FANOUT_CHUNK / 2 + 1 < settled ? start + FANOUT_CHUNK / 2 + 1 : 0;
    for (uint32_t position = settled; position < fanout->live; position++) {
        struct listener *listener = fanout_listener(fanout, store, position);
        settle(store, listener, *slot_at(fanout, store, position), packet);
        send_newest(sink, listener, packet, true);
    }
    counters->slot_switches_total += fanout->live - settled;
    counters->rtp_packets_out_total += fanout->live;
    counters->rtp_bytes_out_total += (uint64_t)fanout->live * (RTP_HEADER_SIZE + packet->size);
    fanout->settled = fanout->live;
}

void fanout_forward_late(struct fanout *fanout, struct fanout_store *store,
                         const struct router_sink *sink, const struct fanout_packet *packet,
                         struct router_counters *counters)
{
    for (uint32_t position = 0; position < fanout->settled; position++) {
        struct listener *listener = fanout_listener(fanout, store, position);
        uint16_t sequence = (uint16_t)((uint16_t)packet->index + listener->sequence_offset);
        if (packet->index < store->cold[*slot_at(fanout, store, position)].first ||
            !secure_rtp_sender_fresh(&listener->sender, sequence)) {
            counters->rtp_late_dropped_total++;
            continue;
        }
        send(sink, listener, packet, sequence, packet->marker);
        counters->rtp_packets_out_total++;
        counters->rtp_bytes_out_total += RTP_HEADER_SIZE + packet->size;
    }
}
