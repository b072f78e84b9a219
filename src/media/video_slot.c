#include "media/video_slot.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "media/output_clock.h"
#include "media/slot.h"
#include "media/source.h"
#include "media/video_pace.h"
#include "wire/rtp.h"

#define REPEAT_TOKENS_MAX  100
#define REPEAT_PER_S       200
#define REPEAT_INTERVAL_US (10 * TIME_US_PER_MS) // or three quarters of the round trip
#define ABS_SEND_TIME_ROOM 8
#define PADDING_BIT        0x20 // RFC 3550 section 5.1
#define OSN_SIZE           2    // RFC 4588 section 4: the original sequence number
#define LAG_MAX_TICKS      (3 * OUTPUT_CLOCK_VIDEO_HZ)
#define OVERHEAD_PERCENT   106 // what is sent, of a source's rate: more headers, and a tag

void video_slot_init(struct router *router, struct slot *slot)
{
    struct video_slot *video = slot->video;
    memset(video, 0, sizeof(*video));
    secure_rtp_sender_init(&video->sender, slot->description.ssrc);
    secure_rtp_sender_init(&video->rtx_sender, slot->description.rtx_ssrc);
    video->first_sequence = (uint16_t)(router_random(router) & 0x7fff);
    video->first_rtx_sequence = (uint16_t)(router_random(router) & 0x7fff);
    video->clock_start = (uint32_t)router_random(router);
    video->map.last_timestamp = video->clock_start;
    video->map.last_picture = (uint16_t)(router_random(router) & 0x7fff);
    video->map.last_tl0 = (uint8_t)router_random(router);
    video->repeat_tokens = REPEAT_TOKENS_MAX;
    video_slot_reset(router, slot);
}

static void follow_codec(struct router *router, struct slot *slot)
{
    struct video_slot *video = slot->video;
    const struct router_slot_description *taken = &slot->description;
    const struct source *source = slot->channel != NULL ? slot->channel->source : NULL;
    bool h264 = source != NULL && source->description.codec == ROUTER_H264;
    video->codec = h264 ? ROUTER_H264 : ROUTER_VP8;
    video->payload_type = h264 ? taken->h264_payload_type : taken->payload_type;
    video->rtx_payload_type = h264 ? taken->h264_rtx_payload_type : taken->rtx_payload_type;
    router->counters.video_untaken_total += slot->attached && source != NULL &&
                                            source->video != NULL && video->payload_type == 0;
}

void video_slot_reset(struct router *router, struct slot *slot)
{
    video_pace_end(slot);
    follow_codec(router, slot);
    slot->video->layer = VIDEO_LAYER_NONE;
    slot->video->target = VIDEO_LAYER_NONE;
    slot->video->temporal_max = VIDEO_TEMPORAL_ALL;
}

static uint16_t next_sequence(const struct secure_rtp_sender *sender, uint16_t first)
{
    return sender->started ? (uint16_t)(sender->highest + 1) : first;
}

struct outgoing {
    bool rtx;
    bool padding; // the payload is nothing but padding
    struct video_numbers numbers;
    bool marker;
    const uint8_t *payload;
    size_t size;
    time_us now;
};

static void send(struct router *router, struct slot *slot, const struct outgoing *outgoing)
{
    struct router_peer *peer = slot->peer;
    bool rtx = outgoing->rtx;
    uint8_t *out = router->sink.reserve(router->sink.context, ROUTER_DATAGRAM_MAX);
    size_t header_size = RTP_HEADER_SIZE;
    struct rtp_header header = {
        .payload_type = rtx ? slot->video->rtx_payload_type : slot->video->payload_type,
        .marker = outgoing->marker,
        .extension = slot->description.abs_send_time_id != 0,
        .sequence = outgoing->numbers.sequence,
        .timestamp = outgoing->numbers.timestamp,
        .ssrc = rtx ? slot->description.rtx_ssrc : slot->description.ssrc,
    };
    rtp_write_header(out, &header);
    out[0] |= outgoing->padding ? PADDING_BIT : 0;
    if (header.extension) {
        uint8_t value[RTP_ABS_SEND_TIME_SIZE];
        struct bytes_writer writer = bytes_writer(value, sizeof(value));
        bytes_write_u24(&writer, rtp_abs_send_time(outgoing->now));
        struct rtp_extension extension = {slot->description.abs_send_time_id, sizeof(value), value};
        header_size += rtp_write_extensions(&extension, 1, out + RTP_HEADER_SIZE,
                                            ABS_SEND_TIME_ROOM);
    }
    struct secure_rtp_sender *sender = rtx ? &slot->video->rtx_sender : &slot->video->sender;
    size_t sealed = secure_rtp_seal_to(peer->key, sender, out, header_size, outgoing->payload,
                                       outgoing->size, out);
    router->sink.commit(router->sink.context, peer->destination, sealed);
    router->counters.rtp_packets_out_total++;
    router->counters.rtp_bytes_out_total += sealed;
    video_pace_spend(peer, sealed);
    video_line_sent(&peer->line, outgoing->now, sealed);
}

