// What the transport half of the media process counts: packets, drops by reason, joins, and the
// delay it adds to a packet. Each thread writes its own struct with relaxed atomics (one writer, so
// no locked instruction); the coordinator reads them all and gives the sums to control in
// LINK_COUNTERS.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"
#include "link/link.h"
#include "media/router.h"

// X(name in /metrics without "plenary_media_", what is counted)
#define COUNTERS(X)                                                                       \
    X(datagrams_in_total, "datagrams received")                                           \
    X(bytes_in_total, "bytes of these")                                                   \
    X(datagrams_out_total, "datagrams sent")                                              \
    X(bytes_out_total, "bytes of these")                                                  \
    X(send_dropped_total, "datagrams the kernel had no room for")                         \
    X(send_failed_total, "datagrams the kernel refused to send")                          \
    X(transmit_gso_total, "datagrams that left in runs for one destination (GSO)")        \
    X(transmit_af_xdp_total, "datagrams that left by AF_XDP")                             \
    X(transmit_faults_total, "times that AF_XDP failed and sockets took over")            \
    X(receive_truncated_total, "datagrams larger than any we read")                       \
    X(kind_unknown_total, "datagrams that are neither STUN, DTLS nor RTP")                \
    X(address_unknown_total, "DTLS and RTP from an address that no check validated")      \
    X(address_limited_total, "checks dropped unread: too many bad ones from the address") \
    X(stun_malformed_total, "STUN messages that cannot be read")                          \
    X(stun_ignored_total, "STUN messages other than binding requests")                    \
    X(stun_stranger_total, "checks with an unknown user name")                            \
    X(stun_forged_total, "checks whose integrity is wrong")                               \
    X(stun_copied_total, "authentic checks sent again from another address")              \
    X(stun_flood_dropped_total, "checks above the rate allowed to a peer")                \
    X(stun_answered_total, "checks answered with success")                                \
    X(stun_conflict_total, "checks answered with role conflict")                          \
    X(peer_moved_total, "peers that went on from another address")                        \
    X(dtls_flood_dropped_total, "DTLS datagrams above the rate allowed to a peer")        \
    X(dtls_stranger_total, "DTLS datagrams of a peer that is gone, or not announced yet") \
    X(dtls_busy_total, "DTLS datagrams dropped: too many handshakes at once")             \
    X(dtls_gave_way_total, "handshakes without end that gave way to a new one")           \
    X(dtls_connected_total, "handshakes completed")                                       \
    X(dtls_failed_total, "handshakes failed or timed out")                                \
    X(dtls_fingerprint_total, "certificates that do not fit the offer's fingerprint")     \
    X(dtls_closed_total, "peers that closed by a DTLS alert")                             \
    X(srtp_early_total, "SRTP before the keys")                                           \
    X(srtp_malformed_total, "SRTP and SRTCP packets that cannot be read")                 \
    X(srtp_forged_total, "SRTP and SRTCP packets that fail authentication")               \
    X(srtp_replayed_total, "SRTP and SRTCP packets received twice or too old")            \
    X(srtp_streams_full_total, "packets of more SSRCs than a peer may use")               \
    X(srtp_unplaced_total, "packets that belong to no section of the offer")              \
    X(srtcp_flood_dropped_total, "SRTCP packets above the rate allowed to a peer")        \
    X(peers_lost_total, "peers closed because nothing was heard")                         \
    X(packets_relayed_total, "datagrams handed to the thread that owns the peer")         \
    X(packets_crossed_total, "source packets copied to another thread")                   \
    X(mail_full_total, "records another thread had no room for")                          \
    X(peers_refused_total, "peers closed because a limit of their thread was reached")    \
    X(sources_refused_total, "sources a thread had no room for")                          \
    X(wishes_refused_total, "channels and slots that could not be set")                   \
    X(joins_total, "peers that reached the connected phase")                              \
    X(join_time_us_total, "their time from the offer to the keys")

struct counters {
#define COUNTER_FIELD(name, text) _Atomic uint64_t name;
    COUNTERS(COUNTER_FIELD)
#undef COUNTER_FIELD
#define COUNTER_ROUTER_FIELD(name, text) _Atomic uint64_t router_##name;
    ROUTER_COUNTERS(COUNTER_ROUTER_FIELD)
#undef COUNTER_ROUTER_FIELD
#define COUNTERS_DELAY_BUCKETS 128
    // Forwarded packets by delay from reception to the end of the send call; four buckets an
    // octave.
    _Atomic uint64_t delay[COUNTERS_DELAY_BUCKETS];
};

// Only the owning thread adds.
static inline void counter_add(_Atomic uint64_t *counter, uint64_t amount)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + amount,
                          memory_order_relaxed);
}

static inline uint64_t counter_get(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void counters_add_delay(struct counters *counters, time_us delay, uint64_t packets);
// Copies the router's counters, which only its thread may read, to where the coordinator can.
void counters_publish_router(struct counters *counters, const struct router_counters *router);
// Sums the threads' counters into a LINK_COUNTERS message: every counter above, and
// forward_delay_us_p50 and forward_delay_us_p99 over the process's life.
void counters_message(const struct counters *threads, size_t count, struct link_message *message);
// A further value; forgotten when the message is full.
void counters_append(struct link_message *message, const char *name, uint64_t value);
