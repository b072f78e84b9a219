#include "media/mailbox.h"

#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"

enum err mailbox_init(struct mailbox *mailbox, unsigned thread_count)
{
    ASSERT(thread_count >= 1 && thread_count <= MAILBOX_THREADS_MAX);
    memset(mailbox, 0, sizeof(*mailbox));
    mailbox->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (mailbox->event_fd < 0) {
        return ERR_IO;
    }
    mailbox->thread_count = thread_count;
    for (unsigned writer = 0; writer < MAILBOX_WRITERS_MAX; writer++) {
        if (writer >= thread_count && writer < MAILBOX_THREADS_MAX) {
            continue;
        }
        if (ring_init(&mailbox->rings[writer], sizeof(struct mail), MAILBOX_CAPACITY) != ERR_NONE) {
            mailbox_finish(mailbox);
            return ERR_FULL;
        }
    }
    return ERR_NONE;
}

void mailbox_finish(struct mailbox *mailbox)
{
    for (unsigned writer = 0; writer < MAILBOX_WRITERS_MAX; writer++) {
        ring_finish(&mailbox->rings[writer]);
    }
    if (mailbox->thread_count > 0) {
        close(mailbox->event_fd);
    }
    mailbox->thread_count = 0;
}

struct mail *mailbox_begin(struct mailbox *mailbox, unsigned writer, enum mail_type type,
                           uint32_t peer)
{
    struct mail *mail = ring_reserve(&mailbox->rings[writer]);
    if (mail != NULL) {
        memset(mail, 0, offsetof(struct mail, data));
        mail->type = type;
        mail->peer = peer;
    }
    return mail;
}

void mailbox_push(struct mailbox *mailbox, unsigned writer)
{
    ring_push(&mailbox->rings[writer]);
}

// The writer pushed before it reads `sleeping`, the reader writes `sleeping` before it looks for
// mail. Both are read- modify-write operations on one variable, so one comes first: either the
// writer sees the sleeper and wakes it, or the reader's exchange follows the writer's and sees the
// push.
void mailbox_wake(struct mailbox *mailbox)
{
    if (atomic_fetch_and_explicit(&mailbox->sleeping, 0, memory_order_acq_rel) != 0) {
        uint64_t one = 1;
        // Fails only when the counter is full, and then the reader is awake anyway.
        ssize_t written = write(mailbox->event_fd, &one, sizeof(one));
        (void)written;
    }
}

struct mail *mailbox_peek(struct mailbox *mailbox, unsigned writer)
{
    return ring_peek(&mailbox->rings[writer]);
}

void mailbox_pop(struct mailbox *mailbox, unsigned writer)
{
    ring_pop(&mailbox->rings[writer]);
}

static bool mailbox_empty(struct mailbox *mailbox)
{
    for (unsigned writer = 0; writer < mailbox->thread_count; writer++) {
        if (ring_peek(&mailbox->rings[writer]) != NULL) {
            return false;
        }
    }
    return ring_peek(&mailbox->rings[MAILBOX_COORDINATOR]) == NULL &&
           ring_peek(&mailbox->rings[MAILBOX_HANDSHAKE]) == NULL;
}

bool mailbox_sleep(struct mailbox *mailbox)
{
    (void)atomic_exchange_explicit(&mailbox->sleeping, 1, memory_order_acq_rel);
    return mailbox_empty(mailbox);
}

void mailbox_awake(struct mailbox *mailbox, bool readable)
{
    atomic_store_explicit(&mailbox->sleeping, 0, memory_order_relaxed);
    if (readable) {
        uint64_t count;
        ssize_t size = read(mailbox->event_fd, &count, sizeof(count));
        (void)size; // its only purpose is to make the descriptor unreadable again
    }
}

struct mail *mailbox_begin_wait(struct mailbox *mailbox, unsigned writer, enum mail_type type,
                                uint32_t peer)
{
    for (;;) {
        struct mail *mail = mailbox_begin(mailbox, writer, type, peer);
        if (mail != NULL) {
            return mail;
        }
        mailbox_wake(mailbox);
        (void)poll(NULL, 0, 1);
    }
}
