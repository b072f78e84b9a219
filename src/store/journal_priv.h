// Inside src/store only: journal rows in the database, and the thread that writes them.
#pragma once

#include "store/database_priv.h"
#include "store/journal.h"

// journal_stream.c
struct journal_stream {
    char name[JOURNAL_STREAM_MAX + 1];
};
// "meeting/ID"; an ID that is too long for one is nobody's: its stream is empty, and holds nothing.
struct journal_stream journal_stream_of(const char *meeting);
bool journal_is_meeting(const char *stream);
// What follows "meeting/"; the stream must be a meeting's.
const char *journal_meeting_id(const char *stream);

// sqlite_journal.c: what the writing thread needs, on its own connection.
#define JOURNAL_HEADS_MAX 64 // streams whose last row is remembered; others are looked up

struct journal_head {
    char stream[JOURNAL_STREAM_MAX + 1]; // empty: free
    uint64_t seq;
    uint8_t hash[JOURNAL_HASH_SIZE];
};

struct journal_table {
    struct database *database; // borrowed
    struct statement insert;
    struct statement set_head;
    struct journal_head heads[JOURNAL_HEADS_MAX];
    uint32_t next_head; // to be replaced
};

enum err CHECKED journal_table_init(struct journal_table *table, struct database *database);
void journal_table_finish(struct journal_table *table);
// Forgets what it remembers of heads: for after a rollback.
void journal_table_forget(struct journal_table *table);
// Within a transaction. Fills the form, salt, commitment and hashes. ERR_CONFLICT when seq does not
// follow the stream's last.
enum err CHECKED journal_table_insert(struct journal_table *table, struct journal_row *row);
// On any connection.
enum err CHECKED journal_table_read(struct database *database, const char *stream, uint64_t after,
                                    journal_row_visitor *visit, void *context);
// Whatever number they have: also what a forger has put before the first.
enum err CHECKED journal_table_read_all(struct database *database, const char *stream,
                                        journal_row_visitor *visit, void *context);
// From `from` to before `before`, the newest first, those whose type stands in `types`:
// "|chat.said|signal.raised|".
enum err CHECKED journal_table_read_back(struct database *database, const char *stream,
                                         uint64_t from, uint64_t before, const char *types,
                                         journal_row_visitor *visit, void *context);
enum err CHECKED journal_table_head(struct database *database, const char *stream,
                                    struct journal_head *ret_head);
enum err CHECKED journal_table_meetings(struct database *database, journal_meeting_visitor *visit,
                                        void *context);
// journal.c: ERR_MALFORMED when the row cannot be read as an event.
enum err CHECKED journal_event_of_row(const struct journal_row *row, struct event *ret_event);
// journal_verify.c
enum err CHECKED journal_verify_in(struct database *database, const char *stream,
                                   struct journal_verdict *ret_verdict);

// Whether the database ends where this head says, and its last row is what its hash says.
// ERR_CONFLICT when not.
enum err CHECKED journal_verify_head(struct database *database, const struct journal_head *head);

// journal_writer.c
struct journal_writer;

// Opens its own connection and starts the thread. `event_fd` is borrowed; `limits` may be NULL:
// then nobody looks at the disk.
enum err CHECKED journal_writer_create(const char *path, int event_fd,
                                       const struct store_limits *limits,
                                       struct journal_writer **ret_writer);
// Commits what was posted, then ends the thread.
void journal_writer_destroy(struct journal_writer *writer);
enum err CHECKED journal_writer_post(struct journal_writer *writer, const char *stream,
                                     const struct event *events, uint32_t count,
                                     uint64_t *ret_ticket);
// As journal_committed().
enum err CHECKED journal_writer_committed(struct journal_writer *writer, uint64_t *ret_ticket);
bool journal_writer_reopen(struct journal_writer *writer);
struct store_health journal_writer_health(const struct journal_writer *writer);
uint64_t journal_writer_posted(const struct journal_writer *writer);
void journal_writer_wait(struct journal_writer *writer);
// The last failure; empty when there was none.
const char *journal_writer_failure(const struct journal_writer *writer);
