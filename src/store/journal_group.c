#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "store/journal_writer_priv.h"
#include "store/write_turn.h"

void writer_batch_destroy(struct writer_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        free(batch->rows[i].data);
    }
    free(batch);
}

void writer_wake(int fd)
{
    uint64_t one = 1;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void writer_tell(struct journal_writer *writer)
{
    pthread_mutex_lock(&writer->waiting);
    pthread_cond_broadcast(&writer->progress);
    pthread_mutex_unlock(&writer->waiting);
    writer_wake(writer->event_fd);
}

static enum err writer_insert(struct journal_writer *writer, const struct writer_batch *batch)
{
    enum err err = ERR_NONE;
    for (uint32_t i = 0; err == ERR_NONE && i < batch->count; i++) {
        const struct writer_row *from = &batch->rows[i];
        struct journal_row row = {.stream = batch->stream,
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

// ---- One transaction

static void group_drop(struct journal_writer *writer)
{
    for (uint32_t i = 0; i < writer->group_count; i++) {
        writer_batch_destroy(writer->group[i]);
    }
    writer->group_count = 0;
}

// The waiting batches become the group; those of before a reopening are dropped.
static void group_take(struct journal_writer *writer)
{
    struct writer_batch **place = ring_peek(&writer->ring);
    while (place != NULL && writer->group_count < WRITER_GROUP_MAX) {
        if ((*place)->ticket <= atomic_load_explicit(&writer->refused, memory_order_acquire)) {
            writer_batch_destroy(*place);
        } else {
            writer->group[writer->group_count++] = *place;
        }
        ring_pop(&writer->ring);
        place = ring_peek(&writer->ring);
    }
}

static enum err group_write(struct journal_writer *writer)
{
    enum err err = database_begin(&writer->database);
    for (uint32_t i = 0; err == ERR_NONE && i < writer->group_count; i++) {
        err = writer_insert(writer, writer->group[i]);
    }
    err = err == ERR_NONE ? database_commit(&writer->database) : err;
    if (err == ERR_NONE) {
        memcpy(writer->acknowledged, writer->table.heads, sizeof writer->acknowledged);
    }
    return err;
}

// ---- A disk that takes nothing

void writer_tell_state(struct journal_writer *writer)
{
    enum writer_phase phase = atomic_load_explicit(&writer->phase, memory_order_relaxed);
    enum store_state state = phase == WRITER_CLOSED || phase == WRITER_LOST ? STORE_STATE_CLOSED
                             : writer->watches ? space_state(&writer->space)
                                               : STORE_STATE_WELL;
    atomic_store_explicit(&writer->free_bytes, writer->space.free_bytes, memory_order_relaxed);
    if (atomic_exchange_explicit(&writer->state, state, memory_order_release) != state) {
        writer_tell(writer);
    }
}

static void set_phase(struct journal_writer *writer, enum writer_phase phase)
{
    atomic_store_explicit(&writer->phase, phase, memory_order_release);
    writer_tell_state(writer);
    writer_tell(writer);
}

enum err writer_connect(struct journal_writer *writer)
{
    enum err err = database_open(&writer->database, writer->path, DATABASE_WRITE);
    return err == ERR_NONE ? journal_table_init(&writer->table, &writer->database) : err;
}

void writer_disconnect(struct journal_writer *writer)
{
    journal_table_finish(&writer->table);
    database_close(&writer->database);
}

// Whether the database holds what was acknowledged, and not more. ERR_CONFLICT when it does not.
static enum err verify_acknowledged(struct journal_writer *writer)
{
    enum err err = ERR_NONE;
    for (uint32_t i = 0; err == ERR_NONE && i < JOURNAL_HEADS_MAX; i++) {
        if (writer->acknowledged[i].stream[0] != '\0') {
            err = journal_verify_head(&writer->database, &writer->acknowledged[i]);
        }
    }
    return err;
}

// A connection that knows nothing of the failure.
static enum err connect_anew(struct journal_writer *writer)
{
    writer_disconnect(writer);
    enum err err = writer_connect(writer);
    memcpy(writer->table.heads, writer->acknowledged, sizeof writer->acknowledged);
    return err;
}

static void note_failure(struct journal_writer *writer, enum err err)
{
    text_copy_cut(writer->failure, sizeof writer->failure,
                  writer->database.failure[0] != '\0' ? writer->database.failure : err_title(err));
}

// Nothing of what waits is written.
static void close_journal(struct journal_writer *writer, enum err err)
{
    // An event that does not follow is a mistake of ours and not the disk's.
    bool ours = err == ERR_CONFLICT || err == ERR_MALFORMED || err == ERR_INTERNAL;
    group_drop(writer);
    set_phase(writer, ours ? WRITER_LOST : WRITER_CLOSED);
}

// The reserve gives its room, and the same group is written over a new connection.
static enum err write_into_reserve(struct journal_writer *writer)
{
    enum err err = connect_anew(writer);
    if (err == ERR_NONE) {
        err = verify_acknowledged(writer);
    }
    if (err == ERR_NONE) {
        err = group_write(writer);
    }
    if (err != ERR_NONE) {
        note_failure(writer, err);
        database_rollback(&writer->database);
    }
    return err;
}

// A commit that leaves no trace among the events, after a look at them that no other can disturb.
static enum err try_commit(struct journal_writer *writer, bool *ret_vanished)
{
    enum err err = database_begin(&writer->database);
    *ret_vanished = false;
    if (err == ERR_NONE) {
        err = verify_acknowledged(writer);
        *ret_vanished = err == ERR_CONFLICT;
    }
    if (err == ERR_NONE) {
        err = database_run(&writer->database,
                           "INSERT INTO setting (key, value) VALUES ('store.tried', '1')"
                           " ON CONFLICT (key) DO UPDATE SET value = value + 1");
    }
    return err == ERR_NONE ? database_commit(&writer->database) : err;
}

void writer_try(struct journal_writer *writer)
{
    bool vanished = false;
    enum err err = try_commit(writer, &vanished);
    if (err != ERR_NONE) {
        note_failure(writer, err);
        database_rollback(&writer->database);
        close_journal(writer, err);
    }
}

static void heal(struct journal_writer *writer)
{
    bool vanished = false;
    enum err err = connect_anew(writer);
    if (err == ERR_NONE) {
        err = try_commit(writer, &vanished);
    }
    if (err == ERR_NONE) {
        set_phase(writer, WRITER_HEALED);
        return;
    }
    if (writer->database.handle != NULL) {
        database_rollback(&writer->database);
    }
    if (vanished) {
        atomic_store_explicit(&writer->vanished, true, memory_order_release);
        set_phase(writer, WRITER_LOST);
    }
}

static void write_group(struct journal_writer *writer)
{
    uint64_t ticket = writer->group[writer->group_count - 1]->ticket;
    write_turn_take(WRITE_TURN_JOURNAL);
    enum err err = group_write(writer);
    write_turn_give();
    if (err != ERR_NONE) {
        note_failure(writer, err);
        bool full = err == ERR_STORAGE && !writer->database.sync_failed;
        database_rollback(&writer->database);
        if (full && writer->watches && space_release(&writer->space)) {
            err = write_into_reserve(writer);
            writer_tell_state(writer);
        }
    }
    if (err != ERR_NONE) {
        close_journal(writer, err);
        return;
    }
    group_drop(writer);
    atomic_store_explicit(&writer->committed, ticket, memory_order_release);
    writer_tell(writer);
}

// What was posted before the control thread knew that the journal is closed.
static void drop_waiting(struct journal_writer *writer)
{
    struct writer_batch **place = ring_peek(&writer->ring);
    // The phase after the batch: one that was posted after a reopening is never seen here.
    while (place != NULL &&
           atomic_load_explicit(&writer->phase, memory_order_acquire) != WRITER_OPEN) {
        writer_batch_destroy(*place);
        ring_pop(&writer->ring);
        place = ring_peek(&writer->ring);
    }
}

void writer_write(struct journal_writer *writer)
{
    while (ring_peek(&writer->ring) != NULL) {
        if (atomic_load_explicit(&writer->phase, memory_order_acquire) != WRITER_OPEN) {
            drop_waiting(writer);
            break;
        }
        group_take(writer);
        if (writer->group_count > 0) {
            write_group(writer);
        }
    }
}

void writer_look(struct journal_writer *writer)
{
    if (writer->watches) {
        space_look(&writer->space);
        writer_tell_state(writer);
    }
    if (atomic_load_explicit(&writer->phase, memory_order_relaxed) == WRITER_CLOSED) {
        heal(writer);
    }
}
