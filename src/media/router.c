#include "media/router.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "base/text.h"
#include "media/channel.h"
#include "media/channel_audio.h"
#include "media/channel_delay.h"
#include "media/reports.h"
#include "media/router_state.h"
#include "media/slot.h"
#include "media/source.h"
#include "media/video_pace.h"
#include "media/video_slot.h"

#define REPORT_VISITS      4 // an audio-only peer is reported to at each fourth visit
#define SOURCE_CHECK_TICKS 5
#define LEVELS_TICKS       10
#define LATE_US            (50 * TIME_US_PER_MS)
#define LATE_LASTS_US      (2 * TIME_US_PER_S)

uint64_t router_random(struct router *router)
{
    // splitmix64
    router->random += 0x9e3779b97f4a7c15ull;
    uint64_t value = router->random;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ull;
    value = (value ^ value >> 27) * 0x94d049bb133111ebull;
    return value ^ value >> 31;
}

bool router_was_late(const struct router *router, time_us now)
{
    return now < router->late_until;
}

static uint32_t *stack_of_indices(uint32_t count)
{
    ASSERT(count > 0);
    uint32_t *stack = calloc(count, sizeof(*stack));
    for (uint32_t i = 0; stack != NULL && i < count; i++) {
        stack[i] = count - 1 - i;
    }
    return stack;
}

// Large tables of which most is never used: pages that are given only when touched, whatever the
// allocator does.
static void *reserve_zeroed(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory != MAP_FAILED ? memory : NULL;
}

static void release(void *memory, size_t size)
{
    if (memory != NULL) {
        munmap(memory, size);
    }
}

static bool allocate_video(struct router *router, const struct router_limits *limits)
{
    router->video_sources = reserve_zeroed(limits->video_sources_max *
                                           sizeof(*router->video_sources));
    router->free_video_sources = calloc(limits->video_sources_max, sizeof(struct video_source *));
    router->video_slots = reserve_zeroed(limits->video_slots_max * sizeof(*router->video_slots));
    router->free_video_slots = calloc(limits->video_slots_max, sizeof(struct video_slot *));
    if (router->video_sources == NULL || router->free_video_sources == NULL ||
        router->video_slots == NULL || router->free_video_slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < limits->video_sources_max; i++) {
        router->free_video_sources[i] = &router->video_sources[i];
    }
    for (uint32_t i = 0; i < limits->video_slots_max; i++) {
        router->free_video_slots[i] = &router->video_slots[i];
    }
    router->free_video_source_count = limits->video_sources_max;
    router->free_video_slot_count = limits->video_slots_max;
    return true;
}

static bool allocate(struct router *router, const struct router_limits *limits)
{
    // A source may have a direct channel besides the named ones.
    uint32_t channels = limits->channels_max + limits->sources_max;
    router->slots = calloc(limits->slots_max, sizeof(*router->slots));
    router->free_slots = stack_of_indices(limits->slots_max);
    router->sources = calloc(limits->sources_max, sizeof(*router->sources));
    router->free_sources = stack_of_indices(limits->sources_max);
    router->channels = calloc(channels, sizeof(*router->channels));
    router->free_channels = stack_of_indices(channels);
    router->channel_audio = reserve_zeroed(channels * sizeof(*router->channel_audio));
    router->chunk_lists = calloc((size_t)channels * VARIANT_COUNT *
                                     fanout_chunks_max(limits->slots_max),
                                 sizeof(*router->chunk_lists));
    router->ear = opus_ear_create();
    router->delay_lines = reserve_zeroed(ROUTER_DELAY_LINES_MAX * sizeof(*router->delay_lines));
    for (uint32_t i = 0; i < ROUTER_DELAY_LINES_MAX; i++) {
        router->free_delay_lines[router->free_delay_line_count++] = ROUTER_DELAY_LINES_MAX - 1 - i;
    }
    if (router->delay_lines == NULL || router->slots == NULL || router->free_slots == NULL ||
        router->sources == NULL || router->free_sources == NULL || router->channels == NULL ||
        router->free_channels == NULL || router->chunk_lists == NULL ||
        router->channel_audio == NULL || router->ear == NULL) {
        return false;
    }
    router->free_slot_count = limits->slots_max;
    router->free_source_count = limits->sources_max;
    router->free_channel_count = channels;
    return pool_init(&router->peers, sizeof(struct router_peer), limits->peers_max) == ERR_NONE &&
           id_table_init(&router->source_ids, limits->sources_max) == ERR_NONE &&
           id_table_init(&router->channel_ids, channels) == ERR_NONE &&
           fanout_store_init(&router->store, limits->slots_max, channels * VARIANT_COUNT) ==
               ERR_NONE &&
           allocate_video(router, limits);
}

