// The loop of one media thread: receive a batch, read the mail, keep the deadlines, send a batch,
// sleep when there is nothing.
#pragma once

#include <pthread.h>

#include "base/err.h"
#include "base/heartbeat.h"
#include "media/engine.h"

struct media_thread {
    const struct engine_shared *shared; // borrowed
    unsigned number;
    int udp_fd;                  // borrowed
    struct udp_batch *batch;     // owned
    struct transmit *transmit;   // owned
    struct engine *engine;       // owned
    struct heartbeat *heartbeat; // borrowed; set by the caller before the thread runs
    pthread_t thread;
};

// ERR_FULL without memory, ERR_IO when the socket is none. The thread does not run yet.
enum err CHECKED media_thread_init(struct media_thread *thread, const struct engine_shared *shared,
                                   unsigned number, int udp_fd,
                                   const struct transmit_config *transmit);
// After the thread has ended, or never began.
void media_thread_finish(struct media_thread *thread);
// The thread's body: until MAIL_STOP from the coordinator.
void *media_thread_run(void *media_thread);
