#include "media/media_thread.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum err media_thread_init(struct media_thread *thread, const struct engine_shared *shared,
                           unsigned number, int udp_fd, const struct transmit_config *transmit)
{
    memset(thread, 0, sizeof(*thread));
    thread->shared = shared;
    thread->number = number;
    thread->udp_fd = udp_fd;
    thread->batch = udp_batch_create(udp_fd, &shared->counters[number]);
    if (thread->batch == NULL) {
        return ERR_IO;
    }
    thread->transmit = transmit_create(udp_fd, transmit, number, &shared->counters[number]);
    thread->engine = thread->transmit != NULL ? engine_create(shared, number, thread->transmit)
                                              : NULL;
    if (thread->engine == NULL) {
        media_thread_finish(thread);
        return ERR_FULL;
    }
    return ERR_NONE;
}

void media_thread_finish(struct media_thread *thread)
{
    engine_destroy(thread->engine);
    transmit_destroy(thread->transmit);
    udp_batch_destroy(thread->batch);
    thread->engine = NULL;
    thread->transmit = NULL;
    thread->batch = NULL;
}

static unsigned receive_turn(struct media_thread *thread, time_us now)
{
    time_us waiting = 0;
    unsigned count = udp_receive_batch(thread->batch, &waiting);
    for (unsigned i = 0; i < count; i++) {
        struct udp_datagram datagram;
        if (udp_batch_datagram(thread->batch, i, &datagram)) {
            engine_receive(thread->engine, now, now - waiting, &datagram);
        }
    }
    return count;
}

static void wait_for_work(struct media_thread *thread)
{
    struct mailbox *mailbox = &thread->shared->mailboxes[thread->number];
    struct pollfd wait[2] = {
        {.fd = thread->udp_fd, .events = POLLIN},
        {.fd = mailbox->event_fd, .events = POLLIN},
    };
    time_us left = engine_next_deadline(thread->engine) - time_monotonic_us();
    left = left < HEARTBEAT_EVERY_US ? left : HEARTBEAT_EVERY_US;
    if (left > 0 && mailbox_sleep(mailbox)) {
        struct timespec timeout = {
            .tv_sec = left / TIME_US_PER_S,
            .tv_nsec = left % TIME_US_PER_S * 1000,
        };
        (void)ppoll(wait, 2, &timeout, NULL);
    }
    mailbox_awake(mailbox, (wait[1].revents & POLLIN) != 0);
}

void *media_thread_run(void *media_thread)
{
    struct media_thread *thread = media_thread;
    char name[16];
    (void)snprintf(name, sizeof(name), "media-%u", thread->number);
    (void)prctl(PR_SET_NAME, name);
    heartbeat_begin(thread->heartbeat, gettid());
    bool stop = false;
    while (!stop) {
        time_us now = time_monotonic_us();
        heartbeat_beat(thread->heartbeat);
        // Mail first: who was just announced may have sent the first check already.
        stop = engine_read_mail(thread->engine, now);
        unsigned received = receive_turn(thread, now);
        if (engine_next_deadline(thread->engine) <= now) {
            engine_on_deadline(thread->engine, now);
        }
        engine_flush(thread->engine);
        // A full batch means that more waits: no need to ask the kernel whether.
        if (!stop && received < UDP_BATCH_IN) {
            wait_for_work(thread);
        }
    }
    return NULL;
}