static struct video_numbers numbers_of(const struct video_packet *packet)
{
    return (struct video_numbers){
        .picture = packet->vp8.picture_id,
        .tl0 = packet->vp8.tl0picidx,
        .timestamp = packet->timestamp,
    };
}

static void send_picture(struct router *router, struct slot *slot,
                         const struct video_packet *packet, const struct video_numbers *out)
{
    struct video_slot *video = slot->video;
    vp8_rewrite(packet->payload, &packet->vp8, out->picture, out->tl0);
    send(router, slot,
         &(struct outgoing){
             .numbers = *out,
             .marker = packet->marker,
             .payload = packet->payload,
             .size = packet->size,
             .now = packet->now,
         });
    video->packets++;
    video->octets += (uint32_t)packet->size;
    video->sent[out->sequence % ROUTER_SENT_MAX] = (struct video_sent){
        .index = packet->index,
        .serial = packet->source->serial,
        .timestamp = out->timestamp,
        .sent_at = packet->now,
        .sequence = out->sequence,
        .picture = out->picture,
        .tl0 = out->tl0,
        .layer = packet->layer,
    };
}

// The layer begins here, with a key frame. Its clock is that of its least delayed packets, so that
// a large key frame, which arrives late, does not shift the time of all that follow.
static void begin_layer(struct router *router, struct slot *slot, const struct video_packet *packet)
{
    struct video_slot *video = slot->video;
    const struct track *track = &packet->source->tracks[packet->layer];
    struct video_numbers in = numbers_of(packet);
    uint32_t age = track_timestamp_at(track, packet->now) - packet->timestamp;
    uint32_t timestamp = output_clock_at(video->clock_start, OUTPUT_CLOCK_VIDEO_HZ, packet->now) -
                         age;
    video_map_begin(&video->map, packet->index, &in,
                    next_sequence(&video->sender, video->first_sequence), timestamp);
    video_pace_end(slot);
    bool same_source = video->layer != VIDEO_LAYER_NONE;
    router->counters.layer_switches_total += same_source;
    router->counters.slot_switches_total += !same_source;
    video->layer = (int8_t)packet->layer;
    video->temporal_now = video->temporal_max;
}

static void follow_temporal(struct video_slot *video, const struct vp8_payload *vp8)
{
    if (!vp8->start_of_frame) {
        return;
    }
    if (vp8->key_frame || video->temporal_max < video->temporal_now) {
        video->temporal_now = video->temporal_max;
    } else if (vp8->layer_sync && vp8->temporal_id > video->temporal_now &&
               vp8->temporal_id <= video->temporal_max) {
        video->temporal_now = vp8->temporal_id;
    }
}

static bool left_out(const struct video_slot *video, const struct video_packet *packet)
{
    return !packet->has_picture ||
           (packet->vp8.has_temporal && packet->vp8.temporal_id > video->temporal_now);
}

