#include "server/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ring.h"

#define WORK_MAX 256
#define NICENESS 10

struct work {
    void (*run)(void *argument);
    void (*done)(void *argument);
    void *argument;
};

struct worker {
    enum worker_manner manner;
    pthread_t thread;
    struct ring waiting;  // control → worker
    struct ring finished; // worker → control; never fuller than `waiting` can be
    int wake_fd;
    int finished_fd;
    uint32_t outstanding; // control thread's count of work not yet collected
    atomic_bool stopping;
    bool started;
};

static void *worker_thread(void *argument)
{
    struct worker *worker = argument;
    uint64_t woken = 0;
    if (worker->manner == WORKER_GIVES_WAY) {
        (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS);
    }
    while (!atomic_load(&worker->stopping)) {
        struct work *work = ring_peek(&worker->waiting);
        if (work == NULL) {
            if (read(worker->wake_fd, &woken, sizeof(woken)) < 0) {
                break;
            }
            continue;
        }
        struct work taken = *work;
        ring_pop(&worker->waiting);
        taken.run(taken.argument);
        struct work *back = ring_reserve(&worker->finished);
        *back = taken; // room is certain: at most WORK_MAX are outstanding
        ring_push(&worker->finished);
        (void)!write(worker->finished_fd, &(uint64_t){1}, sizeof(uint64_t));
    }
    return NULL;
}

enum err worker_create(enum worker_manner manner, struct worker **ret_worker)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    if (worker == NULL) {
        return ERR_FULL;
    }
    worker->manner = manner;
    worker->wake_fd = eventfd(0, EFD_CLOEXEC);
    worker->finished_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker->wake_fd < 0 || worker->finished_fd < 0 ||
        ring_init(&worker->waiting, sizeof(struct work), WORK_MAX) != ERR_NONE ||
        ring_init(&worker->finished, sizeof(struct work), WORK_MAX) != ERR_NONE ||
        pthread_create(&worker->thread, NULL, worker_thread, worker) != 0) {
        worker_destroy(worker);
        return ERR_FULL;
    }
    worker->started = true;
    *ret_worker = worker;
    return ERR_NONE;
}

void worker_destroy(struct worker *worker)
{
    if (worker == NULL) {
        return;
    }
    if (worker->started) {
        atomic_store(&worker->stopping, true);
        (void)!write(worker->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
        pthread_join(worker->thread, NULL);
    }
    if (worker->wake_fd >= 0) {
        close(worker->wake_fd);
    }
    if (worker->finished_fd >= 0) {
        close(worker->finished_fd);
    }
    ring_finish(&worker->waiting);
    ring_finish(&worker->finished);
    free(worker);
}

bool worker_run(struct worker *worker, void (*work)(void *), void (*done)(void *), void *argument)
{
    struct work *place = worker->outstanding < WORK_MAX ? ring_reserve(&worker->waiting) : NULL;
    if (place == NULL) {
        return false;
    }
    *place = (struct work){.run = work, .done = done, .argument = argument};
    ring_push(&worker->waiting);
    worker->outstanding++;
    (void)!write(worker->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
    return true;
}

int worker_fd(const struct worker *worker)
{
    return worker->finished_fd;
}

void worker_collect(struct worker *worker)
{
    uint64_t count = 0;
    (void)!read(worker->finished_fd, &count, sizeof(count));
    for (struct work *work = ring_peek(&worker->finished); work != NULL;
         work = ring_peek(&worker->finished)) {
        struct work taken = *work;
        ring_pop(&worker->finished);
        worker->outstanding--;
        taken.done(taken.argument);
    }
}