struct router *router_create(const struct router_limits *limits, const struct router_sink *sink,
                             uint64_t seed)
{
    if (limits->peers_max == 0 || limits->sources_max == 0 || limits->channels_max == 0 ||
        limits->slots_max == 0 || limits->video_sources_max == 0 || limits->video_slots_max == 0) {
        return NULL;
    }
    ASSERT(sink->reserve != NULL && sink->commit != NULL && sink->source_feedback != NULL &&
           sink->source_levels != NULL && sink->source_state != NULL);
    struct router *router = calloc(1, sizeof(*router));
    if (router == NULL) {
        return NULL;
    }
    router->limits = *limits;
    router->sink = *sink;
    router->random = seed;
    router->tick_at = TIME_US_NEVER;
    router->missing_at = TIME_US_NEVER;
    router->waiting_at = TIME_US_NEVER;
    router->delayed_at = TIME_US_NEVER;
    router->awaiting_at = TIME_US_NEVER;
    router->lagging_at = TIME_US_NEVER;
    if (!allocate(router, limits)) {
        router_destroy(router);
        return NULL;
    }
    return router;
}

void router_destroy(struct router *router)
{
    if (router == NULL) {
        return;
    }
    opus_ear_destroy(router->ear);
    free(router->slots);
    free(router->free_slots);
    free(router->sources);
    free(router->free_sources);
    free(router->channels);
    free(router->free_channels);
    free(router->chunk_lists);
    release(router->channel_audio, (router->limits.channels_max + router->limits.sources_max) *
                                       sizeof(*router->channel_audio));
    release(router->delay_lines, ROUTER_DELAY_LINES_MAX * sizeof(*router->delay_lines));
    release(router->video_sources,
            router->limits.video_sources_max * sizeof(*router->video_sources));
    free(router->free_video_sources);
    release(router->video_slots, router->limits.video_slots_max * sizeof(*router->video_slots));
    free(router->free_video_slots);
    pool_finish(&router->peers);
    id_table_finish(&router->source_ids);
    id_table_finish(&router->channel_ids);
    fanout_store_finish(&router->store);
    free(router);
}

// --- peers ---

static void close_slots(struct router *router, struct router_peer *peer)
{
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        struct slot *slot = slot_of_peer(router, peer, i);
        if (slot != NULL) {
            slot_close(router, slot);
        }
        ASSERT(peer->slots[i] == ROUTER_NO_SLOT);
    }
}

enum err router_peer_open(struct router *router, const struct router_peer_description *description,
                          handle *ret_peer)
{
    handle self = HANDLE_NONE;
    if (description->slot_count > ROUTER_PEER_SLOTS_MAX) {
        return ERR_INVALID;
    }
    struct router_peer *peer = pool_take(&router->peers, &self);
    if (peer == NULL) {
        return ERR_FULL;
    }
    ASSERT(!peer->connected && peer->source_count == 0); // a new one, all zero
    peer->self = self;
    peer->id = description->id;
    peer->rtcp_ssrc = description->rtcp_ssrc;
    peer->listen_only = description->listen_only;
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        peer->slots[i] = ROUTER_NO_SLOT;
    }
    enum err err = text_copy(peer->cname, sizeof(peer->cname), description->cname);
    for (uint8_t i = 0; err == ERR_NONE && i < description->slot_count; i++) {
        err = slot_open(router, peer, &description->slots[i]);
        peer->has_video = peer->has_video || description->slots[i].kind == LINK_VIDEO;
    }
    if (err != ERR_NONE) {
        close_slots(router, peer);
        pool_give(&router->peers, self);
        return err;
    }
    *ret_peer = self;
    return ERR_NONE;
}

