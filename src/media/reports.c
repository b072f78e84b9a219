#include "media/reports.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "media/output_clock.h"
#include "media/slot.h"
#include "wire/rtcp.h"

#define COMPOUND_MAX 1160 // bytes before sealing, within the smallest usual path
#define SENDER_ROOM  (28 + 12 + ROUTER_CNAME_MAX + 4) // a sender report and its CNAME
#define REPORT_SIZE  24
#define BLOCKS_MAX   (ROUTER_PEER_SOURCES_MAX * ROUTER_LAYERS_MAX)

_Static_assert(SENDER_ROOM + BLOCKS_MAX * REPORT_SIZE < COMPOUND_MAX, "the first packet fits");

struct compound {
    struct router *router;
    struct router_peer *peer;
    uint8_t data[COMPOUND_MAX + SECURE_RTCP_OVERHEAD_MAX];
    struct bytes_writer writer;
};

static void compound_begin(struct compound *compound, struct router *router,
                           struct router_peer *peer)
{
    compound->router = router;
    compound->peer = peer;
    compound->writer = bytes_writer(compound->data, COMPOUND_MAX);
}

static void compound_send(struct compound *compound)
{
    struct router *router = compound->router;
    struct router_peer *peer = compound->peer;
    size_t size = compound->writer.position;
    ASSERT(bytes_writer_ok(&compound->writer));
    if (size == 0) {
        return;
    }
    if (secure_rtcp_seal(peer->key, &peer->rtcp_sender, compound->data, size,
                         sizeof(compound->data), &size) == ERR_NONE) {
        uint8_t *out = router->sink.reserve(router->sink.context, size);
        memcpy(out, compound->data, size);
        router->sink.commit(router->sink.context, peer->destination, size);
        router->counters.rtcp_packets_out_total++;
    } else {
        router->counters.seal_failed_total++;
    }
    compound->writer.position = 0;
}

static size_t compound_left(const struct compound *compound)
{
    return COMPOUND_MAX - compound->writer.position;
}

// --- what was received ---

static unsigned collect_blocks(time_us now, struct router_peer *peer, bool video_too,
                               struct rtcp_report *blocks)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < peer->source_count; i++) {
        struct source *source = peer->sources[i];
        if (source->video != NULL && !video_too) {
            continue;
        }
        uint32_t all_expected = 0;
        uint32_t all_lost = 0;
        for (uint8_t layer = 0; layer < source->description.layer_count; layer++) {
            struct track *track = &source->tracks[layer];
            uint32_t expected = 0;
            uint32_t lost = 0;
            if (!track_report(track, now, &blocks[count], &expected, &lost)) {
                continue;
            }
            peer->jitter_us = (uint32_t)((uint64_t)blocks[count].jitter * TIME_US_PER_S /
                                         track->clock_rate);
            all_expected += expected;
            all_lost += lost;
            count++;
        }
        peer->up_expected += all_expected;
        peer->up_lost += all_lost;
    }
    return count;
}

static void write_remb(struct compound *compound, time_us now)
{
    const struct router_peer *peer = compound->peer;
    struct rtcp_remb remb = {.sender_ssrc = peer->rtcp_ssrc, .bits_per_second = peer->receive.bps};
    for (uint32_t i = 0; i < peer->source_count; i++) {
        const struct source *source = peer->sources[i];
        for (uint8_t layer = 0; layer < source->description.layer_count; layer++) {
            if (source->description.remb && track_active(&source->tracks[layer], now) &&
                remb.ssrc_count < RTCP_REMB_MAX) {
                remb.ssrcs[remb.ssrc_count++] = source->tracks[layer].ssrc;
            }
        }
    }
    if (remb.ssrc_count > 0) {
        rtcp_write_remb(&compound->writer, &remb);
    }
}

// --- what was sent ---

static uint32_t timestamp_now(const struct router *router, const struct slot *slot, time_us now)
{
    const struct source *source = slot->attached && slot->channel != NULL ? slot->channel->source
                                                                          : NULL;
    if (slot->video != NULL) {
        const struct video_slot *video = slot->video;
        if (source != NULL && video->layer != VIDEO_LAYER_NONE) {
            return track_timestamp_at(&source->tracks[video->layer], now) +
                   video->map.timestamp_offset;
        }
        return output_clock_at(video->clock_start, OUTPUT_CLOCK_VIDEO_HZ, now);
    }
    const struct listener_cold *cold = &router->store.cold[slot->index];
    if (source != NULL && source->video == NULL &&
        cold->position < slot->channel->fanouts[slot->variant].settled) {
        return track_timestamp_at(&source->tracks[0], now) +
               slot_listener(router, slot)->timestamp_offset;
    }
    return output_clock_at(cold->clock_start, OUTPUT_CLOCK_AUDIO_HZ, now);
}

