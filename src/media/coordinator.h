// The first thread of the media process: it makes and closes peers as control says, passes
// control's wishes to the media threads, and tells control what happens. It never touches a packet,
// and media threads never wait for it.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "media/counters.h"
#include "media/engine.h"
#include "media/index_set.h"
#include "media/link_port.h"
#include "media/mailbox.h"
#include "media/media_sdp.h"
#include "media/peer_table.h"

struct coordinator {
    struct peer_table *table;        // borrowed
    struct mailbox *mailbox;         // its own; borrowed
    struct mailbox *mailboxes;       // of the media threads; borrowed
    struct mailbox *handshake;       // borrowed
    const struct counters *counters; // borrowed; `counters_count` of them
    unsigned counters_count;
    unsigned thread_count;
    time_us close_after;
    bool sound_without_picture;     // as media_sdp_create()
    struct media_sdp_server server; // its texts are borrowed
    struct media_sdp *sdp;          // owned
    struct link_port port;
    struct index_set live; // entries that are not yet given back
    uint64_t unclaimed_lost;
    time_us sweep_at;
    time_us counters_at;
    char answer[SDP_ANSWER_MAX];
    struct link_message incoming;
    struct link_message outgoing;
};

enum err CHECKED coordinator_init(struct coordinator *coordinator, int link_fd);
void coordinator_finish(struct coordinator *coordinator);

// coordinator.c
void coordinator_read_mail(struct coordinator *coordinator, time_us now);
time_us coordinator_next_deadline(const struct coordinator *coordinator);
void coordinator_on_deadline(struct coordinator *coordinator, time_us now);
// Announces a new peer to all threads.
void coordinator_peer_open(struct coordinator *coordinator, uint32_t index);
// Begins to close the peer: goodbye, then every thread lets go, then the entry is free. Tells
// control at once.
void coordinator_peer_close(struct coordinator *coordinator, uint32_t index);
void coordinator_peer_state(struct coordinator *coordinator, uint32_t index);
void coordinator_tell_counters(struct coordinator *coordinator);
// Says of the source of a peer's section what it delivers.
void coordinator_tell_source(struct coordinator *coordinator, const struct peer_entry *entry,
                             uint8_t section);
// What is known of the source counts no more.
void coordinator_source_await(struct coordinator *coordinator, link_source source);
// The same to every media thread.
void coordinator_tell_threads(struct coordinator *coordinator, const struct mail *mail);
// An empty message of this type to fill in, and to give to link_port_send().
struct link_message *coordinator_message(struct coordinator *coordinator,
                                         enum link_message_type type);

// coordinator_link.c
void coordinator_read_link(struct coordinator *coordinator, time_us now);
