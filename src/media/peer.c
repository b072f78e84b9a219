#include "media/peer.h"

#include <string.h>

#include "base/assert.h"
#include "wire/packet_kind.h"
#include "wire/rtcp.h"

// Chromium checks each pair every 50 ms while it searches; a client with many addresses has many
// pairs.
#define CHECKS_PER_SECOND 100
#define CHECKS_BURST      400
// Reports and feedback: a video sender answers NACK and PLI of the server, a receiver asks for
// repair.
#define RTCP_PER_SECOND 300
#define RTCP_BURST      600
#define DTLS_PER_SECOND 50
#define DTLS_BURST      200

// Legal transitions of the phase: bit `to` of [from].
static const uint8_t phase_transitions[LINK_PEER_CLOSED + 1] = {
    [LINK_PEER_NEW] = 1u << LINK_PEER_CHECKED | 1u << LINK_PEER_CLOSED,
    [LINK_PEER_CHECKED] = 1u << LINK_PEER_CONNECTED | 1u << LINK_PEER_CLOSED,
    [LINK_PEER_CONNECTED] = 1u << LINK_PEER_DISCONNECTED | 1u << LINK_PEER_CLOSED,
    [LINK_PEER_DISCONNECTED] = 1u << LINK_PEER_CONNECTED | 1u << LINK_PEER_CLOSED,
    [LINK_PEER_CLOSED] = 0,
};

static void phase_set(struct peer *peer, enum link_peer_phase phase)
{
    ASSERT((phase_transitions[peer->phase] & 1u << phase) != 0);
    peer->phase = phase;
}

static void demux_prepare(struct demux *demux, const struct media_session *session)
{
    demux_init(demux, session->mid_id, session->rid_id, session->repaired_rid_id);
    uint8_t index = 0;
    for (uint8_t i = 0; i < session->section_count; i++) {
        const struct media_section *section = &session->sections[i];
        if (section->wish.direction != LINK_SEND) {
            continue;
        }
        struct demux_section described = {
            .source = section->wish.source,
            .payload_type = section->payload_type,
            .rtx_payload_type = section->rtx_payload_type,
            .layer_count = section->layer_count,
        };
        memcpy(described.mid, section->mid, sizeof(described.mid));
        memcpy(described.rid, section->rids, sizeof(described.rid));
        enum err err = demux_add_section(demux, &described);
        ASSERT(err == ERR_NONE); // media_sdp bounds the sections and the layers
        for (uint8_t k = 0; section->layer_count == 1 && k < section->ssrc_count; k++) {
            demux_learn(demux, section->ssrcs[k], index, 0);
        }
        index++;
    }
}

void peer_init(struct peer *peer, const struct media_session *session, time_us now)
{
    memset(peer, 0, sizeof(*peer));
    peer->phase = LINK_PEER_NEW;
    peer->opened_at = now;
    peer->heard_at = now;
    ice_lite_init(&peer->ice);
    demux_prepare(&peer->demux, session);
}

void peer_finish(struct peer *peer)
{
    secure_rtp_key_finish(&peer->receive_key);
    secure_rtp_key_finish(&peer->send_key);
}

// An authentic packet.
static void peer_heard(struct peer *peer, time_us now, struct peer_output *out)
{
    peer->heard_at = now;
    if (peer->phase == LINK_PEER_NEW) {
        phase_set(peer, LINK_PEER_CHECKED);
        out->phase_changed = true;
    } else if (peer->phase == LINK_PEER_DISCONNECTED) {
        phase_set(peer, LINK_PEER_CONNECTED);
        out->phase_changed = true;
    }
}

bool peer_check_read(const uint8_t *data, size_t size, struct counters *counters,
                     struct stun_message *ret_message)
{
    if (stun_parse(data, size, ret_message) != ERR_NONE) {
        counter_add(&counters->stun_malformed_total, 1);
        return false;
    }
    if (ret_message->class != STUN_REQUEST || ret_message->method != STUN_METHOD_BINDING) {
        counter_add(&counters->stun_ignored_total, 1);
        return false;
    }
    return true;
}

