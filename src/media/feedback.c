// RTCP that peers send: reports about our slots, reports and requests of senders. Whatever it says,
// it concerns only the peer's own slots and sources.
#include "base/bytes.h"
#include "media/channel_audio.h"
#include "media/router_state.h"
#include "media/slot.h"
#include "media/source.h"
#include "media/video_slot.h"
#include "wire/rtcp.h"

#define COMPOUNDS_PER_S_MAX 200
#define NACK_PAIRS_MAX      64           // per packet
#define ROUND_TRIP_MAX      (10 * 65536) // in 1/65536 s: more is nonsense
#define INTERVAL_MAX        1000000 // packets between two reports: more is a restart or nonsense

static struct slot *slot_with_ssrc(const struct router *router, const struct router_peer *peer,
                                   uint32_t ssrc)
{
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        struct slot *slot = slot_of_peer(router, peer, i);
        if (slot != NULL && slot->description.ssrc == ssrc) {
            return slot;
        }
    }
    return NULL;
}

static void learn_round_trip(struct router *router, struct slot *slot, time_us now,
                             const struct rtcp_report *report)
{
    struct router_peer *peer = slot->peer;
    // A stream that rests is reported about with the sender report of its last moments.
    bool fresh = report->last_sr != slot->report_last_sr;
    slot->report_last_sr = report->last_sr;
    uint32_t trip = rtcp_ntp_middle(rtcp_ntp_from_wall_us(now)) - report->last_sr -
                    report->delay_since_sr;
    if (report->last_sr == 0 || trip > ROUND_TRIP_MAX) {
        return; // also when it is negative, by the receiver's rounding
    }
    uint32_t trip_us = (uint32_t)((uint64_t)trip * TIME_US_PER_S / 65536);
    if (peer->has_video && fresh && !router_was_late(router, now) &&
        video_line_trip(&peer->line, now, trip_us)) {
        video_slots_retreat(router, peer, now, false);
    }
    peer->round_trip_us = peer->round_trip_us == 0
                              ? trip_us
                              : (uint32_t)((peer->round_trip_us * 7ull + trip_us) / 8);
}

// Packets that never came from the source leave numbers unused; that is no loss of the listener's
// line, and repeating would not help.
static int64_t holes_since(const struct router *router, struct slot *slot)
{
    uint32_t holes = slot->video == NULL ? slot_holes(router, slot) : 0;
    int32_t since = (int32_t)(holes - slot->report_holes);
    slot->report_holes = holes;
    return since > 0 ? since : 0;
}

static void receive_report(struct router *router, time_us now, struct router_peer *peer,
                           const struct rtcp_report *report)
{
    struct slot *slot = slot_with_ssrc(router, peer, report->ssrc);
    if (slot == NULL) {
        return;
    }
    learn_round_trip(router, slot, now, report);
    int64_t holes = holes_since(router, slot);
    if (slot->report_known) {
        int64_t expected = (int32_t)(report->highest_sequence - slot->report_highest) - holes;
        int64_t lost = (int64_t)report->packets_lost - slot->report_lost - holes;
        if (expected > 0 && expected < INTERVAL_MAX) {
            lost = lost < 0 ? 0 : lost > expected ? expected : lost;
            peer->down_expected += (uint64_t)expected;
            peer->down_lost += (uint64_t)lost;
            if (slot->video == NULL) {
                variant_choice_report(&slot->choice, (uint32_t)expected, (uint32_t)lost);
                channel_audio_choose(router, slot);
            }
            if (peer->has_video && video_line_report(&peer->line, now, slot->report_at,
                                                     (uint32_t)expected, (uint32_t)lost)) {
                video_slots_retreat(router, peer, now, false);
            }
        }
    }
    slot->report_known = true;
    slot->report_at = now;
    slot->report_highest = report->highest_sequence;
    slot->report_lost = report->packets_lost;
}

static void receive_sender_report(struct router_peer *peer, time_us now,
                                  const struct rtcp_sender_info *info)
{
    for (uint32_t i = 0; i < peer->source_count; i++) {
        struct source *source = peer->sources[i];
        for (uint8_t layer = 0; layer < source->description.layer_count; layer++) {
            struct track *track = &source->tracks[layer];
            if (track->started && track->ssrc == info->ssrc) {
                track_sender_report(track, now, info);
            }
        }
    }
}

