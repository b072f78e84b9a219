#include "store/database_priv.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"

#define DATABASE_LENGTH_MAX (16 * 1024 * 1024) // one text or blob

static enum err database_error(struct database *database, int code)
{
    text_copy_cut(database->failure, sizeof database->failure,
                  database->handle != NULL ? sqlite3_errmsg(database->handle)
                                           : sqlite3_errstr(code));
    database->sync_failed = code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
    if (database->sync_failed || code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_TRUNCATE ||
        code == SQLITE_IOERR_SHMSIZE) {
        return ERR_STORAGE; // a quota, a limit, a disk that fails
    }
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT: return ERR_CONFLICT;
    case SQLITE_READONLY:
    case SQLITE_FULL: return ERR_STORAGE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ERR_UNAVAILABLE;
    default: return ERR_IO;
    }
}

// The file is made by us first: for its owner only, whatever the umask. One that is there is not
// opened: closing it again would drop the locks (POSIX: all of the process's on that file) that
// another connection of this process holds.
static void database_make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        close(fd);
    }
}

// A pragma that must end with this value.
static enum err database_pragma(struct database *database, const char *sql, const char *wanted)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, database, sql);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && (!row || !text_equal(statement_text(&statement, 0, NULL), wanted))) {
        text_copy_cut(database->failure, sizeof database->failure, sql);
        err = ERR_IO;
    }
    statement_finish(&statement);
    return err;
}

static enum err database_set_up(struct database *database, enum database_mode mode)
{
    sqlite3_busy_timeout(database->handle, DATABASE_BUSY_MS);
    sqlite3_limit(database->handle, SQLITE_LIMIT_LENGTH, DATABASE_LENGTH_MAX);
    // Nothing in the file may run code of its own choice or damage its own structure.
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (mode == DATABASE_READ) {
        return database_run(database, "PRAGMA query_only = ON");
    }
    enum err err = database_pragma(database, "PRAGMA journal_mode = WAL", "wal");
    if (err == ERR_NONE) {
        err = database_run(database, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
    }
    // What is deleted is overwritten.
    if (err == ERR_NONE) {
        err = database_pragma(database, "PRAGMA secure_delete = ON", "1");
    }
    // With NORMAL the last commits would not survive a power cut: read it back.
    return err != ERR_NONE ? err : database_pragma(database, "PRAGMA synchronous", "2");
}

enum err database_open(struct database *database, const char *path, enum database_mode mode)
{
    *database = (struct database){0};
    if (mode == DATABASE_WRITE) {
        database_make_file(path);
    }
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (mode == DATABASE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    int code = sqlite3_open_v2(path, &database->handle, flags, NULL);
    enum err err = code != SQLITE_OK ? database_error(database, code)
                                     : database_set_up(database, mode);
    if (err != ERR_NONE) {
        database_close(database);
    }
    return err;
}

void database_close(struct database *database)
{
    for (uint32_t i = 0; i < database->kept_count; i++) {
        (void)sqlite3_finalize(database->kept[i].handle);
    }
    database->kept_count = 0;
    // Fails only while statements are open: every one is finished by the function that prepared it.
    int code = sqlite3_close(database->handle);
    ASSERT(code == SQLITE_OK);
    database->handle = NULL;
}

enum err database_run(struct database *database, const char *sql)
{
    int code = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? ERR_NONE : database_error(database, code);
}

enum err database_begin(struct database *database)
{
    return database_run(database, "BEGIN IMMEDIATE");
}

enum err database_commit(struct database *database)
{
    return database_run(database, "COMMIT");
}

void database_rollback(struct database *database)
{
    // Some failures have rolled back already; what matters is that no transaction is left.
    if (!sqlite3_get_autocommit(database->handle)) {
        (void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    }
}

static enum err database_checkpoint(struct database *database, const char *sql)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, database, sql);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && (!row || statement_int(&statement, 0) != 0)) {
        err = ERR_UNAVAILABLE; // busy
    }
    statement_finish(&statement);
    return err;
}

enum err database_empty_log(struct database *database)
{
    // First what can be done beside everybody, so that the rest keeps writers off but shortly.
    enum err err = database_checkpoint(database, "PRAGMA wal_checkpoint(PASSIVE)");
    if (err == ERR_NONE) {
        sqlite3_busy_timeout(database->handle, 0);
        err = database_checkpoint(database, "PRAGMA wal_checkpoint(TRUNCATE)");
        sqlite3_busy_timeout(database->handle, DATABASE_BUSY_MS);
    }
    return err;
}

uint32_t database_changes(const struct database *database)
{
    return (uint32_t)sqlite3_changes(database->handle);
}

// Keeps the first error and its text.
static void statement_fail(struct statement *statement, int code)
{
    if (statement->err == ERR_NONE) {
        statement->err = database_error(statement->database, code);
    }
}