void peer_receive_check(struct peer *peer, const struct ice_credentials *newest, time_us now,
                        const struct path *path, const struct peer_check *check,
                        struct counters *counters, struct peer_output *out)
{
    memset(out, 0, sizeof(*out));
    if (peer->phase == LINK_PEER_CLOSED) {
        return;
    }
    if (!rate_limit_take(&peer->check_limit, now, CHECKS_PER_SECOND, CHECKS_BURST)) {
        counter_add(&counters->stun_flood_dropped_total, 1);
        return;
    }
    bool nominates = check->message.use_candidate && check->credentials == newest;
    out->ice = ice_lite_receive(&peer->ice, check->credentials, &check->message, nominates, path,
                                now, out->answer);
    out->action = out->ice.answer_size > 0 ? PEER_ANSWER : PEER_NOTHING;
    if (out->ice.accepted) {
        counter_add(&counters->stun_answered_total, 1);
        peer_heard(peer, now, out);
    } else if (out->ice.conflict) {
        counter_add(&counters->stun_conflict_total, 1);
    }
}

// Another thread has handed the datagram over; what it read was of its own copy.
static void receive_stun(struct peer *peer, const struct ice_credentials *newest, time_us now,
                         const struct path *path, const uint8_t *data, size_t size,
                         struct counters *counters, struct peer_output *out)
{
    struct peer_check check;
    if (!peer_check_read(data, size, counters, &check.message)) {
        return;
    }
    check.credentials = ice_credentials_named(newest, check.message.username,
                                              check.message.username_size);
    if (check.credentials == NULL || !ice_check_authentic(check.credentials, &check.message)) {
        counter_add(&counters->stun_forged_total, 1);
        return;
    }
    peer_receive_check(peer, newest, now, path, &check, counters, out);
}

// The client's stream with this SSRC, or `fresh` to be tried and kept by stream_keep() once a
// packet proved it.
static struct peer_stream *stream_find(struct peer *peer, uint32_t ssrc, struct peer_stream *fresh)
{
    for (uint8_t i = 0; i < peer->stream_count; i++) {
        if (peer->streams[i].ssrc == ssrc) {
            return &peer->streams[i];
        }
    }
    if (peer->stream_count == PEER_STREAMS_MAX) {
        return NULL;
    }
    fresh->ssrc = ssrc;
    secure_rtp_receiver_init(&fresh->rtp);
    secure_rtcp_receiver_init(&fresh->rtcp);
    return fresh;
}

static void stream_keep(struct peer *peer, const struct peer_stream *stream,
                        const struct peer_stream *fresh, struct peer_output *out)
{
    if (stream == fresh) {
        ASSERT(peer->stream_count < PEER_STREAMS_MAX);
        peer->streams[peer->stream_count++] = *fresh;
        out->new_stream = true;
        out->ssrc = fresh->ssrc;
    }
}

// Authentic media: the client uses the path by which they came.
static void media_heard(struct peer *peer, const struct path *path, time_us now,
                        struct peer_output *out)
{
    if (!ice_lite_heard(&peer->ice, path, now)) {
        out->ice = ice_lite_heard_elsewhere(&peer->ice, path, now);
    }
    peer_heard(peer, now, out);
}

static void srtp_count(enum err err, struct counters *counters)
{
    if (err == ERR_REPLAY) {
        counter_add(&counters->srtp_replayed_total, 1);
    } else if (err == ERR_AUTHENTICATION) {
        counter_add(&counters->srtp_forged_total, 1);
    } else {
        counter_add(&counters->srtp_malformed_total, 1);
    }
}

static void receive_rtp(struct peer *peer, time_us now, const struct path *path, uint8_t *data,
                        size_t size, struct counters *counters, struct peer_output *out)
{
    struct rtp_packet *packet = &out->rtp;
    struct peer_stream fresh;
    if (rtp_parse(data, size, packet) != ERR_NONE) {
        counter_add(&counters->srtp_malformed_total, 1);
        return;
    }
    struct peer_stream *stream = stream_find(peer, packet->ssrc, &fresh);
    if (stream == NULL) {
        counter_add(&counters->srtp_streams_full_total, 1);
        return;
    }
    size_t plain_size = 0;
    enum err err = secure_rtp_open(&peer->receive_key, &stream->rtp, data, packet->header_size,
                                   size, &plain_size);
    if (err != ERR_NONE) {
        srtp_count(err, counters);
        return;
    }
    stream_keep(peer, stream, &fresh, out);
    media_heard(peer, path, now, out);
    ASSERT(plain_size >= packet->header_size && plain_size < size);
    packet->payload_size = (uint16_t)(plain_size - packet->header_size);
    if (!demux_find(&peer->demux, packet, data, &out->source, &out->layer)) {
        counter_add(&counters->srtp_unplaced_total, 1);
        return;
    }
    out->action = PEER_RTP;
    out->size = plain_size;
}

