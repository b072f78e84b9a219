// What the other threads say to an engine.
#include <string.h>

#include "base/assert.h"
#include "crypto/hmac.h"
#include "media/engine_priv.h"

// Whoever handed it over gets the like of it from now on.
static void read_datagram(struct engine *engine, time_us now, struct mail *mail, unsigned writer)
{
    struct udp_datagram datagram = {.data = mail->data, .size = mail->size, .path = mail->path};
    if (index_set_has(&engine->owned, mail->peer) &&
        engine_peer_receive(engine, mail->peer, now, mail->received_at, &datagram)) {
        struct mail *answer = engine_mail_begin(engine, writer, MAIL_ROUTE, mail->peer);
        if (answer != NULL) {
            answer->path = mail->path;
            engine_mail_end(engine, writer);
        }
    }
}

static void read_thread(struct engine *engine, time_us now, struct mail *mail, unsigned writer)
{
    switch ((int)mail->type) {
    case MAIL_DATAGRAM: read_datagram(engine, now, mail, writer); break;
    case MAIL_ROUTE:
    case MAIL_SENDER:
        if (index_set_has(&engine->known, mail->peer)) {
            route_table_add(mail->type == MAIL_ROUTE ? &engine->routes : &engine->senders,
                            &mail->path.remote, mail->peer);
        }
        break;
    case MAIL_SOURCE_PACKET:
        engine_forward(engine, now, mail->received_at, mail->source, mail->layer, &mail->rtp,
                       mail->data);
        break;
    case MAIL_SOURCE_FEEDBACK:
        if (mail->flag) {
            router_source_request_key_frame(engine->router, now, mail->source, mail->layer);
        }
        break;
    default: ASSERT(!"a media thread does not write this");
    }
}

static void read_handshake(struct engine *engine, time_us now, struct mail *mail)
{
    if (!index_set_has(&engine->owned, mail->peer)) {
        return; // released meanwhile
    }
    struct peer_entry *entry = engine_entry(engine, mail->peer);
    switch ((int)mail->type) {
    case MAIL_DTLS:
        if (mail->size <= TRANSMIT_DATAGRAM_MAX) {
            memcpy(transmit_reserve(engine->transmit), mail->data, mail->size);
            transmit_commit(engine->transmit, &engine->destinations[mail->peer], mail->size);
        }
        break;
    case MAIL_DTLS_KEYS:
        engine_peer_connect(engine, mail->peer, now, mail);
        memory_wipe(mail->data, mail->size);
        break;
    case MAIL_DTLS_FAILED:
    case MAIL_DTLS_CLOSED:
        if (peer_close(&entry->peer)) {
            engine_peer_phase(engine, mail->peer, now);
        }
        break;
    default: ASSERT(!"the handshake thread does not write this");
    }
}

static void drain_handshake(struct engine *engine, time_us now)
{
    struct mailbox *mailbox = &engine->shared->mailboxes[engine->thread];
    struct mail *mail;
    for (unsigned i = 0; i < MAILBOX_CAPACITY; i++) {
        mail = mailbox_peek(mailbox, MAILBOX_HANDSHAKE);
        if (mail == NULL) {
            break;
        }
        read_handshake(engine, now, mail);
        mailbox_pop(mailbox, MAILBOX_HANDSHAKE);
    }
}

static bool read_coordinator(struct engine *engine, time_us now, const struct mail *mail)
{
    switch ((int)mail->type) {
    case MAIL_PEER_OPEN: engine_peer_open(engine, mail->peer); break;
    case MAIL_PEER_CLOSE:
        // The handshake thread has let go before: its goodbye to the client is in its ring.
        drain_handshake(engine, now);
        engine_peer_release(engine, mail->peer);
        break;
    case MAIL_SLOT_CHANGED: engine_peer_wish(engine, mail->peer, mail->slot, now); break;
    case MAIL_CHANNEL_SET_SOURCE:
        if ((mail->wait_ms > 0
                 ? router_channel_succeed(engine->router, now, mail->channel, mail->source,
                                          mail->wait_ms * TIME_US_PER_MS)
                 : router_channel_set_source(engine->router, now, mail->channel, mail->source)) !=
            ERR_NONE) {
            counter_add(&engine->counters->wishes_refused_total, 1);
        }
        engine->wanted_stale = true;
        break;
    case MAIL_CHANNEL_SET_DELAY:
        if (router_channel_set_delay(engine->router, now, mail->channel, mail->delay_ms) !=
            ERR_NONE) {
            counter_add(&engine->counters->wishes_refused_total, 1);
        }
        break;
    case MAIL_SOURCE_AWAIT: router_source_await(engine->router, mail->source); break;
    case MAIL_STOP: return true;
    default: ASSERT(!"the coordinator does not write this");
    }
    return false;
}

bool engine_read_mail(struct engine *engine, time_us now)
{
    struct mailbox *mailbox = &engine->shared->mailboxes[engine->thread];
    bool stop = false;
    struct mail *mail;
    drain_handshake(engine, now);
    for (unsigned i = 0; i < MAILBOX_CAPACITY && !stop; i++) {
        mail = mailbox_peek(mailbox, MAILBOX_COORDINATOR);
        if (mail == NULL) {
            break;
        }
        stop = read_coordinator(engine, now, mail);
        mailbox_pop(mailbox, MAILBOX_COORDINATOR);
    }
    for (unsigned writer = 0; writer < engine->shared->thread_count; writer++) {
        for (unsigned i = 0; writer != engine->thread && i < MAILBOX_CAPACITY; i++) {
            mail = mailbox_peek(mailbox, writer);
            if (mail == NULL) {
                break;
            }
            read_thread(engine, now, mail, writer);
            mailbox_pop(mailbox, writer);
        }
    }
    return stop;
}
