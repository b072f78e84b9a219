// Everything of one media thread but its loop and its socket calls: datagrams are told apart and
// brought to their peers, peers' packets to the router, and what concerns another thread into that
// thread's mailbox. Given `now`; reads no clock. Owned by one media thread.
//
//   udp_receive_batch → engine_receive → peer_receive → secure_rtp_open → router_receive_rtp → … →
//   transmit_flush
//
// A peer belongs to the thread that first receives an authentic check of it (the kernel spreads
// addresses over the threads' sockets). Datagrams of a peer that come in at another thread are
// handed over whole; a source's packets are copied once to each other thread that has listeners of
// it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "media/counters.h"
#include "media/mailbox.h"
#include "media/peer.h"
#include "media/peer_table.h"
#include "media/router.h"
#include "media/transmit.h"
#include "media/udp_batch.h"

// What the threads of the process have in common; outlives the engines.
struct engine_shared {
    struct peer_table *table;
    struct mailbox *mailboxes; // of the media threads, by number
    struct mailbox *handshake;
    struct mailbox *coordinator;
    struct counters *counters; // by thread number
    unsigned thread_count;
    struct router_limits limits;
    struct peer_timeouts timeouts;
};

struct engine;

// Sends through `transmit`, which it borrows. NULL when memory is short.
struct engine *engine_create(const struct engine_shared *shared, unsigned thread,
                             struct transmit *transmit);
void engine_destroy(struct engine *engine);

// A turn of the thread: any number of engine_receive(), then engine_read_mail(), then
// engine_on_deadline() when it is time, then engine_flush().
//
// `received_at` is when the kernel had it, for the figures of delay.
void engine_receive(struct engine *engine, time_us now, time_us received_at,
                    const struct udp_datagram *datagram);
// Bounded. True when MAIL_STOP was read.
bool engine_read_mail(struct engine *engine, time_us now);
time_us engine_next_deadline(const struct engine *engine);
void engine_on_deadline(struct engine *engine, time_us now);
// Sends what was prepared, wakes the threads that were written to.
void engine_flush(struct engine *engine);
