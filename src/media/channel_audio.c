#include "media/channel_audio.h"

#include "base/assert.h"
#include "media/slot.h"

#define FIRST_INDEX 1 // of packets of up to 60 ms

void channel_audio_init(struct channel *channel)
{
    struct channel_audio *audio = channel->audio;
    opus_merge_init(&audio->merge);
    redundancy_clear(&audio->redundancy);
    audio->next_long = FIRST_INDEX;
    for (unsigned i = 0; i < CHANNEL_HOLES; i++) {
        audio->holes[i].count = 0;
    }
}

static uint64_t *variant_counter(struct router_counters *counters, enum variant variant)
{
    switch (variant) {
    case VARIANT_LONG: return &counters->long_packets_out_total;
    case VARIANT_RED1: return &counters->red1_packets_out_total;
    case VARIANT_RED2: return &counters->red2_packets_out_total;
    case VARIANT_PLAIN:
    case VARIANT_COUNT: break;
    }
    return &counters->plain_packets_out_total;
}

static void send(struct router *router, struct channel *channel, enum variant variant,
                 const struct fanout_packet *packet, bool late)
{
    uint64_t before = router->counters.rtp_packets_out_total;
    struct fanout *fanout = &channel->fanouts[variant];
    if (late) {
        fanout_forward_late(fanout, &router->store, &router->sink, packet, &router->counters);
    } else {
        fanout_forward(fanout, &router->store, &router->sink, packet, &router->counters);
    }
    *variant_counter(&router->counters, variant) += router->counters.rtp_packets_out_total - before;
}

// --- changing the form ---

static void move(struct router *router, struct slot *slot, enum variant to)
{
    struct channel *channel = slot->channel;
    struct fanout *from = &channel->fanouts[slot->variant];
    struct listener_cold *cold = &router->store.cold[slot->index];
    bool muted = cold->position >= from->live;
    bool settled = cold->position < from->settled;
    struct listener listener;
    fanout_remove(from, &router->store, slot->index, &listener);
    if (settled && (slot->variant == VARIANT_LONG) != (to == VARIANT_LONG)) {
        // The other count: its next packet gets the next sequence number. Of packets from before,
        // late ones are no longer welcome.
        cold->first = to == VARIANT_LONG ? channel->audio->next_long : channel->last_index + 1;
        listener.sequence_offset = (uint16_t)(listener.sender.highest + 1 - (uint64_t)cold->first);
    }
    slot->variant = to;
    listener.payload_type = slot_payload_type(slot);
    fanout_add(&channel->fanouts[to], &router->store, slot->index, &listener, muted);
    if (settled) {
        fanout_settle(&channel->fanouts[to], &router->store, slot->index);
    }
    router->counters.variant_switches_total++;
}

static void move_all(struct router *router, struct channel *channel)
{
    while (channel->movers.first != NULL) {
        struct slot *slot = LIST_ITEM(channel->movers.first, struct slot, mover);
        list_remove(&slot->mover);
        move(router, slot, variant_choice_now(&slot->choice));
    }
}

void channel_audio_choose(struct router *router, struct slot *slot)
{
    enum variant wanted = variant_choice_now(&slot->choice);
    if (!slot->attached) {
        slot->variant = wanted;
        slot->listener.payload_type = slot_payload_type(slot);
        return;
    }
    list_remove(&slot->mover);
    if (wanted == slot->variant) {
        return;
    }
    bool boundary = (wanted == VARIANT_LONG) != (slot->variant == VARIANT_LONG);
    if (boundary && !opus_merge_empty(&slot->channel->audio->merge)) {
        list_add(&slot->channel->movers, &slot->mover);
    } else {
        move(router, slot, wanted);
    }
}

void channel_audio_join(struct router *router, struct slot *slot)
{
    channel_audio_choose(router, slot);
    if (slot->variant == VARIANT_LONG && !opus_merge_empty(&slot->channel->audio->merge)) {
        // What is being completed began before: by another channel it may have heard a part of it.
        // So it hears the next packets at once, and goes over at the boundary.
        slot->variant = VARIANT_PLAIN;
        slot->listener.payload_type = slot_payload_type(slot);
        list_add(&slot->channel->movers, &slot->mover);
    }
}

void channel_audio_leave(struct slot *slot)
{
    list_remove(&slot->mover);
}

// --- packets of up to 60 ms ---

void channel_audio_flush(struct router *router, struct channel *channel)
{
    struct channel_audio *audio = channel->audio;
    if (opus_merge_empty(&audio->merge)) {
        return;
    }
    struct fanout_packet packet = {
        .payload = router->scratch,
        .now = audio->merge.first_at,
        .index = audio->next_long,
        .timestamp = audio->merge.timestamp,
        .duration = audio->merge.ticks,
        .marker = audio->merge.marker,
    };
    packet.size = opus_merge_take(&audio->merge, router->scratch);
    if (channel->fanouts[VARIANT_LONG].live > 0) {
        audio->next_long++;
        router->counters.long_packets_made_total++;
        send(router, channel, VARIANT_LONG, &packet, false);
    }
    move_all(router, channel);
}

// The packets that are missing before `index` get places in the count, should they still come.
static void note_hole(struct channel *channel, int64_t index)
{
    struct channel_audio *audio = channel->audio;
    int64_t expected = channel->last_index + 1;
    if (channel->last_index == 0 || index <= expected) {
        return;
    }
    audio->holes[audio->next_hole] = (struct channel_hole){
        .first = expected,
        .count = index - expected,
        .place = audio->next_long,
    };
    audio->next_hole = (audio->next_hole + 1) % CHANNEL_HOLES;
    audio->next_long += index - expected;
}

