// The packet path of audio: one payload, many listeners. A listener's record is one cache line of
// what changes per listener; records lie in contiguous chunks, grouped by channel, so that the loop
// over them does not branch:
//
//   0 .. settled      receive, with the offsets of this epoch
//   settled .. live   fresh: joined, or another source; the next packet gives them offsets
//   live .. count     muted: never hear this source, because it is their own
//
// A channel's switch is therefore `settled = 0`. Each form of a packet (variant.h) has a
// fan-out of its own, with the same loop. No lock, no allocation
// after fanout_store_init().
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "crypto/secure_rtp.h"
#include "media/router.h"

#define FANOUT_CHUNK 64

struct listener {
    struct secure_rtp_sender sender;
    struct secure_rtp_key *key; // the peer's, borrowed
    uint64_t destination;
    uint32_t timestamp_offset;
    uint32_t next_timestamp; // just after what was sent last
    uint32_t packets;        // for sender reports
    uint32_t octets;
    uint16_t sequence_offset; // before the first packet: the first sequence number
    uint8_t payload_type;
};
_Static_assert(sizeof(struct listener) <= 64, "one cache line");

// What a listener's record does not need on the packet path, by slot index.
struct listener_cold {
    uint32_t position;    // in its fan-out
    uint32_t clock_start; // the slot's timestamp at time 0
    int64_t first;        // the epoch's first packet index
    uint64_t begun;       // the first 48-bit index that was sent
};

struct fanout_chunk {
    _Alignas(64) struct {
        _Alignas(64) struct listener at;
    } listeners[FANOUT_CHUNK];
    uint32_t slots[FANOUT_CHUNK];
};

// The chunks of all fan-outs of a router.
struct fanout_store {
    struct fanout_chunk *chunks; // owned
    uint32_t *free;              // owned; a stack
    uint32_t free_count;
    struct listener_cold *cold; // owned; by slot index
};

struct fanout {
    uint32_t *chunks; // borrowed from the owner: room for fanout_chunks_max() indices
    uint32_t settled;
    uint32_t live;
    uint32_t count;
    uint32_t start; // where the next packet begins, so that nobody is always last
};

struct fanout_packet {
    const uint8_t *payload;
    size_t size;
    time_us now;
    int64_t index; // rises by one a packet of this form
    uint32_t timestamp;
    uint32_t duration; // ticks of audio in it
    bool marker;
};

enum err CHECKED fanout_store_init(struct fanout_store *store, uint32_t slots_max,
                                   uint32_t fanouts_max);
void fanout_store_finish(struct fanout_store *store);
uint32_t fanout_chunks_max(uint32_t slots_max);

struct listener *fanout_listener(const struct fanout *fanout, const struct fanout_store *store,
                                 uint32_t position);
// Copies the record in, as fresh or muted.
void fanout_add(struct fanout *fanout, struct fanout_store *store, uint32_t slot,
                const struct listener *listener, bool muted);
// The fresh record, which came from another form of the same sound, goes on with its offsets.
void fanout_settle(struct fanout *fanout, struct fanout_store *store, uint32_t slot);
// Takes the record out, as it is now.
void fanout_remove(struct fanout *fanout, struct fanout_store *store, uint32_t slot,
                   struct listener *ret_listener);
// Another source: all are fresh and none is muted; then fanout_mute() those whose own source it is.
void fanout_switch(struct fanout *fanout);
void fanout_mute(struct fanout *fanout, struct fanout_store *store, uint32_t slot);

// The newest packet of the source, to everybody live.
void fanout_forward(struct fanout *fanout, struct fanout_store *store,
                    const struct router_sink *sink, const struct fanout_packet *packet,
                    struct router_counters *counters);
// A packet older than the newest: to those settled whose epoch it belongs to.
void fanout_forward_late(struct fanout *fanout, struct fanout_store *store,
                         const struct router_sink *sink, const struct fanout_packet *packet,
                         struct router_counters *counters);