static void receive_rtcp(struct peer *peer, time_us now, const struct path *path, uint8_t *data,
                         size_t size, struct counters *counters, struct peer_output *out)
{
    uint32_t ssrc = 0;
    struct peer_stream fresh;
    if (rtcp_sender_ssrc(data, size, &ssrc) != ERR_NONE) {
        counter_add(&counters->srtp_malformed_total, 1);
        return;
    }
    if (!rate_limit_take(&peer->rtcp_limit, now, RTCP_PER_SECOND, RTCP_BURST)) {
        counter_add(&counters->srtcp_flood_dropped_total, 1);
        return;
    }
    struct peer_stream *stream = stream_find(peer, ssrc, &fresh);
    if (stream == NULL) {
        counter_add(&counters->srtp_streams_full_total, 1);
        return;
    }
    size_t plain_size = 0;
    enum err err = secure_rtcp_open(&peer->receive_key, &stream->rtcp, data, size, &plain_size);
    if (err != ERR_NONE) {
        srtp_count(err, counters);
        return;
    }
    stream_keep(peer, stream, &fresh, out);
    media_heard(peer, path, now, out);
    out->action = PEER_RTCP;
    out->size = plain_size;
}

static void receive_dtls(struct peer *peer, time_us now, struct counters *counters,
                         struct peer_output *out)
{
    if (!rate_limit_take(&peer->dtls_limit, now, DTLS_PER_SECOND, DTLS_BURST)) {
        counter_add(&counters->dtls_flood_dropped_total, 1);
        return;
    }
    out->action = PEER_DTLS;
}

void peer_receive(struct peer *peer, const struct ice_credentials *newest, time_us now,
                  const struct path *path, uint8_t *data, size_t size, struct counters *counters,
                  struct peer_output *out)
{
    memset(out, 0, sizeof(*out));
    if (peer->phase == LINK_PEER_CLOSED) {
        return;
    }
    enum packet_kind kind = packet_kind(data, size);
    if (kind == PACKET_STUN) {
        receive_stun(peer, newest, now, path, data, size, counters, out);
        return;
    }
    bool media = kind == PACKET_RTP || kind == PACKET_RTCP;
    if (!(media && peer->receive_key.ready) && !ice_lite_knows(&peer->ice, &path->remote)) {
        counter_add(&counters->address_unknown_total, 1);
        return;
    }
    if (kind == PACKET_DTLS) {
        receive_dtls(peer, now, counters, out);
    } else if (!peer->receive_key.ready) {
        counter_add(&counters->srtp_early_total, 1);
    } else if (kind == PACKET_RTP) {
        receive_rtp(peer, now, path, data, size, counters, out);
    } else if (kind == PACKET_RTCP) {
        receive_rtcp(peer, now, path, data, size, counters, out);
    }
}

enum err peer_connect(struct peer *peer, time_us now, enum secure_rtp_profile profile,
                      const uint8_t *material, size_t size)
{
    if (peer->phase != LINK_PEER_CHECKED || peer->receive_key.ready) {
        return ERR_CONFLICT;
    }
    enum err err = secure_rtp_keys_from_export(material, size, profile, true, &peer->send_key,
                                               &peer->receive_key);
    if (err == ERR_NONE) {
        peer->heard_at = now;
        phase_set(peer, LINK_PEER_CONNECTED);
    }
    return err;
}

bool peer_close(struct peer *peer)
{
    if (peer->phase == LINK_PEER_CLOSED) {
        return false;
    }
    phase_set(peer, LINK_PEER_CLOSED);
    return true;
}

bool peer_on_tick(struct peer *peer, time_us now, const struct peer_timeouts *timeouts,
                  struct counters *counters)
{
    time_us silent = now - peer->heard_at;
    bool late = peer->phase == LINK_PEER_CHECKED &&
                now - peer->opened_at >= timeouts->handshake_within;
    if (peer->phase != LINK_PEER_CLOSED && (late || silent >= timeouts->close_after)) {
        counter_add(&counters->peers_lost_total, 1);
        phase_set(peer, LINK_PEER_CLOSED);
        return true;
    }
    if (peer->phase == LINK_PEER_CONNECTED && silent >= timeouts->disconnect_after) {
        phase_set(peer, LINK_PEER_DISCONNECTED);
        return true;
    }
    return false;
}
