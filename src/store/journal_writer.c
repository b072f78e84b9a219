// The thread that writes journals. The control thread posts batches on a ring; this thread takes
// all that wait into one transaction, so that the more is asked of it, the more events share an
// fsync.
//
//   control ──ring + wake_fd──► thread: begin, rows of all waiting batches, commit ──committed +
//   event_fd──► control
#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"
#include "contract/json.h"
#include "store/journal_writer_priv.h"

#define WRITER_LOOK_US  (1 * TIME_US_PER_S)    // at the disk
#define WRITER_AGAIN_US (100 * TIME_US_PER_MS) // the next try to write, while closed

// ERR_INVALID when what is written could not be read back: better refused now than missing at the
// replay.
static enum err row_fill(struct writer_row *row, const struct event *event, struct event *scratch)
{
    json_t *data = event_encode_data(event);
    if (data == NULL) {
        return ERR_INVALID;
    }
    enum err err = event_decode_data(event->type, data, scratch);
    row->data = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(data);
    if (err != ERR_NONE) {
        return ERR_INVALID;
    }
    if (row->data == NULL) {
        return ERR_FULL;
    }
    row->data_length = strlen(row->data);
    row->seq = event->seq;
    row->at = event->at;
    memcpy(row->by, event->by, sizeof row->by);
    row->on_behalf_of_chair = event->on_behalf_of_chair;
    row->type = event->type;
    return ERR_NONE;
}

static enum err batch_create(struct journal_writer *writer, const char *stream,
                             const struct event *events, uint32_t count,
                             struct writer_batch **ret_batch)
{
    struct writer_batch *batch = calloc(1, sizeof *batch + count * sizeof batch->rows[0]);
    if (batch == NULL) {
        return ERR_FULL;
    }
    enum err err = text_copy(batch->stream, sizeof batch->stream, stream);
    batch->count = count;
    for (uint32_t i = 0; err == ERR_NONE && i < count; i++) {
        ASSERT(i == 0 || events[i].seq == events[i - 1].seq + 1);
        err = row_fill(&batch->rows[i], &events[i], &writer->scratch);
    }
    if (err != ERR_NONE) {
        writer_batch_destroy(batch);
        return err;
    }
    *ret_batch = batch;
    return ERR_NONE;
}

enum err journal_writer_post(struct journal_writer *writer, const char *stream,
                             const struct event *events, uint32_t count, uint64_t *ret_ticket)
{
    ASSERT(stream[0] != '\0' && count > 0);
    enum writer_phase phase = atomic_load_explicit(&writer->phase, memory_order_acquire);
    if (phase != WRITER_OPEN) {
        return phase == WRITER_LOST ? ERR_IO : ERR_STORAGE;
    }
    struct writer_batch **place = ring_reserve(&writer->ring);
    if (place == NULL) {
        return ERR_FULL;
    }
    enum err err = batch_create(writer, stream, events, count, place);
    if (err != ERR_NONE) {
        return err; // the place was not pushed and is used by the next batch
    }
    (*place)->ticket = ++writer->posted;
    *ret_ticket = writer->posted;
    ring_push(&writer->ring);
    writer_wake(writer->wake_fd);
    return ERR_NONE;
}

// ---- The thread

static time_us next_look(const struct journal_writer *writer)
{
    time_us now = time_monotonic_us();
    bool closed = atomic_load_explicit(&writer->phase, memory_order_relaxed) == WRITER_CLOSED;
    return closed ? now + WRITER_AGAIN_US : writer->watches ? now + WRITER_LOOK_US : TIME_US_NEVER;
}

static void *writer_main(void *argument)
{
    struct journal_writer *writer = argument;
    time_us look_at = next_look(writer);
    while (!atomic_load_explicit(&writer->stopping, memory_order_acquire)) {
        struct pollfd woken = {.fd = writer->wake_fd, .events = POLLIN};
        time_us now = time_monotonic_us();
        uint64_t count = 0;
        int timeout_ms = look_at == TIME_US_NEVER ? -1
                         : look_at <= now         ? 0
                                                  : (int)((look_at - now) / TIME_US_PER_MS + 1);
        if (poll(&woken, 1, timeout_ms) > 0) {
            (void)!read(writer->wake_fd, &count, sizeof count);
            writer_write(writer);
        }
        if (look_at <= time_monotonic_us()) {
            writer_look(writer);
            look_at = next_look(writer);
        }
        // Just closed: soon again.
        time_us next = next_look(writer);
        look_at = next < look_at ? next : look_at;
    }
    writer_write(writer);
    return NULL;
}

// Signals are the main thread's: this one must never be chosen to take them.
static enum err writer_start(struct journal_writer *writer)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(&writer->thread, NULL, writer_main, writer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result == 0 ? ERR_NONE : ERR_UNAVAILABLE;
}

