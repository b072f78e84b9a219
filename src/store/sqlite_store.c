#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/text.h"
#include "store/space_priv.h"
#include "store/store_priv.h"

enum err store_open(const char *path, struct store **ret_store)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return ERR_FULL;
    }
    store->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum err err = store->event_fd < 0 ? ERR_IO : ERR_NONE;
    if (err == ERR_NONE) {
        err = text_copy(store->path, sizeof store->path, path);
    }
    if (err == ERR_NONE) {
        err = database_open(&store->database, path, DATABASE_WRITE);
    }
    if (err == ERR_NONE) {
        err = database_migrate(&store->database);
    }
    if (err != ERR_NONE) {
        store_close(store);
        return err;
    }
    *ret_store = store;
    return ERR_NONE;
}

enum err store_open_reader(const char *path, struct store **ret_store)
{
    int64_t version = 0;
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return ERR_FULL;
    }
    store->event_fd = -1;
    enum err err = text_copy(store->path, sizeof store->path, path);
    if (err == ERR_NONE) {
        err = database_open(&store->database, path, DATABASE_READ);
    }
    if (err == ERR_NONE) {
        err = database_version(&store->database, &version);
    }
    if (err == ERR_NONE && version != database_version_known()) {
        err = ERR_UNSUPPORTED;
    }
    if (err != ERR_NONE) {
        store_close(store);
        return err;
    }
    *ret_store = store;
    return ERR_NONE;
}

const char *store_path(const struct store *store)
{
    return store->path;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    journal_writer_destroy(store->writer);
    eraser_destroy(store->eraser);
    database_close(&store->database);
    if (store->event_fd >= 0) {
        close(store->event_fd);
    }
    free(store);
}

enum err store_empty_log(struct store *store)
{
    return database_empty_log(&store->database);
}

int store_event_fd(const struct store *store)
{
    return store->event_fd;
}

enum err store_watch(struct store *store, const struct store_limits *limits)
{
    journal_writer_destroy(store->writer);
    store->writer = NULL;
    return journal_writer_create(store->path, store->event_fd, limits, &store->writer);
}

void store_make_room(const char *path, const struct store_limits *limits)
{
    struct space space;
    (void)!space_init(&space, path, limits);
}

struct store_health store_health(const struct store *store)
{
    return store->writer != NULL
               ? journal_writer_health(store->writer)
               : (struct store_health){.state = STORE_STATE_WELL, .takes_documents = true};
}

const char *store_failure(const struct store *store)
{
    const char *writer = store->writer != NULL ? journal_writer_failure(store->writer) : "";
    return writer[0] != '\0' ? writer : store->database.failure;
}

static enum err sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0) {
        return ERR_IO;
    }
    int result = fsync(fd);
    close(fd);
    return result == 0 ? ERR_NONE : ERR_IO;
}

// VACUUM INTO does not sync what it wrote (SQLite's documentation says so): we do, and only then
// give it its name.
static enum err backup_keep(const char *part, const char *path)
{
    char folder[STORE_PATH_MAX + 1];
    enum err err = sync_path(part, O_RDONLY);
    if (err == ERR_NONE && link(part, path) != 0) { // unlike rename(), never replaces
        err = errno == EEXIST ? ERR_CONFLICT : ERR_IO;
    }
    if (err == ERR_NONE) {
        err = text_copy(folder, sizeof folder, path);
    }
    return err == ERR_NONE ? sync_path(dirname(folder), O_RDONLY | O_DIRECTORY) : err;
}

enum err store_backup(struct store *store, const char *path)
{
    char part[STORE_PATH_MAX + 1];
    struct text_builder builder = text_builder(part, sizeof part);
    text_append_format(&builder, "%s.part", path);
    if (builder.failed) {
        return ERR_TOO_LARGE;
    }
    if (access(path, F_OK) == 0) {
        return ERR_CONFLICT;
    }
    (void)unlink(part); // left by a backup that was cut off
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return ERR_IO;
    }
    close(fd);
    struct statement statement;
    statement_prepare(&statement, &store->database, "VACUUM INTO ?");
    statement_bind_text(&statement, part);
    enum err err = statement_run(&statement);
    if (err == ERR_NONE) {
        err = backup_keep(part, path);
    }
    (void)unlink(part);
    return err;
}

