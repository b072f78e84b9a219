// One client's transport on the thread that owns it: ICE-lite → DTLS → SRTP. A pure machine:
// datagrams and time go in, what is to be done comes out; no socket, no thread. DTLS itself runs on
// the handshake thread; here it ends with the keys. State moves only by authenticated packets.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/time.h"
#include "crypto/secure_rtp.h"
#include "link/link.h"
#include "media/counters.h"
#include "media/demux.h"
#include "media/ice_lite.h"
#include "media/media_sdp.h"
#include "media/rate_limit.h"
#include "wire/rtp.h"
#include "wire/stun.h"

#define PEER_STREAMS_MAX \
    40 // SSRCs of a client: three layers and their repair for each of several sections

struct peer_timeouts {
    time_us disconnect_after; // no authentic packet: DISCONNECTED
    time_us close_after;      // CLOSED
    time_us handshake_within; // from the first check to the keys
};

struct peer_stream {
    uint32_t ssrc;
    struct secure_rtp_receiver rtp;
    struct secure_rtcp_receiver rtcp;
};

struct peer {
    enum link_peer_phase phase;
    struct ice_lite ice;
    time_us opened_at; // claimed by this thread
    time_us heard_at;  // last authentic packet
    struct rate_limit check_limit;
    struct rate_limit rtcp_limit;
    struct rate_limit dtls_limit;
    struct demux demux;
    uint8_t stream_count;
    struct peer_stream streams[PEER_STREAMS_MAX];
    struct secure_rtp_key receive_key; // ready from peer_connect()
    struct secure_rtp_key send_key;    // the same; lent to the router
};

enum peer_action {
    PEER_NOTHING,
    PEER_ANSWER, // send `answer` to where the datagram came from
    PEER_DTLS,   // the datagram is for the handshake thread
    PEER_RTP,    // the datagram was opened in place: it is RTP of `source`, `layer`, read in `rtp`
    PEER_RTCP,   // the datagram was opened in place: `size` bytes of RTCP
};

struct peer_output {
    enum peer_action action;
    size_t size; // PEER_RTP, PEER_RTCP: what is left of the datagram
    link_source source;
    uint8_t layer;
    struct rtp_packet rtp; // PEER_RTP: padding is not stripped
    bool phase_changed;
    struct ice_outcome ice; // of a check, and of media by another path than the selected
    bool new_stream;        // `ssrc` was proved for the first time
    uint32_t ssrc;
    uint8_t answer[STUN_ANSWER_MAX];
};

void peer_init(struct peer *peer, const struct media_session *session, time_us now);
// Wipes the keys.
void peer_finish(struct peer *peer);

// A connectivity check that was read, and the credentials that it is authentic by. Views into the
// datagram.
struct peer_check {
    struct stun_message message;
    const struct ice_credentials *credentials;
};

// Reads a datagram that may be a check; false, and counted, when it is none. Any thread.
bool peer_check_read(const uint8_t *data, size_t size, struct counters *counters,
                     struct stun_message *ret_message);
// An authentic check from a client, read by whoever found whose it is. Only by the newest
// credentials it nominates.
void peer_receive_check(struct peer *peer, const struct ice_credentials *newest, time_us now,
                        const struct path *path, const struct peer_check *check,
                        struct counters *counters, struct peer_output *out);
// A datagram from a client. DTLS must come from an address that was validated; RTP and RTCP
// validate it when they are authentic. `data` is changed. `newest` and the credentials right before
// them are good for checks.
void peer_receive(struct peer *peer, const struct ice_credentials *newest, time_us now,
                  const struct path *path, uint8_t *data, size_t size, struct counters *counters,
                  struct peer_output *out);
// The handshake is done: makes the keys of what it exported. ERR_CONFLICT when there are keys
// already or the peer is closed; ERR_INTERNAL when the cipher refuses.
enum err CHECKED peer_connect(struct peer *peer, time_us now, enum secure_rtp_profile profile,
                              const uint8_t *material, size_t size);
// The client said goodbye or the handshake failed. True when the phase changed.
bool peer_close(struct peer *peer);
// Looks for silence; true when the phase changed. Call a few times a second.
bool peer_on_tick(struct peer *peer, time_us now, const struct peer_timeouts *timeouts,
                  struct counters *counters);
