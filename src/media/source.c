#include "media/source.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "media/channel.h"
#include "media/channel_audio.h"
#include "media/channel_delay.h"
#include "media/output_clock.h"
#include "media/reports.h"
#include "wire/h264.h"

#define AUDIO_PACKETS_PER_S   200
#define VIDEO_PACKETS_PER_S   3000
#define KEY_FRAME_INTERVAL_US (500 * TIME_US_PER_MS)
#define MISSING_WAIT_US       (30 * TIME_US_PER_MS)
#define LAYER_UNMEASURED_BPS  100000 // of the smallest layer; each larger one four times as much
#define OSN_SIZE              2      // RFC 4588 section 4: the original sequence number
#define SOURCE_SILENT_US      TIME_US_PER_S
// A page that has not yet heard of its open microphone sends silence, which Opus writes in less.
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
           description->payload_type < 128 && description->rtx_payload_type < 128 &&
           description->layer_count >= 1 && description->codec < ROUTER_CODECS &&
           description->layer_count <=
               (video && description->codec == ROUTER_VP8 ? ROUTER_LAYERS_MAX : 1);
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
        .receive_bps = router->limits.receive_bps_max,
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
                   video ? VIDEO_PACKETS_PER_S : AUDIO_PACKETS_PER_S);
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

void router_source_close(struct router *router, link_source id)
{
    struct source *source = source_find(router, id);
    if (source == NULL) {
        return;
    }
    channels_source_closing(router, source);
    leave_owner(router, source);
    if (source->active && is_local(source)) {
        router->sink.source_state(router->sink.context, id, false);
    }
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
    for (const struct channel *channel = source != NULL ? source->channels : NULL; channel != NULL;
         channel = channel->next_of_source) {
        bool wanted = channel->videos != NULL;
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

void source_tick(struct router *router, time_us now, struct source *source)
{
    if (source->active && now - source->last_packet >= SOURCE_SILENT_US) {
        source->active = false;
        if (is_local(source)) {
            router->sink.source_state(router->sink.context, source->description.id, false);
        }
    }
    for (uint8_t i = 0; source->video != NULL && i < source->description.layer_count; i++) {
        if (source->video->layers[i].key_frame_wanted) {
            source_request_key_frame(router, now, source, i);
        }
    }
}

void sources_tell_levels(struct router *router)
{
    struct link_level levels[LINK_LEVELS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < router->limits.sources_max; i++) {
        struct source *source = &router->sources[i];
        if (!source->open || source->level == SOURCE_NO_LEVEL) {
            continue;
        }
        levels[count++] = (struct link_level){source->description.id, source->level};
        source->level = SOURCE_NO_LEVEL;
        if (count == LINK_LEVELS_MAX) {
            router->sink.source_levels(router->sink.context, levels, count);
            count = 0;
        }
    }
    if (count > 0) {
        router->sink.source_levels(router->sink.context, levels, count);
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
    struct channel *channels = arrival->source->channels;
    for (struct channel *channel = channels; channel != NULL && arrival->result == TRACK_RESTARTED;
         channel = channel->next_of_source) {
        if (channel->delay == NULL) {
            channel_renew(router, channel);
        } else {
            channel_delay_renew(router, arrival->now, channel);
        }
    }
    if (!number_audio(router, arrival, &packet)) {
        return;
    }
    for (struct channel *channel = channels; channel != NULL; channel = channel->next_of_source) {
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
    for (struct channel *channel = source->channels; channel != NULL;
         channel = channel->next_of_source) {
        channel_forward_video(router, channel, &packet);
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

static void became_active(struct router *router, struct arrival *arrival)
{
    struct source *source = arrival->source;
    source->last_packet = arrival->now;
    if (!source->active) {
        source->active = true;
        if (is_local(source)) {
            router->sink.source_state(router->sink.context, source->description.id, true);
        }
    }
}

// RFC 6464 section 3: a bit that says whether it is speech, and 7 bits of level in -dBov.
static void note_level(struct source *source, const struct rtp_packet *rtp, const uint8_t *packet)
{
    struct rtp_extension level;
    if (rtp_extension_find(rtp, packet, source->description.level_id, &level) && level.size >= 1) {
        uint8_t below = level.data[0] & 0x7f;
        source->level = below < source->level ? below : source->level;
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
    router->counters.source_restarts_total += arrival->result == TRACK_RESTARTED &&
                                              is_local(arrival->source);
    return false;
}

bool router_receive_rtp(struct router *router, time_us now, link_source id, uint8_t layer,
                        const uint8_t *packet, size_t size)
{
    struct arrival arrival = {.source = source_find(router, id), .layer = layer, .now = now};
    struct source *source = arrival.source;
    if (source == NULL || layer >= source->description.layer_count) {
        router->counters.rtp_unexpected_total++;
        return false;
    }
    bool local = is_local(source);
    if (size > ROUTER_PACKET_MAX || rtp_parse(packet, size, &arrival.rtp) != ERR_NONE ||
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
    }
    became_active(router, &arrival);
    if (local && source->description.level_id != 0) {
        note_level(source, &arrival.rtp, packet);
    }
    if (source->video != NULL) {
        forward_video(router, &arrival);
    } else if (arrival.size > 0) {
        if (router->awaiting != NULL && arrival.size > SILENT_BYTES) {
            channels_source_heard(router, now, source);
        }
        forward_audio(router, &arrival);
    }
    return true;
}