static void forward_late(struct router *router, struct slot *slot,
                         const struct video_packet *packet)
{
    struct video_slot *video = slot->video;
    struct video_numbers in = numbers_of(packet);
    struct video_numbers out;
    if (list_has(&slot->lagging) && packet->index >= video->next_index) {
        return; // its turn comes
    }
    if (!video_map_find(&video->map, packet->index, &in, &out) ||
        !video_pace_affords(slot->peer, packet->now, packet->size) ||
        !secure_rtp_sender_fresh(&video->sender, out.sequence)) {
        router->counters.rtp_late_dropped_total++;
        return;
    }
    if (left_out(video, packet)) {
        // Its number was kept free: fill it, else the listener goes on asking for it.
        static const uint8_t one_byte[] = {1};
        send(router, slot,
             &(struct outgoing){
                 .padding = true,
                 .numbers = out,
                 .payload = one_byte,
                 .size = sizeof(one_byte),
                 .now = packet->now,
             });
        video->packets++;
        return;
    }
    send_picture(router, slot, packet, &out);
}

// False when it cannot be sent now: nothing has changed then.
static bool forward_newest(struct router *router, struct slot *slot,
                           const struct video_packet *packet)
{
    struct video_slot *video = slot->video;
    if (packet->has_picture) {
        follow_temporal(video, &packet->vp8);
    }
    if (left_out(video, packet)) {
        video_map_drop(&video->map, packet->index,
                       packet->has_picture && packet->vp8.has_picture_id, packet->vp8.picture_id);
        return true;
    }
    if (!video_pace_affords(slot->peer, packet->now, packet->size)) {
        return false;
    }
    struct video_numbers in = numbers_of(packet);
    struct video_numbers out;
    bool found = video_map_find(&video->map, packet->index, &in, &out);
    ASSERT(found);
    send_picture(router, slot, packet, &out);
    video_map_sent(&video->map, &out);
    return true;
}

void video_slot_forward(struct router *router, struct slot *slot, const struct video_packet *packet)
{
    struct video_slot *video = slot->video;
    if (video->payload_type == 0) {
        return;
    }
    if (packet->restarted && video->layer == (int8_t)packet->layer) {
        video->layer = VIDEO_LAYER_NONE;
        source_request_key_frame(router, packet->now, packet->source, packet->layer);
    }
    if (video->target == VIDEO_LAYER_NONE && !video->held) {
        video_slots_choose(router, slot->peer, packet->now);
    }
    if (video->layer != (int8_t)packet->layer) {
        // Until anything is shown, a smaller layer than the chosen one is welcome.
        bool wanted = video->target == (int8_t)packet->layer ||
                      (video->layer == VIDEO_LAYER_NONE && packet->layer < video->target);
        if (!wanted || packet->late || !packet->has_picture || !packet->key_frame) {
            return;
        }
        begin_layer(router, slot, packet);
    }
    if (packet->late) {
        forward_late(router, slot, packet);
    } else if (!list_has(&slot->lagging) && !forward_newest(router, slot, packet)) {
        video_pace_wait(router, slot, packet->now, packet->index);
    }
}

static bool read_numbers(const struct slot *slot, const struct ring_packet *packet,
                         struct vp8_payload *ret_vp8)
{
    *ret_vp8 = (struct vp8_payload){0};
    return slot->video->codec == ROUTER_H264 ||
           vp8_parse(packet->payload, packet->size, ret_vp8) == ERR_NONE;
}

// It waited too long: begins anew with a key frame, within what the line takes.
static void give_up(struct router *router, struct slot *slot, time_us now)
{
    video_pace_end(slot);
    slot->video->layer = VIDEO_LAYER_NONE;
    video_slots_retreat(router, slot->peer, now, false);
    video_slot_request_key_frame(router, slot, now);
}

void video_slot_catch_up(struct router *router, struct slot *slot, time_us now)
{
    struct video_slot *video = slot->video;
    struct source *source = slot->channel != NULL ? slot->channel->source : NULL;
    ASSERT(source != NULL && source->video != NULL && video->layer != VIDEO_LAYER_NONE);
    const struct track *track = &source->tracks[video->layer];
    const struct packet_ring *ring = &source->video->layers[video->layer].ring;
    for (; video->next_index <= track->highest; video->next_index++) {
        struct video_packet packet = {
            .source = source,
            .layer = (uint8_t)video->layer,
            .index = video->next_index,
            .now = now,
            .payload = router->scratch,
        };
        const struct ring_packet *kept = packet_ring_get(ring, packet.index);
        if (track->highest - packet.index >= PACKET_RING_SIZE ||
            (kept != NULL &&
             track->timestamp - track_timestamp_of(track, kept->timestamp) > LAG_MAX_TICKS)) {
            give_up(router, slot, now);
            return;
        }
        if (kept == NULL && !track_seen(track, packet.index)) {
            continue; // not there yet: its number is kept free
        }
        if (kept != NULL && read_numbers(slot, kept, &packet.vp8)) {
            packet.has_picture = true;
            packet.marker = kept->marker;
            packet.timestamp = kept->timestamp;
            packet.size = kept->size;
            memcpy(router->scratch, kept->payload, kept->size);
        }
        if (!forward_newest(router, slot, &packet)) {
            return;
        }
    }
    video_pace_end(slot);
}

