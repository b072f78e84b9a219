// The thread that writes journals. The control thread posts batches on a ring; this thread takes
// all that wait into one transaction, so that the more is asked of it, the more events share an
// fsync.
//
//   control ──ring + wake_fd──► thread: begin, rows of all waiting batches, commit ──committed +
//   event_fd──► control
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/ring.h"
#include "base/text.h"
#include "contract/json.h"
#include "store/journal_priv.h"

#define WRITER_GROUP_MAX 512 // batches in one transaction: bounds how long the first one waits

struct writer_row {
    uint64_t seq;
    time_ms at;
    char by[CONTRACT_ID_MAX + 1];
    bool on_behalf_of_chair;
    enum event_type type;
    char *data; // owned; canonical JSON
    size_t data_length;
};

struct writer_batch {
    uint64_t ticket;
    char meeting[CONTRACT_ID_MAX + 1];
    uint32_t count;
    struct writer_row rows[];
};

struct journal_writer {
    struct ring ring; // struct writer_batch *
    int wake_fd;
    int event_fd; // borrowed
    pthread_t thread;
    // The control thread's.
    uint64_t posted;
    struct event scratch;
    // The writing thread's.
    struct database database;
    struct journal_table table;
    // Shared.
    _Atomic uint64_t committed; // the last ticket on the disk
    _Atomic bool failed;        // set after `failure` is written; nothing is committed any more
    _Atomic bool stopping;
    pthread_mutex_t waiting; // only for journal_writer_wait
    pthread_cond_t progress;
    char failure[DATABASE_FAILURE_MAX + 1];
};

static void batch_destroy(struct writer_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        free(batch->rows[i].data);
    }
    free(batch);
}

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

static enum err batch_create(struct journal_writer *writer, const char *meeting,
                             const struct event *events, uint32_t count,
                             struct writer_batch **ret_batch)
{
    struct writer_batch *batch = calloc(1, sizeof *batch + count * sizeof batch->rows[0]);
    if (batch == NULL) {
        return ERR_FULL;
    }
    enum err err = text_copy(batch->meeting, sizeof batch->meeting, meeting);
    batch->count = count;
    for (uint32_t i = 0; err == ERR_NONE && i < count; i++) {
        ASSERT(i == 0 || events[i].seq == events[i - 1].seq + 1);
        err = row_fill(&batch->rows[i], &events[i], &writer->scratch);
    }
    if (err != ERR_NONE) {
        batch_destroy(batch);
        return err;
    }
    *ret_batch = batch;
    return ERR_NONE;
}

