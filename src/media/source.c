#include "media/source.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "media/abilities.h"
#include "media/channel.h"
#include "media/channel_audio.h"
#include "media/channel_delay.h"
#include "media/output_clock.h"
#include "media/reports.h"
#include "wire/h264.h"

#define AUDIO_PACKETS_PER_S   440 // Opus frames of 2.5 ms, and a clock that is fast
#define VIDEO_PACKETS_PER_S   3000
#define KEY_FRAME_INTERVAL_US (500 * TIME_US_PER_MS)
#define MISSING_WAIT_US       (30 * TIME_US_PER_MS)
#define LAYER_UNMEASURED_BPS  150000 // of the smallest layer; each larger one four times as much
#define OSN_SIZE              2      // RFC 4588 section 4: the original sequence number
#define SOURCE_SILENT_US      TIME_US_PER_S
// Digital silence, as of a page that has not yet heard of its open microphone: by the level that
// the packet tells (RFC 6464), else by its size, for Opus writes silence in less.
#define LEVEL_SILENCE    127
#define SILENT_BYTES     8
#define OPUS_USUAL_TICKS 960 // taken for packets that cannot be read

struct source *source_find(const struct router *router, link_source id)
{
    uint32_t index = id_table_find(&router->source_ids, id);
    return index != ID_TABLE_NONE ? &router->sources[index] : NULL;
}

struct router_peer *source_owner(const struct router *router, const struct source *source)
{
    return pool_get(&router->peers, source->description.peer);
}

static bool is_local(const struct source *source)
{
    return source->description.peer != HANDLE_NONE;
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
        return is_local(source) ? ERR_NOT_FOUND : ERR_NONE;
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
    router->free_source_count--;
    if (video) {
        source->video = router->free_video_sources[--router->free_video_source_count];
        clear_video(source->video);
    }
    for (uint8_t i = 0; i < description->layer_count; i++) {
        track_init(&source->tracks[i], video ? OUTPUT_CLOCK_VIDEO_HZ : OUTPUT_CLOCK_AUDIO_HZ,
                   video ? VIDEO_PACKETS_PER_S : AUDIO_PACKETS_PER_S, !video);
    }
    id_table_add(&router->source_ids, description->id, index);
    channels_source_opened(router, source);
    return ERR_NONE;
}

static void leave_owner(struct router *router, struct source *source)
{
    struct router_peer *owner = source_owner(router, source);
    for (uint32_t i = 0; owner != NULL && i < owner->source_count; i++) {
        if (owner->sources[i] == source) {
            owner->sources[i] = owner->sources[--owner->source_count];
            return;
        }
    }
}

