// The handshake thread: all DTLS associations live here, so that public-key arithmetic never delays
// a packet. Media threads pass it datagrams of addresses that ICE validated; it gives back
// datagrams to send, and at last the keys. A bounded number of handshakes run at once: beyond it
// the oldest gives way once it has had its time, however often its client repeats itself; until
// then a ClientHello is dropped and the client repeats it.
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/heartbeat.h"
#include "base/time.h"
#include "crypto/certificate.h"
#include "media/counters.h"
#include "media/mailbox.h"
#include "media/peer_table.h"

struct handshake;

struct handshake_setup {
    struct peer_table *table;              // facts and owners; borrowed
    struct mailbox *mailbox;               // its own; borrowed
    struct mailbox *mailboxes;             // of the media threads; borrowed
    struct mailbox *coordinator;           // to be woken; borrowed
    struct counters *counters;             // its own; borrowed
    struct heartbeat *heartbeat;           // its own; borrowed
    const struct certificate *certificate; // borrowed
    unsigned thread_count;
    uint32_t handshakes_max; // at once
    time_us handshake_within;
    time_us gives_way_after; // of its beginning, to another when there is no place
};

// NULL when memory is short or OpenSSL refuses.
struct handshake *handshake_create(const struct handshake_setup *setup);
void handshake_destroy(struct handshake *handshake);
// The thread's body: until MAIL_STOP from the coordinator.
void *handshake_run(void *handshake);