static struct opus_merge_packet merge_packet(const struct audio_packet *packet)
{
    return (struct opus_merge_packet){
        .payload = packet->as_sent.payload,
        .size = packet->as_sent.size,
        .opus = packet->opus,
        .timestamp = packet->as_sent.timestamp,
        .ticks = packet->as_sent.duration,
        .marker = packet->as_sent.marker,
        .now = packet->as_sent.now,
    };
}

static void wait_for_rest(struct router *router, struct channel *channel)
{
    time_us deadline = channel->audio->merge.first_at + CHANNEL_AUDIO_WAIT_US;
    if (!list_has(&channel->waiting)) {
        list_add(&router->waiting, &channel->waiting);
    }
    router->waiting_at = deadline < router->waiting_at ? deadline : router->waiting_at;
}

// Adds the newest packet, in two steps: what must go out before it goes before the packet reaches
// the other groups, because slots change between the groups there.
static bool merge_before(struct router *router, struct channel *channel,
                         const struct audio_packet *packet)
{
    struct opus_merge *merge = &channel->audio->merge;
    if (channel->last_index != 0 && packet->as_sent.index != channel->last_index + 1) {
        channel_audio_flush(router, channel);
    }
    if (channel->fanouts[VARIANT_LONG].live == 0) {
        channel_audio_flush(router, channel);
        return false;
    }
    const struct opus_merge_packet added = merge_packet(packet);
    if (!opus_merge_empty(merge) && opus_merge_add(merge, &added)) {
        return true;
    }
    channel_audio_flush(router, channel);
    if (channel->fanouts[VARIANT_LONG].live == 0) {
        return false;
    }
    note_hole(channel, packet->as_sent.index);
    (void)opus_merge_add(merge, &added);
    wait_for_rest(router, channel);
    return true;
}

static void forward_late_long(struct router *router, struct channel *channel,
                              const struct fanout_packet *packet)
{
    struct channel_audio *audio = channel->audio;
    for (unsigned i = 0; i < CHANNEL_HOLES; i++) {
        int64_t into = packet->index - audio->holes[i].first;
        if (into >= 0 && into < audio->holes[i].count) {
            struct fanout_packet placed = *packet;
            placed.index = audio->holes[i].place + into;
            send(router, channel, VARIANT_LONG, &placed, true);
            return;
        }
    }
    router->counters.rtp_late_dropped_total += channel->fanouts[VARIANT_LONG].live;
}

time_us channels_audio_on_deadline(struct router *router, time_us now)
{
    time_us next = TIME_US_NEVER;
    for (struct list_link *at = router->waiting.first, *following; at != NULL; at = following) {
        struct channel *channel = LIST_ITEM(at, struct channel, waiting);
        following = at->next;
        const struct opus_merge *merge = &channel->audio->merge;
        time_us deadline = merge->first_at + CHANNEL_AUDIO_WAIT_US;
        if (!opus_merge_empty(merge) && deadline > now) {
            next = deadline < next ? deadline : next;
            continue;
        }
        channel_audio_flush(router, channel);
        list_remove(at);
    }
    return next;
}

// --- all forms ---

static void forward_red(struct router *router, struct channel *channel,
                        const struct audio_packet *packet)
{
    struct redundancy *redundancy = &channel->audio->redundancy;
    const struct redundancy_packet own = {
        .payload = packet->as_sent.payload,
        .size = packet->as_sent.size,
        .index = packet->as_sent.index,
        .timestamp = packet->as_sent.timestamp,
    };
    for (enum variant variant = VARIANT_RED1; variant <= VARIANT_RED2; variant++) {
        if (channel->fanouts[variant].live > 0) {
            struct fanout_packet made = packet->as_sent;
            made.payload = router->scratch;
            made.size = redundancy_make(redundancy, &own, variant == VARIANT_RED1 ? 1 : 2,
                                        router->scratch);
            router->counters.red_packets_made_total++;
            send(router, channel, variant, &made, packet->late);
        }
    }
    redundancy_put(redundancy, &own);
}

void channel_audio_forward(struct router *router, struct channel *channel,
                           const struct audio_packet *packet)
{
    bool merged = !packet->late && merge_before(router, channel, packet);
    if (channel->fanouts[VARIANT_PLAIN].live > 0) {
        send(router, channel, VARIANT_PLAIN, &packet->as_sent, packet->late);
    }
    if (channel->fanouts[VARIANT_RED1].live > 0 || channel->fanouts[VARIANT_RED2].live > 0) {
        forward_red(router, channel, packet);
    }
    if (packet->late) {
        if (channel->fanouts[VARIANT_LONG].live > 0) {
            forward_late_long(router, channel, &packet->as_sent);
        }
        return;
    }
    channel->last_index = packet->as_sent.index;
    if (merged && (packet->silent || opus_merge_full(&channel->audio->merge))) {
        channel_audio_flush(router, channel);
    }
}

void channel_audio_restart(struct channel *channel)
{
    ASSERT(opus_merge_empty(&channel->audio->merge));
    channel->last_index = 0;
    redundancy_clear(&channel->audio->redundancy);
    for (unsigned i = 0; i < CHANNEL_HOLES; i++) {
        channel->audio->holes[i].count = 0;
    }
}

void channel_audio_finish(struct channel *channel)
{
    list_remove(&channel->waiting);
}
