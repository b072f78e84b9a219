// What comes from a source: each packet is numbered by its track and goes to the channels that
// carry the source.
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "media/channel.h"
#include "media/channel_audio.h"
#include "media/channel_delay.h"
#include "media/source.h"
#include "wire/h264.h"

#define OSN_SIZE         2   // RFC 4588 section 4: the original sequence number
#define LEVEL_SILENCE    127 // RFC 6464 section 3: digital silence, as of a muted microphone
#define OPUS_USUAL_TICKS 960 // taken for packets that cannot be read

struct arrival {
    struct source *source;
    uint8_t layer;
    time_us now;
    struct rtp_packet rtp;
    const uint8_t *payload;
    size_t size;
    const struct opus_packet *opus; // NULL: not readable, or no audio
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
        router->counters.silence_dropped_total += source_is_local(arrival->source);
        return false;
    }
    as_sent->marker = as_sent->marker || (gap && !packet->silent);
    return true;
}

static void forward_audio(struct router *router, const struct arrival *arrival)
{
    struct audio_packet packet = {
        .as_sent = {.payload = arrival->payload,
                    .size = arrival->size,
                    .now = arrival->now,
                    .timestamp = arrival->rtp.timestamp,
                    .duration = OPUS_USUAL_TICKS,
                    .marker = arrival->rtp.marker},
        .late = arrival->result == TRACK_LATE,
    };
    if (arrival->opus != NULL) {
        packet.opus = arrival->opus;
        packet.as_sent.duration = opus_packet_ticks(arrival->opus);
        packet.silent = opus_packet_silent(arrival->opus);
    } else {
        router->counters.opus_unreadable_total += source_is_local(arrival->source);
    }
    ASSERT(arrival->source->video == NULL && packet.as_sent.duration > 0);
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
    ASSERT(arrival->layer < source->description.layer_count);
    packet.has_picture = read_picture(arrival, &packet);
    if (packet.has_picture) {
        packet_ring_put(&layer->ring, packet.index, packet.timestamp, packet.marker,
                        arrival->payload, arrival->size);
        memcpy(router->scratch, arrival->payload, arrival->size);
        layer->key_frame_wanted = layer->key_frame_wanted && !packet.key_frame;
    } else if (arrival->size > 0 && source_is_local(source)) {
        router->counters.rtp_malformed_total++;
    }
    for (struct list_link *at = source->channels.first; at != NULL; at = at->next) {
        channel_forward_video(router, channel_of_source(at), &packet);
    }
}

static void note_missing(struct router *router, time_us now, struct source *source, uint8_t layer,
                         int64_t before, int64_t index)
{
    ASSERT(source->video != NULL && index > before);
    struct missing *missing = &source->video->layers[layer].missing;
    if (!source_is_local(source) || !source->description.nack || index <= before + 1) {
        return;
    }
    if (!missing_add(missing, now, before + 1, index - 1)) {
        source_request_key_frame(router, now, source, layer);
    }
    time_us deadline = missing_deadline(missing);
    router->missing_at = deadline < router->missing_at ? deadline : router->missing_at;
}

// Takes the packet into its track; false when it goes no further.
static bool take_in(struct router *router, struct arrival *arrival, size_t packet_size)
{
    struct source *source = arrival->source;
    struct track *track = &source->tracks[arrival->layer];
    bool video = source->video != NULL;
    ASSERT(video == (source->description.kind == LINK_VIDEO));
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
        router->counters.rtx_packets_in_total += source_is_local(source);
    } else {
        router->counters.rtp_unexpected_total += source_is_local(source);
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
static bool note_sound(struct router *router, const struct arrival *arrival, const uint8_t *packet)
{
    struct source *source = arrival->source;
    bool local = source_is_local(source);
    if (source->video != NULL || arrival->size == 0 || (!local && router->awaiting.first == NULL)) {
        return false;
    }
    uint8_t level = source->description.level_id != 0 ? level_of(source, &arrival->rtp, packet)
                                                      : SOURCE_NO_LEVEL;
    if (local && level < source->level) {
        source->level = level;
    }
    if (arrival->opus == NULL || opus_packet_silent(arrival->opus)) {
        return false; // whatever level it tells, nobody hears anything of it
    }
    if (level != SOURCE_NO_LEVEL && (level == LEVEL_SILENCE || source->sounding)) {
        return level < LEVEL_SILENCE;
    }
    // A level that speaks of sound is believed once there has been some.
    return source_sound_judge(router, source, arrival->now, arrival->opus, arrival->payload,
                              arrival->size);
}

static void note_arrival(struct router *router, const struct arrival *arrival, bool sound)
{
    struct source *source = arrival->source;
    source->last_packet = arrival->now;
    if (sound) {
        source->last_sound = arrival->now;
    }
    if (source->thin.thin) {
        return;
    }
    if (!source->active && source->video == NULL) {
        thin_sound_begin(&source->thin, arrival->now, source_count(source));
    }
    if (!source->active || sound > source->sounding) {
        source->active = true;
        source->sounding = source->sounding || sound;
        source_tell_state(router, source, true);
    }
    ASSERT(source->active && source->sounding >= sound);
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
        router->counters.rtp_flood_dropped_total += source_is_local(arrival->source);
        return true;
    }
    if (arrival->result == TRACK_DUPLICATE) {
        router->counters.rtp_duplicate_total += source_is_local(arrival->source);
        return true;
    }
    if (arrival->result == TRACK_SUSPECT) {
        router->counters.rtp_suspect_total += source_is_local(arrival->source);
        return true;
    }
    router->counters.source_restarts_total += arrival->result == TRACK_RESTARTED &&
                                              source_is_local(arrival->source);
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
    bool local = source_is_local(source);
    if (size > ROUTER_PACKET_MAX ||
        (arrival.rtp.padding && rtp_strip_padding(packet, size, &arrival.rtp) != ERR_NONE)) {
        router->counters.rtp_malformed_total += local;
        return false;
    }
    ASSERT((size_t)arrival.rtp.header_size + arrival.rtp.payload_size <= size);
    arrival.payload = packet + arrival.rtp.header_size;
    arrival.size = arrival.rtp.payload_size;
    // A probe, too, says how long packets wait.
    struct router_peer *owner = source_owner(router, source);
    if (owner != NULL && source->description.abs_send_time_id != 0) {
        note_delay(owner, &arrival, packet);
    }
    if (!take_in(router, &arrival, size) || count_refusal(router, &arrival)) {
        return false;
    }
    ASSERT(arrival.index > 0); // a ring knows by 0 that it holds nothing
    struct opus_packet opus;
    if (source->video == NULL &&
        opus_packet_read(arrival.payload, arrival.size, &opus) == ERR_NONE) {
        arrival.opus = &opus;
    }
    if (owner != NULL) {
        owner->packets_in++;
        router->counters.rtp_packets_in_total++;
        router->counters.rtp_bytes_in_total += size;
    }
    // Padding alone holds a binding open and probes a line; it is nobody's voice, whatever level it
    // claims.
    if (source->video == NULL && arrival.size == 0) {
        return true;
    }
    bool sound = note_sound(router, &arrival, packet) && !source->thin.thin;
    note_arrival(router, &arrival, sound);
    if (source->video != NULL) {
        forward_video(router, &arrival);
    } else {
        if (router->awaiting.first != NULL) {
            channels_source_heard(router, now, source, sound);
        }
        forward_audio(router, &arrival);
    }
    return true;
}