static void update_slots(struct router *router, time_us now, struct router_peer *peer)
{
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        struct slot *slot = slot_of_peer(router, peer, i);
        if (slot != NULL) {
            slot_update(router, now, slot);
        }
    }
}

// What the peer may send of pictures when its line carries everything.
static uint32_t receive_bps_max(const struct router *router, const struct router_peer *peer)
{
    uint32_t pictures = 0;
    for (uint32_t i = 0; i < peer->source_count; i++) {
        pictures += peer->sources[i]->video != NULL;
    }
    return router->limits.receive_bps_max * (pictures > 0 ? pictures : 1);
}

enum err router_peer_connect(struct router *router, time_us now, handle peer_handle,
                             uint64_t destination, struct secure_rtp_key *send_key)
{
    struct router_peer *peer = pool_get(&router->peers, peer_handle);
    if (peer == NULL) {
        return ERR_NOT_FOUND;
    }
    if (peer->connected) {
        return ERR_CONFLICT;
    }
    ASSERT(peer->self == peer_handle && send_key->ready);
    peer->connected = true;
    peer->reachable = true;
    peer->destination = destination;
    peer->key = send_key;
    video_choice_init(&peer->choice, router->limits.transmit_bps_max, now);
    video_line_init(&peer->line, now);
    receive_rate_init(&peer->receive, receive_bps_max(router, peer), now);
    update_slots(router, now, peer);
    if (router->tick_at == TIME_US_NEVER) {
        router->tick_at = now + ROUTER_TICK_US;
    }
    return ERR_NONE;
}

enum err router_peer_set_destination(struct router *router, time_us now, handle peer_handle,
                                     uint64_t destination, bool reachable)
{
    struct router_peer *peer = pool_get(&router->peers, peer_handle);
    if (peer == NULL) {
        return ERR_NOT_FOUND;
    }
    peer->destination = destination;
    peer->reachable = reachable;
    update_slots(router, now, peer);
    return ERR_NONE;
}

void router_peer_close(struct router *router, handle peer_handle)
{
    struct router_peer *peer = pool_get(&router->peers, peer_handle);
    if (peer == NULL) {
        return;
    }
    while (peer->source_count > 0) {
        uint32_t before = peer->source_count;
        router_source_close(router, peer->sources[0]->description.id);
        ASSERT(peer->source_count == before - 1);
    }
    close_slots(router, peer);
    pool_give(&router->peers, peer_handle);
}

// --- channels and slots ---

enum err router_channel_set_source(struct router *router, time_us now, link_channel id,
                                   link_source source)
{
    struct channel *channel = id != 0 ? channel_named(router, id) : NULL;
    if (channel == NULL) {
        return id != 0 ? ERR_FULL : ERR_INVALID;
    }
    ASSERT(channel->open && !channel->direct && channel->key == id);
    channel_set_source(router, now, channel, source);
    channel_release(router, channel);
    return ERR_NONE;
}

enum err router_channel_succeed(struct router *router, time_us now, link_channel id,
                                link_source source, time_us wait)
{
    struct channel *channel = id != 0 ? channel_named(router, id) : NULL;
    if (channel == NULL) {
        return id != 0 ? ERR_FULL : ERR_INVALID;
    }
    channel_succeed(router, now, channel, source, wait);
    channel_release(router, channel);
    return ERR_NONE;
}

