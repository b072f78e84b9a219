// Inside src/store only: what journal_writer.c (posting, and the thread's life) and journal_group.c
// (the thread's work: transactions, and a disk that takes none) share.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/ring.h"
#include "store/space_priv.h"
#include "store/store_priv.h"

#define WRITER_GROUP_MAX 512 // batches in one transaction: bounds how long the first one waits

//            commit fails                 it can write again         journal_writer_reopen()
//   OPEN ───────────────────► CLOSED ───────────────────────► HEALED ──────────────────────► OPEN
//                               └── what was acknowledged is not there ──► LOST
enum writer_phase { WRITER_OPEN, WRITER_CLOSED, WRITER_HEALED, WRITER_LOST };

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
    char stream[JOURNAL_STREAM_MAX + 1];
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
    char path[STORE_PATH_MAX + 1];
    struct database database;
    struct journal_table table;
    struct journal_head acknowledged[JOURNAL_HEADS_MAX]; // as table.heads were at the last commit
    bool watches;
    struct space space; // when it watches
    uint32_t group_count;
    struct writer_batch *group[WRITER_GROUP_MAX]; // owned: of the transaction under way
    // Shared.
    _Atomic uint64_t committed; // the last ticket on the disk
    _Atomic uint64_t refused;   // by the control thread, when it reopened: up to this ticket
    _Atomic enum writer_phase phase;
    _Atomic enum store_state state;
    _Atomic uint64_t free_bytes;
    _Atomic bool stopping;
    pthread_mutex_t waiting; // only for journal_writer_wait
    pthread_cond_t progress;
    // Written by the writing thread while the phase is OPEN, read while it is not.
    char failure[DATABASE_FAILURE_MAX + 1];
    _Atomic bool vanished; // what was acknowledged is not there
};

void writer_batch_destroy(struct writer_batch *batch);
void writer_wake(int fd);
// Whoever waits for progress looks again.
void writer_tell(struct journal_writer *writer);
// The thread's connection.
enum err CHECKED writer_connect(struct journal_writer *writer);
void writer_disconnect(struct journal_writer *writer);
// Publishes what store_health() says.
void writer_tell_state(struct journal_writer *writer);
// Before the thread runs: closes the journal when a commit does not succeed.
void writer_try(struct journal_writer *writer);
// Commits, or refuses, all that was posted.
void writer_write(struct journal_writer *writer);
// Looks at the disk; tries to write again while closed.
void writer_look(struct journal_writer *writer);
