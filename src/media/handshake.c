#include "media/handshake.h"

#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "crypto/hmac.h"
#include "media/dtls.h"
#include "media/index_set.h"

// Datagrams of each media thread in one turn. A datagram may cost a millisecond of arithmetic; what
// it led to leaves after the turn.
#define TURN_DATAGRAMS 8
#define NICENESS       10
// A crowd that comes at once leaves OpenSSL's holes behind in the heap.
#define TRIM_AFTER 32

struct handshake {
    struct handshake_setup setup;
    struct dtls_context *context; // owned
    struct index_set known;       // peers announced and not yet closed
    struct index_set waiting;     // of these, the ones whose handshake runs
    struct association {
        struct handshake *handshake;
        uint32_t peer;
        time_us started_at;
        struct dtls *dtls; // owned; NULL before the first datagram and after a failure
    } * associations;      // owned; by peer index
    uint32_t settled;      // since memory was given back
    uint32_t wake_threads; // bit i: thread i was written to
    bool wake_coordinator;
};

struct handshake *handshake_create(const struct handshake_setup *setup)
{
    struct handshake *handshake = calloc(1, sizeof(*handshake));
    if (handshake == NULL) {
        return NULL;
    }
    handshake->setup = *setup;
    handshake->context = dtls_context_create(setup->certificate);
    handshake->associations = calloc(setup->table->capacity, sizeof(*handshake->associations));
    if (handshake->context == NULL || handshake->associations == NULL ||
        index_set_init(&handshake->known, setup->table->capacity) != ERR_NONE ||
        index_set_init(&handshake->waiting, setup->table->capacity) != ERR_NONE) {
        handshake_destroy(handshake);
        return NULL;
    }
    return handshake;
}

void handshake_destroy(struct handshake *handshake)
{
    if (handshake == NULL) {
        return;
    }
    for (uint32_t i = 0; handshake->associations != NULL && i < handshake->setup.table->capacity;
         i++) {
        dtls_destroy(handshake->associations[i].dtls);
    }
    free(handshake->associations);
    index_set_finish(&handshake->known);
    index_set_finish(&handshake->waiting);
    dtls_context_destroy(handshake->context);
    free(handshake);
}

// The thread that owns the peer; false when nobody does, and then there is nobody to write to.
static bool owner_of(const struct handshake *handshake, uint32_t peer, unsigned *ret_thread)
{
    return peer_entry_owner(&handshake->setup.table->entries[peer], ret_thread);
}

static void owner_push(struct handshake *handshake, unsigned thread)
{
    mailbox_push(&handshake->setup.mailboxes[thread], MAILBOX_HANDSHAKE);
    handshake->wake_threads |= 1u << thread;
}

// dtls_send of every association. A lost datagram is repeated by the protocol.
static void datagram_send(void *context, const uint8_t *data, size_t size)
{
    const struct association *association = context;
    struct handshake *handshake = association->handshake;
    unsigned thread = 0;
    if (size > MAILBOX_DATAGRAM_MAX || !owner_of(handshake, association->peer, &thread)) {
        return;
    }
    struct mail *mail = mailbox_begin(&handshake->setup.mailboxes[thread], MAILBOX_HANDSHAKE,
                                      MAIL_DTLS, association->peer);
    if (mail == NULL) {
        counter_add(&handshake->setup.counters->mail_full_total, 1);
        return;
    }
    mail->size = (uint16_t)size;
    memcpy(mail->data, data, size);
    owner_push(handshake, thread);
}

static void owner_tell(struct handshake *handshake, uint32_t peer, enum mail_type type)
{
    unsigned thread = 0;
    if (owner_of(handshake, peer, &thread)) {
        (void)mailbox_begin_wait(&handshake->setup.mailboxes[thread], MAILBOX_HANDSHAKE, type,
                                 peer);
        owner_push(handshake, thread);
    }
}

static void association_end(struct handshake *handshake, struct association *association)
{
    dtls_destroy(association->dtls);
    association->dtls = NULL;
    index_set_remove(&handshake->waiting, association->peer);
}

static void association_connected(struct handshake *handshake, struct association *association)
{
    unsigned thread = 0;
    uint8_t material[SECURE_RTP_EXPORT_MAX];
    size_t size = 0;
    enum secure_rtp_profile profile = SECURE_RTP_AEAD_AES_128_GCM;
    index_set_remove(&handshake->waiting, association->peer);
    if (!owner_of(handshake, association->peer, &thread)) {
        return;
    }
    if (dtls_export(association->dtls, &profile, material, &size) != ERR_NONE) {
        counter_add(&handshake->setup.counters->dtls_failed_total, 1);
        owner_tell(handshake, association->peer, MAIL_DTLS_FAILED);
        return;
    }
    struct mail *mail = mailbox_begin_wait(&handshake->setup.mailboxes[thread], MAILBOX_HANDSHAKE,
                                           MAIL_DTLS_KEYS, association->peer);
    mail->profile = (uint16_t)profile;
    mail->size = (uint16_t)size;
    memcpy(mail->data, material, size);
    owner_push(handshake, thread);
    memory_wipe(material, sizeof(material));
    dtls_settle(association->dtls);
    handshake->settled++;
    counter_add(&handshake->setup.counters->dtls_connected_total, 1);
}

