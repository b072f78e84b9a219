// Inside src/store only: one connection to the database and its statements. Only sqlite_database.c
// knows SQLite itself.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DATABASE_FAILURE_MAX 255
#define DATABASE_KEPT_MAX    48
#define DATABASE_BUSY_MS     10000 // another process's transactions are short

struct sqlite3;
struct sqlite3_stmt;

// A prepared statement that waits for the next who needs the same.
struct kept_statement {
    const char *sql;             // by its address: a literal
    struct sqlite3_stmt *handle; // owned
    bool taken;
};

// One connection, one thread at a time.
struct database {
    struct sqlite3 *handle;                 // owned
    char failure[DATABASE_FAILURE_MAX + 1]; // the last one, in English
    bool sync_failed;                       // it was a sync: what the disk holds is not known
    struct kept_statement kept[DATABASE_KEPT_MAX];
    uint32_t kept_count;
};

enum database_mode { DATABASE_WRITE, DATABASE_READ };

// WRITE makes the file when there is none. Leaves nothing open on failure.
enum err CHECKED database_open(struct database *database, const char *path,
                               enum database_mode mode);
void database_close(struct database *database);
// Statements without parameters or results, several in one text.
enum err CHECKED database_run(struct database *database, const char *sql);
// Takes the write lock at once, so that a transaction never fails half-way for want of it.
enum err CHECKED database_begin(struct database *database);
enum err CHECKED database_commit(struct database *database);
void database_rollback(struct database *database);
// Copies the whole log into the database and cuts it to nothing. ERR_UNAVAILABLE, and nobody was
// kept waiting, while another connection reads what it holds or writes.
enum err CHECKED database_empty_log(struct database *database);
// Rows changed by the last statement.
uint32_t database_changes(const struct database *database);

// A prepared statement. Errors are sticky: bind straight on, look at what statement_step() gives.
// Bound texts and blobs must live until the step after.
struct statement {
    struct database *database;
    struct sqlite3_stmt *handle; // owned, unless kept
    struct kept_statement *kept; // whose it is; NULL: nobody's
    int bound;                   // parameters so far, in their order
    enum err err;
};

void statement_prepare(struct statement *statement, struct database *database, const char *sql);
// The same for what is asked often, of a literal: statement_finish() keeps it for the next, until
// the database is closed. To prepare costs more than most of these statements do.
void statement_reuse(struct statement *statement, struct database *database, const char *sql);
void statement_bind_text(struct statement *statement, const char *text);
void statement_bind_text_n(struct statement *statement, const char *text, size_t length);
void statement_bind_int(struct statement *statement, int64_t value);
void statement_bind_blob(struct statement *statement, const void *data, size_t size);
// Whether there is a row to read.
enum err CHECKED statement_step(struct statement *statement, bool *ret_row);
// One step that gives no row; ready to be bound again.
enum err CHECKED statement_run_again(struct statement *statement);
// The same, for a statement that is used once: finishes it.
enum err CHECKED statement_run(struct statement *statement);
void statement_finish(struct statement *statement);

// Columns of the row, from 0. Texts are valid until the next step; never NULL.
const char *statement_text(struct statement *statement, int column, size_t *ret_length);
int64_t statement_int(struct statement *statement, int column);
// Copies the text; ERR_MALFORMED (sticky) when it does not fit.
void statement_copy_text(struct statement *statement, int column, char *to, size_t size);
// Copies a blob of exactly `size` bytes; ERR_MALFORMED (sticky) for any other.
size_t statement_blob_size(struct statement *statement, int column);
void statement_copy_blob(struct statement *statement, int column, void *to, size_t size);

// sqlite_migrations.c: brings the tables up to date, each step in a transaction.
enum err CHECKED database_migrate(struct database *database);
enum err CHECKED database_version(struct database *database, int64_t *ret_version);
int64_t database_version_known(void);
// ERR_NOT_FOUND when no newer server made the tables; else who did, and what to do, in a sentence.
enum err CHECKED database_newer(struct database *database, char *ret_words, size_t size);