enum err router_channel_set_delay(struct router *router, time_us now, link_channel id,
                                  uint32_t delay_ms)
{
    if (id == 0 || delay_ms > LINK_DELAY_MS_MAX) {
        return ERR_INVALID;
    }
    struct channel *channel = channel_named(router, id);
    if (channel == NULL) {
        return ERR_FULL;
    }
    enum err err = channel_delay_set(router, now, channel, delay_ms);
    channel_release(router, channel);
    return err;
}

static enum err slot_find(const struct router *router, handle peer_handle, uint8_t number,
                          struct slot **ret_slot)
{
    const struct router_peer *peer = pool_get(&router->peers, peer_handle);
    *ret_slot = peer != NULL ? slot_of_peer(router, peer, number) : NULL;
    return *ret_slot != NULL ? ERR_NONE : ERR_NOT_FOUND;
}

enum err router_slot_set_channel(struct router *router, time_us now, handle peer, uint8_t number,
                                 link_channel id)
{
    struct slot *slot = NULL;
    enum err err = slot_find(router, peer, number, &slot);
    if (err != ERR_NONE) {
        return err;
    }
    struct channel *channel = id != 0 ? channel_named(router, id) : NULL;
    if (id != 0 && channel == NULL) {
        return ERR_FULL;
    }
    slot_set_channel(router, now, slot, channel);
    return ERR_NONE;
}

enum err router_slot_set_source(struct router *router, time_us now, handle peer, uint8_t number,
                                link_source source)
{
    struct slot *slot = NULL;
    enum err err = slot_find(router, peer, number, &slot);
    if (err != ERR_NONE) {
        return err;
    }
    struct channel *channel = source != 0 ? channel_direct(router, source) : NULL;
    if (source != 0 && channel == NULL) {
        return ERR_FULL;
    }
    if (channel != NULL) {
        ASSERT(channel->open && channel->direct);
        channel_set_source(router, now, channel, source);
    }
    slot_set_channel(router, now, slot, channel);
    return ERR_NONE;
}

enum err router_slot_set_variant(struct router *router, time_us now, handle peer, uint8_t number,
                                 enum link_variant wish)
{
    (void)now;
    struct slot *slot = NULL;
    enum err err = slot_find(router, peer, number, &slot);
    if (err == ERR_NONE && slot->video == NULL) {
        variant_choice_wish(&slot->choice, wish);
        channel_audio_choose(router, slot);
    }
    return err;
}

// --- time ---

time_us router_next_deadline(const struct router *router)
{
    time_us next = router->missing_at < router->tick_at ? router->missing_at : router->tick_at;
    next = router->delayed_at < next ? router->delayed_at : next;
    next = router->awaiting_at < next ? router->awaiting_at : next;
    next = router->lagging_at < next ? router->lagging_at : next;
    return router->waiting_at < next ? router->waiting_at : next;
}

// Each tick visits its share of the peers, so that reports are spread over the second.
static void visit_peers(struct router *router, time_us now)
{
    for (uint32_t i = router->tick % ROUTER_VISIT_TICKS; i < router->peers.capacity;
         i += ROUTER_VISIT_TICKS) {
        handle self = HANDLE_NONE;
        struct router_peer *peer = pool_at(&router->peers, i, &self);
        if (peer == NULL || !peer->connected) {
            continue;
        }
        ASSERT(peer->self == self && peer->source_count <= ROUTER_PEER_SOURCES_MAX);
        uint32_t visit = router->tick / ROUTER_VISIT_TICKS + i / ROUTER_VISIT_TICKS;
        bool audio_too = visit % REPORT_VISITS == 0;
        if (audio_too || peer->has_video) {
            reports_send(router, now, peer, audio_too);
        }
        if (peer->has_video) {
            video_slots_choose(router, peer, now);
        }
    }
}