static bool sender_info(const struct router *router, struct slot *slot, time_us now,
                        struct rtcp_sender_info *ret_info)
{
    uint32_t packets = 0;
    uint32_t octets = 0;
    slot_sent(router, slot, &packets, &octets);
    if (packets == slot->reported_packets) {
        return false;
    }
    slot->reported_packets = packets;
    *ret_info = (struct rtcp_sender_info){
        .ssrc = slot->description.ssrc,
        .ntp = rtcp_ntp_from_wall_us(now),
        .rtp_timestamp = timestamp_now(router, slot, now),
        .packets = packets,
        .octets = octets,
    };
    return true;
}

void reports_send(struct router *router, time_us now, struct router_peer *peer, bool audio_too)
{
    struct rtcp_report blocks[BLOCKS_MAX];
    struct compound compound;
    if (!peer->connected || !peer->reachable || !(audio_too || peer->has_video)) {
        return;
    }
    unsigned count = collect_blocks(now, peer, true, blocks);
    compound_begin(&compound, router, peer);
    bool senders = false;
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        struct slot *slot = slot_of_peer(router, peer, i);
        struct rtcp_sender_info info;
        if (slot == NULL || !sender_info(router, slot, now, &info)) {
            continue;
        }
        if (compound_left(&compound) < SENDER_ROOM) {
            compound_send(&compound);
        }
        rtcp_write_sr(&compound.writer, &info, blocks, senders ? 0 : count);
        rtcp_write_sdes(&compound.writer, info.ssrc, peer->cname);
        senders = true;
    }
    if (!senders && count > 0) {
        rtcp_write_rr(&compound.writer, peer->rtcp_ssrc, blocks, count);
        rtcp_write_sdes(&compound.writer, peer->rtcp_ssrc, peer->cname);
    }
    if (peer->has_video && compound.writer.position > 0) {
        if (compound_left(&compound) < 20 + 4 * RTCP_REMB_MAX) {
            compound_send(&compound);
            rtcp_write_rr(&compound.writer, peer->rtcp_ssrc, NULL, 0);
        }
        write_remb(&compound, now);
    }
    compound_send(&compound);
}

void reports_acknowledge(struct router *router, time_us now, struct router_peer *peer)
{
    struct rtcp_report blocks[BLOCKS_MAX];
    struct compound compound;
    if (!peer->connected || !peer->reachable) {
        return;
    }
    unsigned count = collect_blocks(now, peer, false, blocks);
    if (count == 0) {
        return;
    }
    compound_begin(&compound, router, peer);
    rtcp_write_rr(&compound.writer, peer->rtcp_ssrc, blocks, count);
    rtcp_write_sdes(&compound.writer, peer->rtcp_ssrc, peer->cname);
    compound_send(&compound);
}

void reports_send_limit(struct router *router, time_us now, struct router_peer *peer)
{
    struct compound compound;
    compound_begin(&compound, router, peer);
    rtcp_write_rr(&compound.writer, peer->rtcp_ssrc, NULL, 0);
    write_remb(&compound, now);
    compound_send(&compound);
}

// --- feedback (RFC 4585 section 3.5.1: begins with a report, which may be empty) ---

void reports_send_key_frame_request(struct router *router, struct router_peer *peer, uint32_t ssrc)
{
    struct compound compound;
    compound_begin(&compound, router, peer);
    rtcp_write_rr(&compound.writer, peer->rtcp_ssrc, NULL, 0);
    rtcp_write_pli(&compound.writer, (struct rtcp_feedback){peer->rtcp_ssrc, ssrc});
    compound_send(&compound);
}

void reports_send_missing(struct router *router, struct router_peer *peer, uint32_t ssrc,
                          const uint16_t *sequences, uint32_t count)
{
    struct compound compound;
    compound_begin(&compound, router, peer);
    rtcp_write_rr(&compound.writer, peer->rtcp_ssrc, NULL, 0);
    rtcp_write_nack(&compound.writer, (struct rtcp_feedback){peer->rtcp_ssrc, ssrc}, sequences,
                    count);
    compound_send(&compound);
}
