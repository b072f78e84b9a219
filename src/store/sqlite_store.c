#include <errno.h>
#include <fcntl.h>
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

bool store_is_newer(const char *path, char ret_words[STORE_NEWER_WORDS_MAX + 1])
{
    struct database database;
    ret_words[0] = '\0';
    if (database_open(&database, path, DATABASE_READ) != ERR_NONE) {
        return false;
    }
    enum err err = database_newer(&database, ret_words, STORE_NEWER_WORDS_MAX + 1);
    database_close(&database);
    return err == ERR_NONE;
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

int64_t store_version(void)
{
    return database_version_known();
}

enum err store_version_of(const char *path, int64_t *ret_version)
{
    struct database database;
    enum err err = database_open(&database, path, DATABASE_READ);
    if (err == ERR_NONE) {
        err = database_version(&database, ret_version);
        database_close(&database);
    }
    return err;
}

static enum err copy_into(struct database *database, const char *to)
{
    struct statement statement;
    statement_prepare(&statement, database, "VACUUM INTO ?");
    statement_bind_text(&statement, to);
    return statement_run(&statement);
}

enum err store_copy(const char *from, const char *to)
{
    struct database database;
    int64_t version = 0;
    enum err err = database_open(&database, from, DATABASE_READ);
    if (err != ERR_NONE) {
        return err;
    }
    err = database_version(&database, &version);
    if (err == ERR_NONE && version != database_version_known()) {
        err = ERR_UNSUPPORTED;
    }
    // The connection can still not write to its own file: it was opened for reading.
    if (err == ERR_NONE) {
        err = database_run(&database, "PRAGMA query_only = OFF");
    }
    if (err == ERR_NONE) {
        err = copy_into(&database, to);
    }
    database_close(&database);
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
        char newer[STORE_NEWER_WORDS_MAX + 1] = "";
        err = database_newer(&examination->database, newer, sizeof newer);
        text_append(&examination->words, newer);
        err = err == ERR_NONE ? ERR_UNSUPPORTED : err;
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
