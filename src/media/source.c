#include "media/source.h"

#include "base/assert.h"
#include "media/abilities.h"
#include "media/channel.h"
#include "media/output_clock.h"
#include "media/reports.h"

#define AUDIO_PACKETS_PER_S   440    // Opus frames of 2.5 ms, and a clock that is fast
#define AUDIO_BITS_PER_S      640000 // Opus has 510,000 at most; and headers of small packets
#define VIDEO_PACKETS_PER_S   3000
#define KEY_FRAME_INTERVAL_US (500 * TIME_US_PER_MS)
#define MISSING_WAIT_US       (30 * TIME_US_PER_MS)
#define LAYER_UNMEASURED_BPS  150000 // of the smallest layer; each larger one four times as much
#define SOURCE_SILENT_US      TIME_US_PER_S

struct source *source_find(const struct router *router, link_source id)
{
    uint32_t index = id_table_find(&router->source_ids, id);
    if (index == ID_TABLE_NONE) {
        return NULL;
    }
    struct source *source = &router->sources[index];
    ASSERT(index < router->limits.sources_max && source->open && source->description.id == id);
    return source;
}

struct router_peer *source_owner(const struct router *router, const struct source *source)
{
    return pool_get(&router->peers, source->description.peer);
}

static bool description_valid(const struct router_source_description *description)
{
    bool video = description->kind == LINK_VIDEO;
    return description->id != 0 && (video || description->kind == LINK_AUDIO) &&
           description->payload_type != 0 && ability_payload_type(description->payload_type) &&
           ability_payload_type(description->rtx_payload_type) && description->layer_count >= 1 &&
           description->codec < ROUTER_CODECS &&
           description->layer_count <=
               (video && description->codec == ROUTER_VP8 ? media_abilities.layers_max : 1);
}

static enum err register_with_owner(struct router *router, struct source *source)
{
    struct router_peer *owner = source_owner(router, source);
    if (owner == NULL) {
        return source_is_local(source) ? ERR_NOT_FOUND : ERR_NONE;
    }
    if (owner->source_count == ROUTER_PEER_SOURCES_MAX) {
        return ERR_FULL;
    }
    owner->sources[owner->source_count++] = source;
    owner->has_video = owner->has_video || source->description.kind == LINK_VIDEO;
    return ERR_NONE;
}

static void clear_video(struct video_source *video)
{
    for (uint8_t i = 0; i < ROUTER_LAYERS_MAX; i++) {
        packet_ring_clear(&video->layers[i].ring);
        missing_clear(&video->layers[i].missing);
        video->layers[i].key_frame_wanted = false;
        video->layers[i].key_frame_asked_at = 0;
    }
}

enum err router_source_open(struct router *router,
                            const struct router_source_description *description)
{
    bool video = description->kind == LINK_VIDEO;
    if (!description_valid(description)) {
        return ERR_INVALID;
    }
    if (source_find(router, description->id) != NULL) {
        return ERR_CONFLICT;
    }
    if (router->free_source_count == 0 || (video && router->free_video_source_count == 0)) {
        return ERR_FULL;
    }
    uint32_t index = router->free_sources[router->free_source_count - 1];
    struct source *source = &router->sources[index];
    ASSERT(index < router->limits.sources_max && !source->open);
    *source = (struct source){
        .description = *description,
        .serial = ++router->next_serial,
    };
    enum err err = register_with_owner(router, source);
    if (err != ERR_NONE) {
        return err;
    }
    source->open = true;
    source->level = SOURCE_NO_LEVEL;
    source_sound_renew(source);
    router->free_source_count--;
    if (video) {
        source->video = router->free_video_sources[--router->free_video_source_count];
        clear_video(source->video);
    }
    for (uint8_t i = 0; i < description->layer_count; i++) {
        track_init(&source->tracks[i], video ? OUTPUT_CLOCK_VIDEO_HZ : OUTPUT_CLOCK_AUDIO_HZ,
                   video ? VIDEO_PACKETS_PER_S : AUDIO_PACKETS_PER_S, video ? 0 : AUDIO_BITS_PER_S,
                   !video);
    }
    id_table_add(&router->source_ids, description->id, index);
    channels_source_opened(router, source);
    return ERR_NONE;
}