static void wake(int fd)
{
    uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

enum err journal_writer_post(struct journal_writer *writer, const char *meeting,
                             const struct event *events, uint32_t count, uint64_t *ret_ticket)
{
    ASSERT(meeting[0] != '\0' && count > 0);
    if (atomic_load_explicit(&writer->failed, memory_order_acquire)) {
        return ERR_IO;
    }
    struct writer_batch **place = ring_reserve(&writer->ring);
    if (place == NULL) {
        return ERR_FULL;
    }
    enum err err = batch_create(writer, meeting, events, count, place);
    if (err != ERR_NONE) {
        return err; // the place was not pushed and is used by the next batch
    }
    (*place)->ticket = ++writer->posted;
    *ret_ticket = writer->posted;
    ring_push(&writer->ring);
    wake(writer->wake_fd);
    return ERR_NONE;
}

static enum err writer_insert(struct journal_writer *writer, const struct writer_batch *batch)
{
    enum err err = ERR_NONE;
    for (uint32_t i = 0; err == ERR_NONE && i < batch->count; i++) {
        const struct writer_row *from = &batch->rows[i];
        struct journal_row row = {.meeting = batch->meeting,
                                  .seq = from->seq,
                                  .at = from->at,
                                  .by = from->by,
                                  .on_behalf_of_chair = from->on_behalf_of_chair,
                                  .type = event_name(from->type),
                                  .data = from->data,
                                  .data_length = from->data_length};
        err = journal_table_insert(&writer->table, &row);
    }
    return err;
}

static void writer_tell(struct journal_writer *writer)
{
    pthread_mutex_lock(&writer->waiting);
    pthread_cond_broadcast(&writer->progress);
    pthread_mutex_unlock(&writer->waiting);
    wake(writer->event_fd);
}

// All waiting batches in one transaction. Sets `ret_ticket` to the last of them.
static enum err writer_group(struct journal_writer *writer, uint64_t *ret_ticket)
{
    enum err err = database_begin(&writer->database);
    struct writer_batch **place = ring_peek(&writer->ring);
    for (int i = 0; err == ERR_NONE && place != NULL && i < WRITER_GROUP_MAX; i++) {
        err = writer_insert(writer, *place);
        *ret_ticket = (*place)->ticket;
        batch_destroy(*place);
        ring_pop(&writer->ring);
        place = ring_peek(&writer->ring);
    }
    return err == ERR_NONE ? database_commit(&writer->database) : err;
}

static void writer_fail(struct journal_writer *writer, enum err err)
{
    text_copy_cut(writer->failure, sizeof writer->failure,
                  writer->database.failure[0] != '\0' ? writer->database.failure : err_title(err));
    database_rollback(&writer->database);
    atomic_store_explicit(&writer->failed, true, memory_order_release);
    writer_tell(writer);
}

// False when the thread must end.
static bool writer_work(struct journal_writer *writer)
{
    while (ring_peek(&writer->ring) != NULL) {
        uint64_t ticket = 0;
        enum err err = writer_group(writer, &ticket);
        if (err != ERR_NONE) {
            writer_fail(writer, err);
            return false;
        }
        atomic_store_explicit(&writer->committed, ticket, memory_order_release);
        writer_tell(writer);
    }
    return !atomic_load_explicit(&writer->stopping, memory_order_acquire);
}

static void *writer_main(void *argument)
{
    struct journal_writer *writer = argument;
    bool goes_on = true;
    while (goes_on) {
        uint64_t count = 0;
        if (read(writer->wake_fd, &count, sizeof count) < 0 && errno != EINTR) {
            writer_fail(writer, ERR_IO);
            break;
        }
        goes_on = writer_work(writer);
    }
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

static enum err writer_open(struct journal_writer *writer, const char *path)
{
    enum err err = database_open(&writer->database, path, DATABASE_WRITE);
    if (err != ERR_NONE) {
        return err;
    }
    err = journal_table_init(&writer->table, &writer->database);
    if (err == ERR_NONE) {
        err = writer_start(writer);
    }
    if (err != ERR_NONE) {
        journal_table_finish(&writer->table);
        database_close(&writer->database);
    }
    return err;
}

enum err journal_writer_create(const char *path, int event_fd, struct journal_writer **ret_writer)
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
        err = writer_open(writer, path);
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
    wake(writer->wake_fd);
    pthread_join(writer->thread, NULL);
    struct writer_batch **place = NULL;
    while ((place = ring_peek(&writer->ring)) != NULL) { // only after a failure
        batch_destroy(*place);
        ring_pop(&writer->ring);
    }
    journal_table_finish(&writer->table);
    database_close(&writer->database);
    ring_finish(&writer->ring);
    pthread_cond_destroy(&writer->progress);
    pthread_mutex_destroy(&writer->waiting);
    close(writer->wake_fd);
    free(writer);
}

enum err journal_writer_committed(struct journal_writer *writer, uint64_t *ret_ticket)
{
    // The failure first: a ticket read before it could be older than one read after.
    bool failed = atomic_load_explicit(&writer->failed, memory_order_acquire);
    *ret_ticket = atomic_load_explicit(&writer->committed, memory_order_acquire);
    return failed ? ERR_IO : ERR_NONE;
}

uint64_t journal_writer_posted(const struct journal_writer *writer)
{
    return writer->posted;
}

void journal_writer_wait(struct journal_writer *writer)
{
    uint64_t ticket = 0;
    pthread_mutex_lock(&writer->waiting);
    while (journal_writer_committed(writer, &ticket) == ERR_NONE && ticket < writer->posted) {
        pthread_cond_wait(&writer->progress, &writer->waiting);
    }
    pthread_mutex_unlock(&writer->waiting);
}

const char *journal_writer_failure(const struct journal_writer *writer)
{
    bool failed = atomic_load_explicit(&writer->failed, memory_order_acquire);
    return failed ? writer->failure : "";
}
