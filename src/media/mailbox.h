// How the threads of the media process tell each other things: a thread owns one mailbox, into
// which each other thread writes by a ring of its own (base/ring.h), so every ring has one writer
// and one reader and nobody locks. The reader is woken through an eventfd, and only when it said
// that it sleeps.
//
//   writer: mailbox_begin → fill → mailbox_push, …, once per turn mailbox_wake
//   reader: mailbox_peek → act → mailbox_pop, …, mailbox_sleep → ppoll → mailbox_awake
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ring.h"
#include "base/time.h"
#include "link/link.h"
#include "media/path.h"
#include "wire/rtp.h"

#define MAILBOX_THREADS_MAX 32 // media threads of a process
// Writers: the media threads, the coordinator and the handshake thread.
#define MAILBOX_COORDINATOR  MAILBOX_THREADS_MAX
#define MAILBOX_HANDSHAKE    (MAILBOX_THREADS_MAX + 1)
#define MAILBOX_WRITERS_MAX  (MAILBOX_THREADS_MAX + 2)
#define MAILBOX_DATAGRAM_MAX 1500
#define MAILBOX_CAPACITY     512 // records in each ring

enum mail_type {
    // coordinator → media threads, handshake thread
    MAIL_PEER_OPEN = 1, // `peer` may be used
    MAIL_PEER_CLOSE,    // let go of `peer`
    MAIL_SLOT_CHANGED,  // `slot` of `peer` has a new wish in the peer table
    MAIL_CHANNEL_SET_SOURCE,
    MAIL_CHANNEL_SET_DELAY,
    MAIL_SOURCE_AWAIT, // `source` is told anew
    MAIL_STOP,         // end the thread
    // media thread → media thread
    MAIL_DATAGRAM,      // of a peer that the reader owns, by `path`
    MAIL_SOURCE_PACKET, // decrypted RTP of `source`, `layer`
    MAIL_SOURCE_FEEDBACK,
    MAIL_ROUTE,  // path.remote is an address of `peer` now: media proved it
    MAIL_SENDER, // path.remote is a key of `peer` in engine_sender.c
    // media thread ↔ handshake thread
    MAIL_DTLS,        // a datagram, either way
    MAIL_DTLS_KEYS,   // data: the exported keying material; `profile`
    MAIL_DTLS_FAILED, // the handshake came to nothing
    MAIL_DTLS_CLOSED, // the client said goodbye
    // media thread → coordinator
    MAIL_SOURCE_STATE,
    MAIL_PEER_REPORT,   // data: struct router_peer_report
    MAIL_SOURCE_LEVELS, // data: struct link_level, several
};

struct mail {
    enum mail_type type;
    uint32_t peer;         // index in the peer table
    link_peer peer_id;     // MAIL_DTLS to the handshake thread: whose index it was when it came
    link_source source;    //
    link_channel channel;  //
    uint8_t slot;          //
    uint16_t delay_ms;     // MAIL_CHANNEL_SET_DELAY
    uint16_t wait_ms;      // MAIL_CHANNEL_SET_SOURCE: until a packet without sound will do
    uint8_t layer;         //
    bool flag;             // MAIL_SOURCE_STATE: active; MAIL_SOURCE_FEEDBACK: key frame
    bool sounding;         // MAIL_SOURCE_STATE
    uint16_t profile;      // MAIL_DTLS_KEYS
    uint16_t size;         // of data
    time_us received_at;   // of the datagram
    struct path path;      // MAIL_DATAGRAM, MAIL_ROUTE, MAIL_SENDER
    struct rtp_packet rtp; // MAIL_SOURCE_PACKET: what was read in it
    uint8_t data[MAILBOX_DATAGRAM_MAX];
};

struct mailbox {
    int event_fd;
    unsigned thread_count; // writers 0 .. thread_count - 1 have rings, and the two others
    struct ring rings[MAILBOX_WRITERS_MAX];
    _Alignas(64) _Atomic uint32_t sleeping;
};

// Rings for writers 0 .. thread_count - 1, the coordinator and the handshake thread. ERR_FULL
// without memory, ERR_IO without an eventfd.
enum err CHECKED mailbox_init(struct mailbox *mailbox, unsigned thread_count);
void mailbox_finish(struct mailbox *mailbox);

// Writer.
void mailbox_push(struct mailbox *mailbox, unsigned writer);
void mailbox_wake(struct mailbox *mailbox);
// A record of this type, all fields but the data zero; NULL when the ring is full: shed and count.
struct mail *mailbox_begin(struct mailbox *mailbox, unsigned writer, enum mail_type type,
                           uint32_t peer);
// The same, but waits for room: for the coordinator and the handshake thread, whose readers, the
// media threads, always come round. A media thread must never call it.
struct mail *mailbox_begin_wait(struct mailbox *mailbox, unsigned writer, enum mail_type type,
                                uint32_t peer);

// Reader.
struct mail *mailbox_peek(struct mailbox *mailbox, unsigned writer);
void mailbox_pop(struct mailbox *mailbox, unsigned writer);
// True when the reader may wait for event_fd to become readable; false when there is mail.
// mailbox_awake() follows in either case, with `readable` as poll() said.
bool mailbox_sleep(struct mailbox *mailbox);
void mailbox_awake(struct mailbox *mailbox, bool readable);