struct examination {
    struct database database;
    uint64_t meetings;
    uint64_t rows;
    uint64_t emptied;
    enum err err;
    struct text_builder words;
};

static bool examine_meeting(void *context, const char *meeting, uint64_t last_seq)
{
    (void)last_seq;
    struct examination *examination = context;
    struct journal_verdict verdict = {0};
    examination->err = journal_verify_in(&examination->database, journal_stream_of(meeting).name,
                                         &verdict);
    if (examination->err == ERR_NONE && verdict.bad_seq != 0) {
        text_append_format(&examination->words,
                           "the journal of meeting %s is broken at event %llu: %s", meeting,
                           (unsigned long long)verdict.bad_seq, verdict.reason);
        examination->err = ERR_INTERNAL;
    }
    examination->meetings++;
    examination->rows += verdict.rows;
    examination->emptied += verdict.emptied;
    return examination->err == ERR_NONE;
}

static enum err examine_structure(struct examination *examination)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, &examination->database, "PRAGMA quick_check(1)");
    enum err err = statement_step(&statement, &row);
    const char *found = err == ERR_NONE && row ? statement_text(&statement, 0, NULL) : "";
    if (err == ERR_NONE && !text_equal(found, "ok")) {
        text_append_format(&examination->words, "the database is damaged: %s", found);
        err = ERR_IO;
    }
    statement_finish(&statement);
    return err;
}

static enum err examine(struct examination *examination)
{
    int64_t version = 0;
    enum err err = examine_structure(examination);
    if (err == ERR_NONE) {
        err = database_version(&examination->database, &version);
    }
    if (err == ERR_NONE && version > database_version_known()) {
        text_append(&examination->words, "the database was written by a newer server");
        err = ERR_UNSUPPORTED;
    }
    if (err == ERR_NONE && version < database_version_known()) {
        text_append_format(&examination->words,
                           "version %lld, of an older server: the next start brings it up to date",
                           (long long)version);
        return ERR_NONE;
    }
    if (err == ERR_NONE) {
        err = journal_table_meetings(&examination->database, examine_meeting, examination);
        err = err != ERR_NONE ? err : examination->err;
    }
    if (err == ERR_NONE) {
        text_append_format(&examination->words,
                           "version %lld, meetings: %llu, events: %llu, every chain whole",
                           (long long)version, (unsigned long long)examination->meetings,
                           (unsigned long long)examination->rows);
    }
    if (err == ERR_NONE && examination->emptied > 0) {
        text_append_format(&examination->words, "; of %llu events the data were destroyed",
                           (unsigned long long)examination->emptied);
    }
    return err;
}

enum err store_examine(const char *path, char *ret_words, size_t size)
{
    struct examination examination = {.words = text_builder(ret_words, size)};
    enum err err = database_open(&examination.database, path, DATABASE_READ);
    if (err == ERR_NONE) {
        err = examine(&examination);
    }
    if (err != ERR_NONE && ret_words[0] == '\0') {
        text_copy_cut(ret_words, size, examination.database.failure);
    }
    database_close(&examination.database);
    return err;
}

enum err store_setting_get(struct store *store, const char *key,
                           char ret_value[STORE_SETTING_VALUE_MAX + 1])
{
    struct statement statement;
    bool row = false;
    ret_value[0] = '\0';
    statement_prepare(&statement, &store->database, "SELECT value FROM setting WHERE key = ?");
    statement_bind_text(&statement, key);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        statement_copy_text(&statement, 0, ret_value, STORE_SETTING_VALUE_MAX + 1);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

enum err store_setting_set(struct store *store, const char *key, const char *value)
{
    if (strlen(key) > STORE_SETTING_KEY_MAX || strlen(value) > STORE_SETTING_VALUE_MAX) {
        return ERR_TOO_LARGE;
    }
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "INSERT INTO setting (key, value) VALUES (?, ?)"
                      " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    statement_bind_text(&statement, key);
    statement_bind_text(&statement, value);
    return statement_run(&statement);
}
