#include "store/eraser_priv.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "contract/types.h"
#include "store/store_priv.h"

#define AGAIN_MS 20 // until the next try, while somebody reads

enum erasure_state { ERASURE_WAITS, ERASURE_UNDER_WAY, ERASURE_DONE };

struct erasure {
    char meeting[CONTRACT_ID_MAX + 1];
    char content[CONTRACT_ID_MAX + 1];
    enum erasure_state state;
};

struct eraser {
    char path[STORE_PATH_MAX + 1];
    int event_fd; // borrowed
    pthread_t thread;
    pthread_mutex_t lock; // of all below
    pthread_cond_t news;
    bool stopping;
    uint32_t count;
    struct erasure items[ERASER_MAX];
};

static uint32_t find(const struct eraser *eraser, const char *meeting, const char *content)
{
    uint32_t at = 0;
    while (at < eraser->count && (!text_equal(eraser->items[at].meeting, meeting) ||
                                  !text_equal(eraser->items[at].content, content))) {
        at++;
    }
    return at;
}

// The next of that state, which it leaves for another; false when there is none.
static bool advance(struct eraser *eraser, enum erasure_state from, enum erasure_state to,
                    struct erasure *ret_item)
{
    for (uint32_t i = 0; i < eraser->count; i++) {
        if (eraser->items[i].state == from) {
            eraser->items[i].state = to;
            *ret_item = eraser->items[i];
            return true;
        }
    }
    return false;
}

// False when the thread must end.
static bool pause_a_little(struct eraser *eraser)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += AGAIN_MS * 1000000l;
    until.tv_sec += until.tv_nsec / 1000000000l;
    until.tv_nsec %= 1000000000l;
    pthread_mutex_lock(&eraser->lock);
    while (!eraser->stopping &&
           pthread_cond_timedwait(&eraser->news, &eraser->lock, &until) != ETIMEDOUT) {
    }
    bool goes_on = !eraser->stopping;
    pthread_mutex_unlock(&eraser->lock);
    return goes_on;
}

static bool erase_one(struct eraser *eraser, struct database *database, const struct erasure *item)
{
    while (content_delete(database, item->meeting, item->content) != ERR_NONE) {
        if (!pause_a_little(eraser)) {
            return false;
        }
    }
    return true;
}

static bool empty_log(struct eraser *eraser, struct database *database)
{
    while (database_empty_log(database) != ERR_NONE) {
        if (!pause_a_little(eraser)) {
            return false;
        }
    }
    return true;
}

// One after the other, each with its log: whoever removed the first need not wait for the last.
// False when the thread must end.
static bool erase_waiting(struct eraser *eraser, struct database *database)
{
    struct erasure item;
    uint64_t one = 1;
    pthread_mutex_lock(&eraser->lock);
    while (advance(eraser, ERASURE_WAITS, ERASURE_UNDER_WAY, &item)) {
        pthread_mutex_unlock(&eraser->lock);
        if (!erase_one(eraser, database, &item) || !empty_log(eraser, database)) {
            return false;
        }
        pthread_mutex_lock(&eraser->lock);
        (void)advance(eraser, ERASURE_UNDER_WAY, ERASURE_DONE, &item);
        while (write(eraser->event_fd, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }
    pthread_mutex_unlock(&eraser->lock);
    return true;
}

// False when the thread must end.
static bool wait_for_work(struct eraser *eraser)
{
    pthread_mutex_lock(&eraser->lock);
    bool waits = false;
    while (!eraser->stopping && !waits) {
        for (uint32_t i = 0; i < eraser->count; i++) {
            waits = waits || eraser->items[i].state == ERASURE_WAITS;
        }
        if (!waits) {
            pthread_cond_wait(&eraser->news, &eraser->lock);
        }
    }
    bool goes_on = !eraser->stopping;
    pthread_mutex_unlock(&eraser->lock);
    return goes_on;
}

static void *eraser_main(void *argument)
{
    struct eraser *eraser = argument;
    struct database database;
    while (database_open(&database, eraser->path, DATABASE_WRITE) != ERR_NONE) {
        if (!pause_a_little(eraser)) {
            return NULL;
        }
    }
    while (wait_for_work(eraser) && erase_waiting(eraser, &database)) {
    }
    database_close(&database);
    return NULL;
}

enum err eraser_create(const char *path, int event_fd, struct eraser **ret_eraser)
{
    struct eraser *eraser = calloc(1, sizeof *eraser);
    if (eraser == NULL || text_copy(eraser->path, sizeof eraser->path, path) != ERR_NONE) {
        free(eraser);
        return ERR_FULL;
    }
    eraser->event_fd = event_fd;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&eraser->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&eraser->lock, NULL);
    sigset_t all; // signals are the main thread's
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(&eraser->thread, NULL, eraser_main, eraser);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (result != 0) {
        pthread_cond_destroy(&eraser->news);
        pthread_mutex_destroy(&eraser->lock);
        free(eraser);
        return ERR_UNAVAILABLE;
    }
    *ret_eraser = eraser;
    return ERR_NONE;
}

void eraser_destroy(struct eraser *eraser)
{
    if (eraser == NULL) {
        return;
    }
    pthread_mutex_lock(&eraser->lock);
    eraser->stopping = true;
    pthread_cond_broadcast(&eraser->news);
    pthread_mutex_unlock(&eraser->lock);
    pthread_join(eraser->thread, NULL);
    pthread_cond_destroy(&eraser->news);
    pthread_mutex_destroy(&eraser->lock);
    free(eraser);
}

enum err eraser_put(struct eraser *eraser, const char *meeting, const char *content)
{
    enum err err = ERR_NONE;
    pthread_mutex_lock(&eraser->lock);
    if (find(eraser, meeting, content) < eraser->count) {
        err = ERR_CONFLICT;
    } else if (eraser->count == ERASER_MAX) {
        err = ERR_FULL;
    } else {
        struct erasure *item = &eraser->items[eraser->count];
        *item = (struct erasure){.state = ERASURE_WAITS};
        err = text_copy(item->meeting, sizeof item->meeting, meeting);
        err = err == ERR_NONE ? text_copy(item->content, sizeof item->content, content) : err;
        eraser->count += err == ERR_NONE;
        pthread_cond_broadcast(&eraser->news);
    }
    pthread_mutex_unlock(&eraser->lock);
    return err;
}

bool eraser_has(struct eraser *eraser, const char *meeting, const char *content)
{
    pthread_mutex_lock(&eraser->lock);
    bool has = find(eraser, meeting, content) < eraser->count;
    pthread_mutex_unlock(&eraser->lock);
    return has;
}

bool eraser_take(struct eraser *eraser, char *ret_meeting, char *ret_content, size_t size)
{
    bool taken = false;
    pthread_mutex_lock(&eraser->lock);
    for (uint32_t i = 0; i < eraser->count && !taken; i++) {
        if (eraser->items[i].state == ERASURE_DONE) {
            text_copy_cut(ret_meeting, size, eraser->items[i].meeting);
            text_copy_cut(ret_content, size, eraser->items[i].content);
            eraser->items[i] = eraser->items[--eraser->count];
            taken = true;
        }
    }
    pthread_mutex_unlock(&eraser->lock);
    return taken;
}