static void acknowledge_senders(struct router *router, time_us now)
{
    for (uint32_t i = (router->tick + ROUTER_VISIT_TICKS / 2) % ROUTER_VISIT_TICKS;
         i < router->peers.capacity; i += ROUTER_VISIT_TICKS) {
        handle self = HANDLE_NONE;
        struct router_peer *peer = pool_at(&router->peers, i, &self);
        if (peer != NULL && peer->connected) {
            reports_acknowledge(router, now, peer);
        }
    }
}

void router_on_deadline(struct router *router, time_us now)
{
    bool tick = now >= router->tick_at;
    bool missing = now >= router->missing_at;
    if (now >= router->awaiting_at) {
        router->awaiting_at = channels_succession_on_deadline(router, now);
    }
    if (now >= router->delayed_at) {
        router->delayed_at = channels_delay_on_deadline(router, now);
    }
    if (now >= router->lagging_at) {
        router->lagging_at = video_pace_on_deadline(router, now);
    }
    if (now >= router->waiting_at) {
        router->waiting_at = channels_audio_on_deadline(router, now);
    }
    if (!tick && !missing) {
        return;
    }
    router->missing_at = missing ? TIME_US_NEVER : router->missing_at;
    bool check = tick && router->tick % SOURCE_CHECK_TICKS == 0;
    for (uint32_t i = 0; (missing || check) && i < router->limits.sources_max; i++) {
        struct source *source = &router->sources[i];
        if (source->open && check) {
            source_tick(router, now, source);
            source_limit_owner(router, now, source);
        }
        if (source->open && missing && source->video != NULL) {
            time_us next = source_ask_missing(router, now, source);
            router->missing_at = next < router->missing_at ? next : router->missing_at;
        }
    }
    if (tick && now - router->tick_at > LATE_US) {
        router->late_until = now + LATE_LASTS_US;
        router->counters.late_ticks_total++;
    }
    if (tick && router->tick % LEVELS_TICKS == 0) {
        sources_tell_levels(router);
    }
    if (tick) {
        visit_peers(router, now);
        acknowledge_senders(router, now);
        router->tick++;
        router->tick_at = now + ROUTER_TICK_US;
    }
    ASSERT(router->tick_at > now);
}

// --- reports ---

static uint16_t permille(uint64_t part, uint64_t whole)
{
    ASSERT(part <= whole);
    return whole > 0 ? (uint16_t)(part * 1000 / whole) : 0;
}

enum err router_peer_report(struct router *router, time_us now, handle peer_handle,
                            struct router_peer_report *ret_report)
{
    struct router_peer *peer = pool_get(&router->peers, peer_handle);
    if (peer == NULL) {
        return ERR_NOT_FOUND;
    }
    *ret_report = (struct router_peer_report){
        .round_trip_us = peer->round_trip_us,
        .jitter_us = peer->jitter_us,
        .loss_up_permille = permille(peer->up_lost, peer->up_expected),
        .loss_down_permille = permille(peer->down_lost, peer->down_expected),
        .estimate_bps = video_line_estimate_now(&peer->line, now),
        .picture_bps = peer->choice.budget_bps,
        .slots_held = video_slots_held(router, peer, now),
        .pictures_up_held = peer->receive.held,
        .packets_in = peer->packets_in,
    };
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        const struct slot *slot = slot_of_peer(router, peer, i);
        uint32_t packets = 0;
        uint32_t octets = 0;
        if (slot != NULL) {
            slot_sent(router, slot, &packets, &octets);
            ret_report->packets_out += packets;
        }
    }
    peer->up_expected = 0;
    peer->up_lost = 0;
    peer->down_expected = 0;
    peer->down_lost = 0;
    return ERR_NONE;
}

bool router_peer_pictures(const struct router *router, time_us now, handle peer_handle,
                          uint16_t *ret_slots_held)
{
    const struct router_peer *peer = pool_get(&router->peers, peer_handle);
    *ret_slots_held = peer != NULL ? video_slots_held(router, peer, now) : 0;
    return peer != NULL && peer->receive.held;
}

const struct router_counters *router_counters(const struct router *router)
{
    return &router->counters;
}
