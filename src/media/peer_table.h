// All peers of the media process, in a fixed array that every thread sees. Who may touch what in an
// entry:
//
//   facts      the coordinator writes them before MAIL_PEER_OPEN; then they are read-only until
//   every thread and the
//              handshake thread let go of the peer (MAIL_PEER_CLOSE, `released`), so a reader needs
//              no lock
//   peer       only the media thread that claimed the entry: the first that received an authentic
//   check the atomics  as said beside each
//
// The table itself (taking and giving entries, finding by id) belongs to the coordinator.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "link/link.h"
#include "media/ice_lite.h"
#include "media/id_table.h"
#include "media/media_sdp.h"
#include "media/peer.h"

#define PEER_UNOWNED 0u

#define PEER_CHECKS_SEEN  256 // a power of two
#define PEER_RESTARTS_MAX 64  // of ICE, in a peer's life: their credentials are kept until its end

// What a slot is to carry, in one word, so that control's wish and its reading are one atomic each.
#define PEER_WISH_SOURCE (1ull << 32) // the low 32 bits are a source, not a channel

struct peer_facts {
    link_peer id;
    time_us created_at;
    char owner[LINK_OWNER_MAX + 1];     // only the coordinator reads it, and may change it
    struct ice_credentials credentials; // the first: peer_entry_credentials() gives the newest
    struct media_session session;
};

struct peer_entry {
    struct peer_facts facts;
    bool taken;                 // coordinator
    bool closing;               // coordinator: MAIL_PEER_CLOSE is under way
    bool closing_threads;       // coordinator: … to the media threads as well
    uint32_t phase_reported;    // coordinator: what control was told last
    uint32_t active_sections;   // coordinator: bit i: the source of section i delivers packets
    uint32_t sounding_sections; // coordinator: … with sound in them
    uint32_t restarts;          // coordinator: of ICE

    _Atomic(const struct ice_credentials *) credentials; // the newest; written by the coordinator
    _Atomic uint32_t owner; // thread + 1; set once by the thread that claims
    _Atomic uint32_t phase; // enum link_peer_phase; written by the owner, read by the coordinator
    _Atomic uint32_t
        released; // threads that let go after MAIL_PEER_CLOSE; the coordinator counts them
    _Atomic uint64_t
        wishes[LINK_SECTIONS_MAX]; // by slot; written by the coordinator, read by the owner
    _Atomic uint8_t variants[LINK_SECTIONS_MAX]; // enum link_variant by slot; as the wishes
    _Atomic uint32_t
        wanted[LINK_SECTIONS_MAX]; // by section: bit i: thread i has listeners of its source
    _Atomic uint32_t
        checks_seen[PEER_CHECKS_SEEN]; // any thread: marks of the latest authentic checks

    struct peer peer;         // the owner's
    handle router_peer;       // the owner's
    time_us report_at;        // the owner's: next LINK_PEER_REPORT
    uint16_t slots_held_told; // in the last one
    bool pictures_up_held_told;
};

struct peer_table {
    struct peer_entry *entries; // owned
    uint32_t capacity;
    uint32_t used;
    uint32_t next;       // where the search for a free entry begins
    struct id_table ids; // link_peer → index
};

enum err CHECKED peer_table_init(struct peer_table *table, uint32_t capacity);
void peer_table_finish(struct peer_table *table);

// Coordinator. The index of a free entry, or ERR_FULL. It is taken only by peer_table_take().
enum err CHECKED peer_table_free_index(struct peer_table *table, uint32_t *ret_index);
// Makes the entry of `index` a new peer with these facts (copied); its id must be new.
struct peer_entry *peer_table_take(struct peer_table *table, uint32_t index,
                                   const struct peer_facts *facts);
void peer_table_give(struct peer_table *table, uint32_t index);
// ICE starts anew: makes the newest credentials for this fragment of the client's, and every thread
// takes them from now on. ERR_UNSUPPORTED after PEER_RESTARTS_MAX, ERR_FULL without memory,
// ERR_INVALID as ice_credentials_init().
enum err CHECKED peer_table_restart(struct peer_table *table, uint32_t index,
                                    const char *remote_ufrag, size_t remote_ufrag_size);
// NULL when there is none.
struct peer_entry *peer_table_find(struct peer_table *table, link_peer id, uint32_t *ret_index);

// Any thread: the owner becomes `thread` when there was none. The owner, whoever it is.
unsigned peer_entry_claim(struct peer_entry *entry, unsigned thread);
// Any thread that was told of the peer.
const struct ice_credentials *peer_entry_credentials(const struct peer_entry *entry);
// Any thread: false when nobody owns it.
bool peer_entry_owner(const struct peer_entry *entry, unsigned *ret_thread);