static void leave_owner(struct router *router, struct source *source)
{
    struct router_peer *owner = source_owner(router, source);
    if (owner == NULL) {
        return;
    }
    uint32_t i = 0;
    while (i < owner->source_count && owner->sources[i] != source) {
        i++;
    }
    ASSERT(i < owner->source_count); // it was entered there when it was opened
    owner->sources[i] = owner->sources[--owner->source_count];
}

void source_tell_state(struct router *router, const struct source *source, bool changed)
{
    ASSERT(source->active || !source->sounding);
    if (changed && source_is_local(source)) {
        router->sink.source_state(router->sink.context, source->description.id, source->active,
                                  source->sounding);
    }
}

void router_source_await(struct router *router, link_source id)
{
    struct source *source = source_find(router, id);
    if (source != NULL) {
        source->active = false;
        source->sounding = false;
        source_sound_renew(source);
    }
}

void router_source_close(struct router *router, link_source id)
{
    struct source *source = source_find(router, id);
    if (source == NULL) {
        return;
    }
    bool was_active = source->active;
    channels_source_closing(router, source);
    ASSERT(source->channels.first == NULL);
    leave_owner(router, source);
    source->active = false;
    source->sounding = false;
    source_tell_state(router, source, was_active);
    if (source->video != NULL) {
        router->free_video_sources[router->free_video_source_count++] = source->video;
    }
    id_table_remove(&router->source_ids, id);
    ASSERT(router->free_source_count < router->limits.sources_max);
    router->free_sources[router->free_source_count++] = (uint32_t)(source - router->sources);
    *source = (struct source){0};
}

bool router_source_wanted(const struct router *router, link_source id)
{
    const struct source *source = source_find(router, id);
    for (struct list_link *at = source != NULL ? source->channels.first : NULL; at != NULL;
         at = at->next) {
        const struct channel *channel = channel_of_source(at);
        bool wanted = channel->videos.first != NULL;
        for (unsigned i = 0; i < VARIANT_COUNT; i++) {
            wanted = wanted || channel->fanouts[i].live > 0;
        }
        if (wanted) {
            return true;
        }
    }
    return channels_await(router, id);
}

uint32_t source_layer_bps(const struct source *source, uint8_t layer, time_us now)
{
    ASSERT(layer < ROUTER_LAYERS_MAX);
    const struct track *track = &source->tracks[layer];
    if (layer >= source->description.layer_count || !track_active(track, now)) {
        return 0;
    }
    return track->bits_per_second != 0 ? track->bits_per_second
                                       : (uint32_t)LAYER_UNMEASURED_BPS << (2 * layer);
}

// --- key frames ---

static void ask_key_frame(struct router *router, time_us now, struct source *source, uint8_t layer)
{
    struct router_peer *owner = source_owner(router, source);
    const struct track *track = &source->tracks[layer];
    ASSERT(source->video != NULL && layer < source->description.layer_count);
    if (!source_is_local(source)) {
        router->sink.source_feedback(router->sink.context, source->description.id, true, layer);
    } else if (owner != NULL && owner->connected && owner->reachable && track->started) {
        reports_send_key_frame_request(router, owner, track->ssrc);
    }
    source->video->layers[layer].key_frame_asked_at = now;
    router->counters.key_frame_requests_out_total++;
}

void source_request_key_frame(struct router *router, time_us now, struct source *source,
                              uint8_t layer)
{
    if (source->video == NULL || layer >= source->description.layer_count) {
        return;
    }
    struct video_layer *video = &source->video->layers[layer];
    video->key_frame_wanted = true;
    if (track_active(&source->tracks[layer], now) &&
        (video->key_frame_asked_at == 0 ||
         now - video->key_frame_asked_at >= KEY_FRAME_INTERVAL_US)) {
        ask_key_frame(router, now, source, layer);
    }
}