void statement_prepare(struct statement *statement, struct database *database, const char *sql)
{
    *statement = (struct statement){.database = database};
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &statement->handle, NULL);
    if (code != SQLITE_OK) {
        statement_fail(statement, code);
    }
}

// The place of this text, which may be taken; a new one; NULL when there is none.
static struct kept_statement *kept_find(struct database *database, const char *sql)
{
    for (uint32_t i = 0; i < database->kept_count; i++) {
        if (database->kept[i].sql == sql) {
            return &database->kept[i];
        }
    }
    if (database->kept_count == DATABASE_KEPT_MAX) {
        return NULL;
    }
    struct kept_statement *kept = &database->kept[database->kept_count++];
    *kept = (struct kept_statement){.sql = sql};
    return kept;
}

void statement_reuse(struct statement *statement, struct database *database, const char *sql)
{
    struct kept_statement *kept = kept_find(database, sql);
    if (kept == NULL || kept->taken) { // the same while its rows are read
        statement_prepare(statement, database, sql);
        return;
    }
    *statement = (struct statement){.database = database, .handle = kept->handle};
    if (kept->handle == NULL) {
        statement_prepare(statement, database, sql);
        kept->handle = statement->handle;
    }
    kept->taken = kept->handle != NULL;
    statement->kept = kept->taken ? kept : NULL;
}

static void statement_bound(struct statement *statement, int code)
{
    if (code != SQLITE_OK) {
        statement_fail(statement, code);
    }
}

void statement_bind_text_n(struct statement *statement, const char *text, size_t length)
{
    if (statement->err == ERR_NONE) {
        statement_bound(statement, sqlite3_bind_text64(statement->handle, ++statement->bound, text,
                                                       length, SQLITE_STATIC, SQLITE_UTF8));
    }
}

void statement_bind_text(struct statement *statement, const char *text)
{
    statement_bind_text_n(statement, text, strlen(text));
}

void statement_bind_int(struct statement *statement, int64_t value)
{
    if (statement->err == ERR_NONE) {
        statement_bound(statement,
                        sqlite3_bind_int64(statement->handle, ++statement->bound, value));
    }
}

void statement_bind_blob(struct statement *statement, const void *data, size_t size)
{
    if (statement->err == ERR_NONE) {
        statement_bound(statement, sqlite3_bind_blob64(statement->handle, ++statement->bound, data,
                                                       size, SQLITE_STATIC));
    }
}

enum err statement_step(struct statement *statement, bool *ret_row)
{
    *ret_row = false;
    if (statement->err != ERR_NONE) {
        return statement->err;
    }
    int code = sqlite3_step(statement->handle);
    *ret_row = code == SQLITE_ROW;
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        statement_fail(statement, code);
    }
    return statement->err;
}

enum err statement_run_again(struct statement *statement)
{
    bool row = false;
    enum err err = statement_step(statement, &row);
    ASSERT(!row);
    (void)sqlite3_reset(statement->handle); // repeats the step's error
    statement->bound = 0;
    return err;
}

enum err statement_run(struct statement *statement)
{
    enum err err = statement_run_again(statement);
    statement_finish(statement);
    return err;
}

void statement_finish(struct statement *statement)
{
    // Both repeat the step's error. One that is reset holds no lock.
    if (statement->kept != NULL) {
        (void)sqlite3_reset(statement->handle);
        (void)sqlite3_clear_bindings(statement->handle);
        statement->kept->taken = false;
        statement->kept = NULL;
    } else {
        (void)sqlite3_finalize(statement->handle);
    }
    statement->handle = NULL;
}

const char *statement_text(struct statement *statement, int column, size_t *ret_length)
{
    const unsigned char *text = sqlite3_column_text(statement->handle, column);
    if (ret_length != NULL) {
        *ret_length = (size_t)sqlite3_column_bytes(statement->handle, column);
    }
    return text != NULL ? (const char *)text : "";
}

int64_t statement_int(struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

void statement_copy_text(struct statement *statement, int column, char *to, size_t size)
{
    size_t length = 0;
    const char *text = statement_text(statement, column, &length);
    if (text_copy_n(to, size, text, length) != ERR_NONE && statement->err == ERR_NONE) {
        statement->err = ERR_MALFORMED;
    }
}

size_t statement_blob_size(struct statement *statement, int column)
{
    return (size_t)sqlite3_column_bytes(statement->handle, column);
}

void statement_copy_blob(struct statement *statement, int column, void *to, size_t size)
{
    const void *data = sqlite3_column_blob(statement->handle, column);
    memset(to, 0, size);
    if (data != NULL && (size_t)sqlite3_column_bytes(statement->handle, column) == size) {
        memcpy(to, data, size);
    } else if (statement->err == ERR_NONE) {
        statement->err = ERR_MALFORMED;
    }
}