static void receive_nack(struct router *router, time_us now, const struct router_peer *peer,
                         const struct rtcp_packet *packet)
{
    struct rtcp_feedback feedback;
    if (!rtcp_read_feedback(packet, &feedback)) {
        return;
    }
    struct slot *slot = slot_with_ssrc(router, peer, feedback.media_ssrc);
    uint16_t sequence = 0;
    uint16_t following = 0;
    for (unsigned i = 0; slot != NULL && slot->video != NULL && i < NACK_PAIRS_MAX &&
                         rtcp_read_nack(packet, i, &sequence, &following);
         i++) {
        uint32_t asked = 1 | (uint32_t)following << 1;
        for (uint16_t bit = 0; bit < 17; bit++) {
            if ((asked >> bit & 1) != 0) {
                router->counters.nack_in_total++;
                video_slot_repeat(router, slot, now, (uint16_t)(sequence + bit));
            }
        }
    }
}

static void request_key_frame(struct router *router, time_us now, const struct router_peer *peer,
                              uint32_t ssrc)
{
    struct slot *slot = slot_with_ssrc(router, peer, ssrc);
    if (slot != NULL && slot->video != NULL) {
        router->counters.key_frame_requests_in_total++;
        video_slot_request_key_frame(router, slot, now);
    }
}

static void receive_remb(struct router *router, time_us now, struct router_peer *peer,
                         uint64_t bits_per_second)
{
    uint32_t before = video_line_estimate_now(&peer->line, now);
    uint32_t estimate = bits_per_second < UINT32_MAX ? (uint32_t)bits_per_second : UINT32_MAX;
    if (video_line_estimate(&peer->line, now, estimate) && !router_was_late(router, now)) {
        video_slots_retreat(router, peer, now, true);
    } else if (before == 0 || estimate < before) {
        video_slots_choose(router, peer, now); // down at once, up with the next visit
    }
}

static void receive_payload_feedback(struct router *router, time_us now, struct router_peer *peer,
                                     const struct rtcp_packet *packet)
{
    struct rtcp_feedback feedback;
    struct rtcp_remb remb;
    uint32_t ssrc = 0;
    uint8_t sequence = 0;
    if (rtcp_is_pli(packet) && rtcp_read_feedback(packet, &feedback)) {
        request_key_frame(router, now, peer, feedback.media_ssrc);
    } else if (rtcp_is_fir(packet)) {
        for (unsigned i = 0;
             i < ROUTER_PEER_SLOTS_MAX && rtcp_read_fir(packet, i, &ssrc, &sequence); i++) {
            request_key_frame(router, now, peer, ssrc);
        }
    } else if (rtcp_read_remb(packet, &remb)) {
        receive_remb(router, now, peer, remb.bits_per_second);
    }
}

static void receive_packet(struct router *router, time_us now, struct router_peer *peer,
                           const struct rtcp_packet *packet)
{
    struct rtcp_sender_info info;
    struct rtcp_report report;
    if (rtcp_read_sender_info(packet, &info)) {
        receive_sender_report(peer, now, &info);
    }
    if (packet->type == RTCP_SR || packet->type == RTCP_RR) {
        for (unsigned i = 0; i < packet->count && rtcp_read_report(packet, i, &report); i++) {
            receive_report(router, now, peer, &report);
        }
    } else if (rtcp_is_nack(packet)) {
        receive_nack(router, now, peer, packet);
    } else if (packet->type == RTCP_PAYLOAD_FEEDBACK) {
        receive_payload_feedback(router, now, peer, packet);
    }
}

static bool within_rate(struct router_peer *peer, time_us now)
{
    if (now - peer->rtcp_second_start >= TIME_US_PER_S) {
        peer->rtcp_second_start = now;
        peer->rtcp_second_count = 0;
    }
    return peer->rtcp_second_count++ < COMPOUNDS_PER_S_MAX;
}

void router_receive_rtcp(struct router *router, time_us now, handle peer_handle,
                         const uint8_t *data, size_t size)
{
    struct router_peer *peer = pool_get(&router->peers, peer_handle);
    if (peer == NULL || !peer->connected) {
        return;
    }
    router->counters.rtcp_packets_in_total++;
    if (!within_rate(peer, now)) {
        router->counters.rtcp_flood_dropped_total++;
        return;
    }
    if (rtcp_check(data, size) != ERR_NONE) {
        router->counters.rtcp_malformed_total++;
        return;
    }
    struct rtcp_reader reader = rtcp_reader(data, size);
    struct rtcp_packet packet;
    while (rtcp_next(&reader, &packet)) {
        receive_packet(router, now, peer, &packet);
    }
}