static void association_failed(struct handshake *handshake, struct association *association)
{
    counter_add(&handshake->setup.counters->dtls_failed_total, 1);
    if (dtls_fingerprint_wrong(association->dtls)) {
        counter_add(&handshake->setup.counters->dtls_fingerprint_total, 1);
    }
    owner_tell(handshake, association->peer, MAIL_DTLS_FAILED);
    association_end(handshake, association);
    // Forgotten until control makes the peer anew: a second try with the same credentials is no
    // use.
    index_set_remove(&handshake->known, association->peer);
}

static void association_moved(struct handshake *handshake, struct association *association,
                              enum dtls_state before, enum dtls_state after)
{
    if (before == after) {
        return;
    }
    if (before == DTLS_HANDSHAKING && after != DTLS_FAILED) {
        association_connected(handshake, association);
    }
    if (after == DTLS_FAILED) {
        association_failed(handshake, association);
    } else if (after == DTLS_CLOSED) {
        counter_add(&handshake->setup.counters->dtls_closed_total, 1);
        owner_tell(handshake, association->peer, MAIL_DTLS_CLOSED);
    }
}

// The oldest handshake ends for a new one's sake. A client that means it was done long ago.
static bool make_room(struct handshake *handshake, time_us now)
{
    const struct index_set *waiting = &handshake->waiting;
    struct association *oldest = NULL;
    for (uint32_t i = 0; i < waiting->count; i++) {
        struct association *each = &handshake->associations[waiting->items[i]];
        oldest = oldest == NULL || each->started_at < oldest->started_at ? each : oldest;
    }
    if (oldest == NULL || now - oldest->started_at < handshake->setup.gives_way_after) {
        return false;
    }
    counter_add(&handshake->setup.counters->dtls_gave_way_total, 1);
    association_failed(handshake, oldest);
    return true;
}

static bool association_begin(struct handshake *handshake, struct association *association,
                              uint32_t peer, time_us now)
{
    if (handshake->waiting.count >= handshake->setup.handshakes_max && !make_room(handshake, now)) {
        counter_add(&handshake->setup.counters->dtls_busy_total, 1);
        return false;
    }
    *association = (struct association){.handshake = handshake, .peer = peer, .started_at = now};
    const struct media_session *session = &handshake->setup.table->entries[peer].facts.session;
    association->dtls = dtls_create(handshake->context, &session->certificate_digests,
                                    datagram_send, association);
    if (association->dtls == NULL) {
        counter_add(&handshake->setup.counters->dtls_busy_total, 1);
        return false;
    }
    index_set_add(&handshake->waiting, peer);
    return true;
}

static void datagram_receive(struct handshake *handshake, const struct mail *mail, time_us now)
{
    // It may be of the index's former peer, and have waited here.
    if (!index_set_has(&handshake->known, mail->peer) ||
        handshake->setup.table->entries[mail->peer].facts.id != mail->peer_id) {
        counter_add(&handshake->setup.counters->dtls_stranger_total, 1);
        return;
    }
    struct association *association = &handshake->associations[mail->peer];
    if (association->dtls == NULL && !association_begin(handshake, association, mail->peer, now)) {
        return;
    }
    enum dtls_state before = dtls_state(association->dtls);
    enum dtls_state after = dtls_receive(association->dtls, mail->data, mail->size);
    association_moved(handshake, association, before, after);
}

static void peer_release(struct handshake *handshake, uint32_t peer)
{
    struct peer_entry *entry = &handshake->setup.table->entries[peer];
    struct association *association = &handshake->associations[peer];
    if (association->dtls != NULL) {
        dtls_close(association->dtls);
        association_end(handshake, association);
    }
    index_set_remove(&handshake->known, peer);
    atomic_fetch_add_explicit(&entry->released, 1, memory_order_release);
    handshake->wake_coordinator = true;
}