static void tell_state(struct router *router, const struct source *source, bool changed)
{
    if (changed && is_local(source)) {
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
    leave_owner(router, source);
    source->active = false;
    source->sounding = false;
    tell_state(router, source, was_active);
    if (source->video != NULL) {
        router->free_video_sources[router->free_video_source_count++] = source->video;
    }
    id_table_remove(&router->source_ids, id);
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
    if (!is_local(source)) {
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

void source_tick(struct router *router, time_us now, struct source *source)
{
    bool active = source->active && now - source->last_packet < SOURCE_SILENT_US;
    bool sounding = source->sounding && active && source_is_heard(source, now);
    bool changed = active != source->active || sounding != source->sounding;
    source->active = active;
    source->sounding = sounding;
    tell_state(router, source, changed);
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

static void note_missing(struct router *router, time_us now, struct source *source, uint8_t layer,
                         int64_t before, int64_t index)
{
    struct missing *missing = &source->video->layers[layer].missing;
    if (!is_local(source) || !source->description.nack || index <= before + 1) {
        return;
    }
    if (!missing_add(missing, now, before + 1, index - 1)) {
        source_request_key_frame(router, now, source, layer);
    }
    time_us deadline = missing_deadline(missing);
    router->missing_at = deadline < router->missing_at ? deadline : router->missing_at;
}

time_us source_ask_missing(struct router *router, time_us now, struct source *source)
{
    struct router_peer *owner = source_owner(router, source);
    time_us next = TIME_US_NEVER;
    for (uint8_t i = 0; owner != NULL && i < source->description.layer_count; i++) {
        struct missing *missing = &source->video->layers[i].missing;
        uint16_t sequences[MISSING_BATCH_MAX];
        bool given_up = false;
        time_us wait = (time_us)owner->round_trip_us + MISSING_WAIT_US;
        uint32_t count = missing_ask(missing, now, wait, sequences, &given_up);
        if (count > 0 && owner->connected && owner->reachable) {
            reports_send_missing(router, owner, source->tracks[i].ssrc, sequences, count);
            router->counters.nack_out_total += count;
        }
        if (given_up) {
            source_request_key_frame(router, now, source, i);
        }
        time_us deadline = missing_deadline(missing);
        next = deadline < next ? deadline : next;
    }
    return next;
}

// --- receiving ---

struct arrival {
    struct source *source;
    uint8_t layer;
    time_us now;
    struct rtp_packet rtp;
    const uint8_t *payload;
    size_t size;
    int64_t index;
    enum track_result result;
};

// Numbers the packet among those that go on; false when it only says that silence goes on.
static bool number_audio(struct router *router, const struct arrival *arrival,
                         struct audio_packet *packet)
{
    struct silence *silence = &arrival->source->silence;
    struct fanout_packet *as_sent = &packet->as_sent;
    bool gap = false;
    if (packet->late) {
        as_sent->index = silence_late_index(silence, arrival->index);
        return true;
    }
    if (!silence_take(silence, arrival->index, as_sent->timestamp, packet->silent,
                      arrival->result == TRACK_RESTARTED, &as_sent->index, &gap)) {
        router->counters.silence_dropped_total += is_local(arrival->source);
        return false;
    }
    as_sent->marker = as_sent->marker || (gap && !packet->silent);
    return true;
}

static void forward_audio(struct router *router, const struct arrival *arrival)
{
    struct opus_packet opus;
    struct audio_packet packet = {
        .as_sent = {.payload = arrival->payload,
                    .size = arrival->size,
                    .now = arrival->now,
                    .timestamp = arrival->rtp.timestamp,
                    .duration = OPUS_USUAL_TICKS,
                    .marker = arrival->rtp.marker},
        .late = arrival->result == TRACK_LATE,
    };
    if (opus_packet_read(arrival->payload, arrival->size, &opus) == ERR_NONE) {
        packet.opus = &opus;
        packet.as_sent.duration = opus_packet_ticks(&opus);
        packet.silent = opus_packet_silent(&opus);
    } else {
        router->counters.opus_unreadable_total += is_local(arrival->source);
    }
    struct list_link *first = arrival->source->channels.first;
    for (struct list_link *at = first; at != NULL && arrival->result == TRACK_RESTARTED;
         at = at->next) {
        struct channel *channel = channel_of_source(at);
        if (channel->delay == NULL) {
            channel_renew(router, channel);
        } else {
            channel_delay_renew(router, arrival->now, channel);
        }
    }
    if (!number_audio(router, arrival, &packet)) {
        return;
    }
    for (struct list_link *at = first; at != NULL; at = at->next) {
        struct channel *channel = channel_of_source(at);
        if (channel->delay == NULL) {
            channel_audio_forward(router, channel, &packet);
        } else {
            channel_delay_packet(router, channel, &packet);
        }
    }
}

// False for padding and for what cannot be read.
static bool read_picture(const struct arrival *arrival, struct video_packet *packet)
{
    struct h264_payload h264;
    if (arrival->size == 0 || arrival->size > PACKET_PAYLOAD_MAX) {
        return false;
    }
    if (arrival->source->description.codec == ROUTER_H264) {
        // Without its parameters a key frame is of no use to who begins with it.
        bool readable = h264_parse(arrival->payload, arrival->size, &h264) == ERR_NONE;
        packet->key_frame = h264.sequence_parameters;
        return readable;
    }
    bool readable = vp8_parse(arrival->payload, arrival->size, &packet->vp8) == ERR_NONE;
    packet->key_frame = packet->vp8.key_frame;
    return readable;
}

static void forward_video(struct router *router, const struct arrival *arrival)
{
    struct source *source = arrival->source;
    struct video_layer *layer = &source->video->layers[arrival->layer];
    struct video_packet packet = {
        .source = source,
        .layer = arrival->layer,
        .late = arrival->result == TRACK_LATE,
        .restarted = arrival->result == TRACK_RESTARTED,
        .marker = arrival->rtp.marker,
        .index = arrival->index,
        .timestamp = arrival->rtp.timestamp,
        .now = arrival->now,
        .payload = router->scratch,
        .size = arrival->size,
    };
    packet.has_picture = read_picture(arrival, &packet);
    if (packet.has_picture) {
        packet_ring_put(&layer->ring, packet.index, packet.timestamp, packet.marker,
                        arrival->payload, arrival->size);
        memcpy(router->scratch, arrival->payload, arrival->size);
        layer->key_frame_wanted = layer->key_frame_wanted && !packet.key_frame;
    } else if (arrival->size > 0 && is_local(source)) {
        router->counters.rtp_malformed_total++;
    }
    for (struct list_link *at = source->channels.first; at != NULL; at = at->next) {
        channel_forward_video(router, channel_of_source(at), &packet);
    }
}

// Takes the packet into its track; false when it goes no further.
static bool take_in(struct router *router, struct arrival *arrival, size_t packet_size)
{
    struct source *source = arrival->source;
    struct track *track = &source->tracks[arrival->layer];
    bool video = source->video != NULL;
    int64_t before = track->highest;
    if (arrival->rtp.payload_type == source->description.payload_type) {
        arrival->result = track_receive(track, arrival->now, &arrival->rtp, packet_size,
                                        &arrival->index);
    } else if (video && source->description.rtx_payload_type != 0 &&
               arrival->rtp.payload_type == source->description.rtx_payload_type) {
        if (arrival->size <= OSN_SIZE) {
            return false; // a probe
        }
        uint16_t sequence = bytes_load_u16(arrival->payload);
        arrival->result = track_receive_repeated(track, arrival->now, sequence, &arrival->index);
        arrival->payload += OSN_SIZE;
        arrival->size -= OSN_SIZE;
        router->counters.rtx_packets_in_total += is_local(source);
    } else {
        router->counters.rtp_unexpected_total += is_local(source);
        return false;
    }
    if (video && arrival->result == TRACK_NEWER) {
        note_missing(router, arrival->now, source, arrival->layer, before, arrival->index);
    } else if (video && arrival->result == TRACK_LATE) {
        missing_arrived(&source->video->layers[arrival->layer].missing, arrival->index);
    } else if (video && arrival->result == TRACK_RESTARTED) {
        missing_clear(&source->video->layers[arrival->layer].missing);
    }
    return true;
}

// RFC 6464 section 3: a bit that says whether it is speech, and 7 bits of level in -dBov.
static uint8_t level_of(const struct source *source, const struct rtp_packet *rtp,
                        const uint8_t *packet)
{
    struct rtp_extension level;
    bool told = rtp_extension_find(rtp, packet, source->description.level_id, &level) &&
                level.size >= 1;
    return told ? level.data[0] & 0x7f : SOURCE_NO_LEVEL;
}

// Is there more in it than digital silence? Other threads than the owner's look only when a channel
// waits for somebody.
static bool note_sound(const struct router *router, const struct arrival *arrival,
                       const uint8_t *packet)
{
    struct source *source = arrival->source;
    bool local = is_local(source);
    if (source->video != NULL || arrival->size == 0 || (!local && router->awaiting.first == NULL)) {
        return false;
    }
    uint8_t level = source->description.level_id != 0 ? level_of(source, &arrival->rtp, packet)
                                                      : SOURCE_NO_LEVEL;
    if (local && level < source->level) {
        source->level = level;
    }
    return level != SOURCE_NO_LEVEL ? level < LEVEL_SILENCE : arrival->size > SILENT_BYTES;
}

static void note_arrival(struct router *router, const struct arrival *arrival, bool sound)
{
    struct source *source = arrival->source;
    source->last_packet = arrival->now;
    if (sound) {
        source->last_sound = arrival->now;
    }
    if (!source->active || sound > source->sounding) {
        source->active = true;
        source->sounding = source->sounding || sound;
        tell_state(router, source, true);
    }
}

static void note_delay(struct router_peer *owner, const struct arrival *arrival,
                       const uint8_t *packet)
{
    struct rtp_extension sent;
    if (rtp_extension_find(&arrival->rtp, packet, arrival->source->description.abs_send_time_id,
                           &sent) &&
        sent.size == RTP_ABS_SEND_TIME_SIZE) {
        receive_delay_take(&owner->delay, arrival->now,
                           (uint32_t)sent.data[0] << 16 | bytes_load_u16(sent.data + 1));
    }
}

static bool count_refusal(struct router *router, const struct arrival *arrival)
{
    if (arrival->result == TRACK_FLOOD) {
        router->counters.rtp_flood_dropped_total += is_local(arrival->source);
        return true;
    }
    if (arrival->result == TRACK_DUPLICATE) {
        router->counters.rtp_duplicate_total += is_local(arrival->source);
        return true;
    }
    if (arrival->result == TRACK_SUSPECT) {
        router->counters.rtp_suspect_total += is_local(arrival->source);
        return true;
    }
    router->counters.source_restarts_total += arrival->result == TRACK_RESTARTED &&
                                              is_local(arrival->source);
    return false;
}

bool router_receive_rtp(struct router *router, time_us now, link_source id, uint8_t layer,
                        const struct rtp_packet *rtp, const uint8_t *packet)
{
    struct arrival arrival = {
        .source = source_find(router, id), .layer = layer, .now = now, .rtp = *rtp};
    struct source *source = arrival.source;
    size_t size = (size_t)rtp->header_size + rtp->payload_size; // of the packet
    if (source == NULL || layer >= source->description.layer_count) {
        router->counters.rtp_unexpected_total++;
        return false;
    }
    bool local = is_local(source);
    if (size > ROUTER_PACKET_MAX ||
        (arrival.rtp.padding && rtp_strip_padding(packet, size, &arrival.rtp) != ERR_NONE)) {
        router->counters.rtp_malformed_total += local;
        return false;
    }
    arrival.payload = packet + arrival.rtp.header_size;
    arrival.size = arrival.rtp.payload_size;
    if (!take_in(router, &arrival, size) || count_refusal(router, &arrival)) {
        return false;
    }
    struct router_peer *owner = source_owner(router, source);
    if (owner != NULL) {
        owner->packets_in++;
        router->counters.rtp_packets_in_total++;
        router->counters.rtp_bytes_in_total += size;
        if (source->description.abs_send_time_id != 0) {
            note_delay(owner, &arrival, packet);
        }
    }
    bool sound = note_sound(router, &arrival, packet);
    note_arrival(router, &arrival, sound);
    if (source->video != NULL) {
        forward_video(router, &arrival);
    } else if (arrival.size > 0) {
        if (router->awaiting.first != NULL) {
            channels_source_heard(router, now, source, sound);
        }
        forward_audio(router, &arrival);
    }
    return true;
}