static enum err writer_open(struct journal_writer *writer, const char *path,
                            const struct store_limits *limits)
{
    enum err err = text_copy(writer->path, sizeof writer->path, path);
    if (err == ERR_NONE && limits != NULL) {
        writer->watches = true;
        err = space_init(&writer->space, path, limits);
    }
    if (err == ERR_NONE) {
        err = writer_connect(writer);
    }
    if (err == ERR_NONE) {
        writer_tell_state(writer);
        if (writer->watches && space_state(&writer->space) == STORE_STATE_RESERVE) {
            writer_try(writer); // as good as full: does it take anything at all?
        }
        err = writer_start(writer);
    }
    if (err != ERR_NONE) {
        writer_disconnect(writer);
    }
    return err;
}

enum err journal_writer_create(const char *path, int event_fd, const struct store_limits *limits,
                               struct journal_writer **ret_writer)
{
    struct journal_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        return ERR_FULL;
    }
    writer->event_fd = event_fd;
    writer->wake_fd = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&writer->waiting, NULL);
    pthread_cond_init(&writer->progress, NULL);
    enum err err = writer->wake_fd < 0 ? ERR_IO : ERR_NONE;
    if (err == ERR_NONE) {
        err = ring_init(&writer->ring, sizeof(struct writer_batch *), JOURNAL_BATCHES_MAX);
    }
    if (err == ERR_NONE) {
        err = writer_open(writer, path, limits);
    }
    if (err != ERR_NONE) {
        ring_finish(&writer->ring);
        if (writer->wake_fd >= 0) {
            close(writer->wake_fd);
        }
        free(writer);
        return err;
    }
    *ret_writer = writer;
    return ERR_NONE;
}

void journal_writer_destroy(struct journal_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    atomic_store_explicit(&writer->stopping, true, memory_order_release);
    writer_wake(writer->wake_fd);
    pthread_join(writer->thread, NULL);
    struct writer_batch **place = NULL;
    while ((place = ring_peek(&writer->ring)) != NULL) { // only while closed
        writer_batch_destroy(*place);
        ring_pop(&writer->ring);
    }
    writer_disconnect(writer);
    ring_finish(&writer->ring);
    pthread_cond_destroy(&writer->progress);
    pthread_mutex_destroy(&writer->waiting);
    close(writer->wake_fd);
    free(writer);
}

enum err journal_writer_committed(struct journal_writer *writer, uint64_t *ret_ticket)
{
    // The phase first: a ticket read before it could be older than one read after.
    enum writer_phase phase = atomic_load_explicit(&writer->phase, memory_order_acquire);
    *ret_ticket = atomic_load_explicit(&writer->committed, memory_order_acquire);
    return phase == WRITER_OPEN ? ERR_NONE : phase == WRITER_LOST ? ERR_IO : ERR_STORAGE;
}

bool journal_writer_reopen(struct journal_writer *writer)
{
    enum writer_phase phase = atomic_load_explicit(&writer->phase, memory_order_acquire);
    if (phase == WRITER_HEALED) {
        atomic_store_explicit(&writer->refused, writer->posted, memory_order_release);
        atomic_store_explicit(&writer->phase, WRITER_OPEN, memory_order_release);
    }
    return phase == WRITER_HEALED || phase == WRITER_OPEN;
}

struct store_health journal_writer_health(const struct journal_writer *writer)
{
    struct store_health health = {
        .state = atomic_load_explicit(&writer->state, memory_order_acquire),
        .free_bytes = atomic_load_explicit(&writer->free_bytes, memory_order_relaxed)};
    health.takes_documents = health.state == STORE_STATE_WELL ||
                             (health.state == STORE_STATE_LOW &&
                              health.free_bytes >= writer->space.limits.low_bytes / 4);
    return health;
}

uint64_t journal_writer_posted(const struct journal_writer *writer)
{
    return writer->posted;
}

void journal_writer_wait(struct journal_writer *writer)
{
    uint64_t ticket = 0;
    pthread_mutex_lock(&writer->waiting);
    while (journal_writer_committed(writer, &ticket) == ERR_NONE && ticket < writer->posted &&
           atomic_load_explicit(&writer->refused, memory_order_relaxed) < writer->posted) {
        pthread_cond_wait(&writer->progress, &writer->waiting);
    }
    pthread_mutex_unlock(&writer->waiting);
}

const char *journal_writer_failure(const struct journal_writer *writer)
{
    enum writer_phase phase = atomic_load_explicit(&writer->phase, memory_order_acquire);
    if (atomic_load_explicit(&writer->vanished, memory_order_acquire)) {
        return "what was acknowledged is not in the database any more";
    }
    return phase != WRITER_OPEN ? writer->failure : "";
}