static bool drain_coordinator(struct handshake *handshake)
{
    struct mailbox *mailbox = handshake->setup.mailbox;
    bool stop = false;
    struct mail *mail;
    while (!stop && (mail = mailbox_peek(mailbox, MAILBOX_COORDINATOR)) != NULL) {
        switch ((int)mail->type) {
        case MAIL_PEER_OPEN: index_set_add(&handshake->known, mail->peer); break;
        case MAIL_PEER_CLOSE: peer_release(handshake, mail->peer); break;
        case MAIL_STOP: stop = true; break;
        default: ASSERT(!"the coordinator does not write this");
        }
        mailbox_pop(mailbox, MAILBOX_COORDINATOR);
    }
    return stop;
}

// True when it is to stop. An announcement may come within the turn, and the new peer's first
// datagram before the turn ends. It is therefore read before each datagram: a first flight that is
// lost is repeated by the client after a whole second.
static bool drain_threads(struct handshake *handshake, time_us now)
{
    struct mailbox *mailbox = handshake->setup.mailbox;
    for (unsigned writer = 0; writer < handshake->setup.thread_count; writer++) {
        for (unsigned i = 0; i < TURN_DATAGRAMS; i++) {
            struct mail *mail = mailbox_peek(mailbox, writer);
            if (mail == NULL) {
                break;
            }
            ASSERT(mail->type == MAIL_DTLS);
            if (drain_coordinator(handshake)) {
                return true;
            }
            datagram_receive(handshake, mail, now);
            mailbox_pop(mailbox, writer);
        }
    }
    return false;
}

// Repeats flights, gives up the overdue; gives how long nothing needs to be done.
static time_us timers_run(struct handshake *handshake, time_us now)
{
    time_us shortest = TIME_US_NEVER;
    // Backwards, because an association that ends leaves the set and the last takes its place.
    for (uint32_t i = handshake->waiting.count; i-- > 0;) {
        struct association *association = &handshake->associations[handshake->waiting.items[i]];
        time_us left = dtls_timeout(association->dtls);
        if (now - association->started_at >= handshake->setup.handshake_within) {
            association_failed(handshake, association);
            continue;
        }
        if (left == 0) {
            enum dtls_state after = dtls_on_timeout(association->dtls);
            association_moved(handshake, association, DTLS_HANDSHAKING, after);
            left = after == DTLS_HANDSHAKING ? dtls_timeout(association->dtls) : TIME_US_NEVER;
        }
        time_us within = association->started_at + handshake->setup.handshake_within - now;
        left = left < within ? left : within;
        shortest = left < shortest ? left : shortest;
    }
    return shortest;
}

static void wake_others(struct handshake *handshake)
{
    while (handshake->wake_threads != 0) {
        unsigned thread = (unsigned)__builtin_ctz(handshake->wake_threads);
        handshake->wake_threads &= handshake->wake_threads - 1;
        mailbox_wake(&handshake->setup.mailboxes[thread]);
    }
    if (handshake->wake_coordinator) {
        mailbox_wake(handshake->setup.coordinator);
        handshake->wake_coordinator = false;
    }
}

static void memory_give_back(struct handshake *handshake)
{
    if (handshake->waiting.count == 0 && handshake->settled >= TRIM_AFTER) {
        handshake->settled = 0;
        (void)malloc_trim(0);
    }
}

static void wait_for_mail(struct handshake *handshake, time_us longest)
{
    struct mailbox *mailbox = handshake->setup.mailbox;
    struct pollfd wait = {.fd = mailbox->event_fd, .events = POLLIN};
    if (mailbox_sleep(mailbox)) {
        longest = longest < HEARTBEAT_EVERY_US ? longest : HEARTBEAT_EVERY_US;
        // A millisecond more than needed, so that OpenSSL's timer has surely run out.
        heartbeat_rest(handshake->setup.heartbeat, true);
        (void)poll(&wait, 1, (int)(longest / TIME_US_PER_MS) + 1);
        heartbeat_beat(handshake->setup.heartbeat);
        heartbeat_rest(handshake->setup.heartbeat, false);
    }
    mailbox_awake(mailbox, (wait.revents & POLLIN) != 0);
}

void *handshake_run(void *handshake)
{
    struct handshake *self = handshake;
    bool stop = false;
    heartbeat_begin(self->setup.heartbeat, gettid());
    (void)prctl(PR_SET_NAME, "media-dtls");
    // Sound goes first where there are more threads than cores. Best effort.
    (void)setpriority(PRIO_PROCESS, 0, NICENESS); // 0: this thread
    while (!stop) {
        time_us now = time_monotonic_us();
        heartbeat_beat(self->setup.heartbeat);
        stop = drain_coordinator(self) || drain_threads(self, now);
        time_us longest = timers_run(self, now);
        wake_others(self);
        memory_give_back(self);
        if (!stop) {
            wait_for_mail(self, longest);
        }
    }
    return NULL;
}