static bool take_repeat_token(struct video_slot *video, time_us now)
{
    int64_t gained = (now - video->repeat_tokens_at) * REPEAT_PER_S / TIME_US_PER_S;
    if (gained > 0) {
        int64_t tokens = (int64_t)video->repeat_tokens + gained;
        video->repeat_tokens = tokens < REPEAT_TOKENS_MAX ? (uint32_t)tokens : REPEAT_TOKENS_MAX;
        video->repeat_tokens_at = now;
    }
    if (video->repeat_tokens == 0) {
        return false;
    }
    video->repeat_tokens--;
    return true;
}

static const struct ring_packet *find_sent(const struct slot *slot, time_us now, uint16_t sequence,
                                           struct video_sent **ret_sent)
{
    struct video_slot *video = slot->video;
    struct video_sent *sent = &video->sent[sequence % ROUTER_SENT_MAX];
    const struct source *source = slot->channel != NULL ? slot->channel->source : NULL;
    time_us interval = (time_us)slot->peer->round_trip_us * 3 / 4;
    interval = interval > REPEAT_INTERVAL_US ? interval : REPEAT_INTERVAL_US;
    if (video->held || sent->index == 0 || sent->sequence != sequence || source == NULL ||
        source->video == NULL || source->serial != sent->serial || video->rtx_payload_type == 0 ||
        (sent->repeated_at != 0 && now - sent->repeated_at < interval)) {
        return NULL;
    }
    *ret_sent = sent;
    return packet_ring_get(&source->video->layers[sent->layer].ring, sent->index);
}

void video_slot_repeat(struct router *router, struct slot *slot, time_us now, uint16_t sequence)
{
    struct video_slot *video = slot->video;
    struct video_sent *sent = NULL;
    const struct ring_packet *packet = find_sent(slot, now, sequence, &sent);
    struct vp8_payload vp8;
    if (packet != NULL && !sent->missed) {
        sent->missed = true;
        if (video_line_missed(&slot->peer->line, now, sent->sent_at)) {
            video_slots_retreat(router, slot->peer, now, false);
        }
    }
    if (!slot->attached || video->held || packet == NULL || !read_numbers(slot, packet, &vp8) ||
        !video_pace_affords(slot->peer, now, packet->size) || !take_repeat_token(video, now)) {
        router->counters.rtx_missed_total++;
        return;
    }
    bytes_store_u16(router->scratch, sequence);
    memcpy(router->scratch + OSN_SIZE, packet->payload, packet->size);
    vp8_rewrite(router->scratch + OSN_SIZE, &vp8, sent->picture, sent->tl0);
    send(router, slot,
         &(struct outgoing){
             .rtx = true,
             .numbers.sequence = next_sequence(&video->rtx_sender, video->first_rtx_sequence),
             .numbers.timestamp = sent->timestamp,
             .marker = packet->marker,
             .payload = router->scratch,
             .size = OSN_SIZE + packet->size,
             .now = now,
         });
    sent->repeated_at = now;
    router->counters.rtx_packets_out_total++;
}

void video_slot_request_key_frame(struct router *router, struct slot *slot, time_us now)
{
    struct source *source = slot->channel != NULL ? slot->channel->source : NULL;
    int8_t layer = slot->video->layer != VIDEO_LAYER_NONE ? slot->video->layer
                                                          : slot->video->target;
    if (slot->attached && source != NULL && source->video != NULL && layer != VIDEO_LAYER_NONE) {
        source_request_key_frame(router, now, source, (uint8_t)layer);
    }
}

