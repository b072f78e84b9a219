// The inside of the engine, for engine*.c alone.
#pragma once

#include "media/engine.h"
#include "media/id_table.h"
#include "media/index_set.h"
#include "media/rate_limit.h"
#include "media/route_table.h"

#define ENGINE_GUARDS 1024

struct engine {
    const struct engine_shared *shared;
    unsigned thread;
    struct transmit *transmit; // borrowed
    struct counters *counters;
    struct router *router; // owned
    struct route_table routes;
    struct route_table senders; // by IP address and SSRC: see engine_sender.c
    struct id_table sources; // link_source → peer index, of all known peers; the newest peer has it
    struct index_set known;                  // peers announced and not yet closed
    struct index_set owned;                  // of these, the ones this thread claimed
    struct rate_limit guards[ENGINE_GUARDS]; // by address: bad checks
    uint32_t guard_seed;
    uint32_t wake_threads; // bit i: thread i was written to
    bool wake_handshake;
    bool wake_coordinator;
    bool wanted_stale; // which sources listeners here want may have changed
    time_us tick_at;
    uint32_t
        answer_count; // of checks; where the next answer's destination is kept until it is sent
    struct transmit_destination answer_destinations[TRANSMIT_BATCH];
    struct transmit_destination *destinations; // owned; of the owned peers, by index
};

// engine.c
// Opens the datagram of a peer owned here and acts on it. True when it was authentic and its
// address was not known before.
bool engine_peer_receive(struct engine *engine, uint32_t index, time_us now, time_us received_at,
                         const struct udp_datagram *datagram);
// Into the router; `received_at` for the figures of delay.
void engine_forward(struct engine *engine, time_us now, time_us received_at, link_source source,
                    uint8_t layer, const struct rtp_packet *rtp, const uint8_t *packet);

// engine_peer.c
static inline struct peer_entry *engine_entry(const struct engine *engine, uint32_t index)
{
    return &engine->shared->table->entries[index];
}
void engine_peer_open(struct engine *engine, uint32_t index);
void engine_peer_claimed(struct engine *engine, uint32_t index, time_us now);
void engine_peer_connect(struct engine *engine, uint32_t index, time_us now,
                         const struct mail *keys);
void engine_peer_release(struct engine *engine, uint32_t index);
void engine_peer_wish(struct engine *engine, uint32_t index, uint8_t slot, time_us now);
// The peer's phase changed: tells the router and the coordinator.
void engine_peer_phase(struct engine *engine, uint32_t index, time_us now);
// The peer's selected address changed.
void engine_peer_address(struct engine *engine, uint32_t index, time_us now);
void engine_peer_tick(struct engine *engine, uint32_t index, time_us now);

// engine_mail.c
// A record in another thread's mailbox, or NULL (counted) when it is full; engine_flush() wakes the
// reader.
struct mail *engine_mail_begin(struct engine *engine, unsigned thread, enum mail_type type,
                               uint32_t peer);
void engine_mail_end(struct engine *engine, unsigned thread);

// engine_sender.c
// The owned peer proved that it sends under this SSRC from this address.
void engine_sender_note(struct engine *engine, uint32_t index, const struct address *address,
                        uint32_t ssrc);
// The owned peer goes on from this address.
void engine_sender_moved(struct engine *engine, uint32_t index, const struct address *address);
// Whose media from an unknown address may be. False when nobody's.
bool engine_sender_find(struct engine *engine, const struct udp_datagram *datagram,
                        uint32_t *ret_index);