void router_source_request_key_frame(struct router *router, time_us now, link_source id,
                                     uint8_t layer)
{
    struct source *source = source_find(router, id);
    if (source != NULL) {
        source_request_key_frame(router, now, source, layer);
    }
}

bool source_is_heard(const struct source *source, time_us now)
{
    return source->last_sound != 0 && now - source->last_sound < SOURCE_SILENT_US;
}

struct thin_sound_count source_count(const struct source *source)
{
    struct thin_sound_count count = {0};
    track_count(&source->tracks[0], &count.expected, &count.received);
    return count;
}

void source_tick(struct router *router, time_us now, struct source *source)
{
    if (source->video == NULL) {
        thin_sound_step(&source->thin, now, source_count(source));
    }
    bool active = source->active && now - source->last_packet < SOURCE_SILENT_US &&
                  !source->thin.thin;
    bool sounding = source->sounding && active && source_is_heard(source, now);
    bool changed = active != source->active || sounding != source->sounding;
    source->active = active;
    source->sounding = sounding;
    source_tell_state(router, source, changed);
    for (uint8_t i = 0; source->video != NULL && i < source->description.layer_count; i++) {
        if (source->video->layers[i].key_frame_wanted) {
            source_request_key_frame(router, now, source, i);
        }
    }
}

// How the peer's packets come, of all its sources.
static struct receive_facts facts_of(struct router_peer *peer, time_us now)
{
    struct receive_facts facts = {
        .came = peer->delay.known && peer->delay.standing_us >= 0,
        .standing_us = receive_delay_standing(&peer->delay),
        .round_trip_us = peer->round_trip_us,
    };
    for (uint32_t i = 0; i < peer->source_count; i++) {
        const struct source *source = peer->sources[i];
        for (uint8_t layer = 0; layer < source->description.layer_count; layer++) {
            const struct track *track = &source->tracks[layer];
            track_count(track, &facts.expected, &facts.received);
            if (source->video != NULL && track_active(track, now)) {
                facts.pictures = true;
                facts.picture_bps += track->bits_per_second;
            }
        }
    }
    return facts;
}

void source_limit_owner(struct router *router, time_us now, struct source *source)
{
    struct router_peer *owner = source_owner(router, source);
    if (owner == NULL || !source->description.remb || owner->receive_at == now) {
        return;
    }
    owner->receive_at = now;
    struct receive_facts facts = facts_of(owner, now);
    facts.standing_us = router_was_late(router, now) ? 0 : facts.standing_us;
    if (receive_rate_step(&owner->receive, now, &facts) && owner->connected && owner->reachable) {
        reports_send_limit(router, now, owner);
    }
}

// --- repair ---

static void ask_missing(struct router *router, time_us now, struct source *source, uint8_t layer)
{
    struct router_peer *owner = source_owner(router, source);
    struct missing *missing = &source->video->layers[layer].missing;
    uint16_t sequences[MISSING_BATCH_MAX];
    bool given_up = false;
    time_us wait = (time_us)owner->round_trip_us + MISSING_WAIT_US;
    uint32_t count = missing_ask(missing, now, wait, sequences, &given_up);
    ASSERT(count <= MISSING_BATCH_MAX);
    if (count > 0 && owner->connected && owner->reachable) {
        reports_send_missing(router, owner, source->tracks[layer].ssrc, sequences, count);
        router->counters.nack_out_total += count;
    }
    if (given_up) {
        source_request_key_frame(router, now, source, layer);
    }
}

time_us source_ask_missing(struct router *router, time_us now, struct source *source)
{
    struct router_peer *owner = source_owner(router, source);
    time_us next = TIME_US_NEVER;
    ASSERT(source->video != NULL);
    for (uint8_t i = 0; owner != NULL && i < source->description.layer_count; i++) {
        struct missing *missing = &source->video->layers[i].missing;
        if (!owner->receive.crowded) {
            ask_missing(router, now, source, i);
        }
        time_us deadline = missing_deadline(missing);
        next = deadline < next ? deadline : next;
    }
    bool later = next != TIME_US_NEVER && owner->receive.crowded;
    return later ? now + RECEIVE_RATE_EVERY_US : next;
}