static struct source *source_for(const struct slot *slot)
{
    struct source *source = slot->attached && slot->video != NULL ? slot->channel->source : NULL;
    bool own = source != NULL && !slot->channel->direct &&
               source->description.owner == slot->peer->id;
    bool taken = source != NULL && source->video != NULL && slot->video->payload_type != 0;
    return taken && !own ? source : NULL;
}

static bool delivers(const struct video_offer *offer)
{
    return (offer->bits_per_second[0] | offer->bits_per_second[1] | offer->bits_per_second[2]) != 0;
}

static void hold(struct router *router, struct slot *slot)
{
    struct video_slot *video = slot->video;
    router->counters.pictures_held_total += !video->held;
    video_pace_end(slot);
    video->held = true;
    video->layer = VIDEO_LAYER_NONE;
    video->target = VIDEO_LAYER_NONE;
}

static void apply_offer(struct router *router, struct slot *slot, const struct video_offer *offer,
                        time_us now)
{
    struct video_slot *video = slot->video;
    video->temporal_max = offer->temporal_max;
    if (offer->layer == VIDEO_LAYER_NONE) {
        if (delivers(offer)) {
            hold(router, slot);
        }
    } else {
        slot->report_known = slot->report_known &&
                             !video->held; // it would speak of the time before
        video->held = false;
        video->target = offer->layer;
        if (video->target != video->layer) {
            source_request_key_frame(router, now, slot->channel->source, (uint8_t)offer->layer);
        }
    }
}

static void choose(struct router *router, struct router_peer *peer, time_us now, bool congested,
                   bool weak)
{
    struct video_offer offers[ROUTER_PEER_SLOTS_MAX];
    struct slot *slots[ROUTER_PEER_SLOTS_MAX];
    uint32_t count = 0;
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        struct slot *slot = slot_of_peer(router, peer, i);
        struct source *source = slot != NULL ? source_for(slot) : NULL;
        if (source == NULL) {
            continue;
        }
        offers[count] = (struct video_offer){.layer = slot->video->target,
                                             .temporal_max = slot->video->temporal_max,
                                             .held = slot->video->held};
        for (uint8_t layer = 0; layer < ROUTER_LAYERS_MAX; layer++) {
            offers[count].bits_per_second[layer] =
                (uint32_t)((uint64_t)source_layer_bps(source, layer, now) * OVERHEAD_PERCENT / 100);
        }
        slots[count++] = slot;
    }
    if (count == 0) {
        return;
    }
    const struct video_signs signs = {
        .estimate_bps = router_was_late(router, now) ? 0
                                                     : video_line_estimate_now(&peer->line, now),
        .congested = congested,
        .weak = weak,
        .loss_permille = peer->line.loss_permille,
        .lossy = video_line_lossy(&peer->line, now),
        .calm = video_line_calm(&peer->line, now),
    };
    video_choose(&peer->choice, now, &signs, offers, count);
    peer->line.eager = video_choice_tries(&peer->choice, now);
    bool any = false;
    for (uint32_t i = 0; i < count; i++) {
        apply_offer(router, slots[i], &offers[i], now);
        any = any || offers[i].layer != VIDEO_LAYER_NONE;
    }
    if (!any) {
        video_line_forget_estimate(&peer->line);
    }
}

void video_slots_choose(struct router *router, struct router_peer *peer, time_us now)
{
    choose(router, peer, now, false, false);
}

void video_slots_retreat(struct router *router, struct router_peer *peer, time_us now, bool weak)
{
    choose(router, peer, now, true, weak);
}

uint16_t video_slots_held(const struct router *router, const struct router_peer *peer, time_us now)
{
    uint16_t held = 0;
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        const struct slot *slot = slot_of_peer(router, peer, i);
        const struct source *source = slot != NULL ? source_for(slot) : NULL;
        bool there = false;
        for (uint8_t layer = 0; source != NULL && layer < ROUTER_LAYERS_MAX; layer++) {
            there = there || source_layer_bps(source, layer, now) != 0;
        }
        held |= (uint16_t)((there && slot->video->held) << i);
    }
    return held;
}
