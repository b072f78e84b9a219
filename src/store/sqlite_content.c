#include <sodium.h>
#include <string.h>

#include "store/content.h"
#include "store/store_priv.h"
#include "store/write_turn.h"

#define CHUNK_SIZE 262144u // one transaction each: what the journal may have to wait for

#define CONTENT_COLUMNS "meeting, content, participant, at, form, size, sha256"

static enum err put_chunk(struct database *database, const struct content_row *row, size_t at,
                          const uint8_t *bytes, size_t size)
{
    struct statement statement;
    statement_prepare(
        &statement, database,
        "INSERT INTO content_chunk (meeting, content, at, bytes) VALUES (?, ?, ?, ?)");
    statement_bind_text(&statement, row->meeting);
    statement_bind_text(&statement, row->content.id);
    statement_bind_int(&statement, (int64_t)at);
    statement_bind_blob(&statement, bytes, size);
    return statement_run(&statement);
}

static enum err need_room(struct database *database, const struct content_row *row)
{
    struct statement statement;
    bool found = false;
    statement_prepare(&statement, database,
                      "SELECT ifnull(sum(size), 0) FROM content WHERE meeting = ?");
    statement_bind_text(&statement, row->meeting);
    enum err err = statement_step(&statement, &found);
    if (err == ERR_NONE &&
        statement_int(&statement, 0) + row->content.size > (int64_t)STORE_CONTENT_MEETING_MAX) {
        err = ERR_FULL;
    }
    statement_finish(&statement);
    return err;
}

static enum err put_row(struct database *database, const struct content_row *row)
{
    struct statement statement;
    statement_prepare(&statement, database,
                      "INSERT INTO content (" CONTENT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)");
    statement_bind_text(&statement, row->meeting);
    statement_bind_text(&statement, row->content.id);
    statement_bind_text(&statement, row->participant);
    statement_bind_int(&statement, row->at);
    statement_bind_text(&statement, document_form_text(row->content.form));
    statement_bind_int(&statement, row->content.size);
    statement_bind_text(&statement, row->content.sha256);
    return statement_run(&statement);
}

// The row makes it whole; two who send at once are counted one after the other.
static enum err put_whole(struct database *database, const struct content_row *row)
{
    enum err err = database_begin(database);
    if (err == ERR_NONE) {
        err = need_room(database, row);
    }
    if (err == ERR_NONE) {
        err = put_row(database, row);
    }
    if (err == ERR_NONE) {
        err = database_commit(database);
    }
    if (err != ERR_NONE) {
        database_rollback(database);
    }
    return err;
}

enum err content_put(const char *path, struct content_row *row, const void *bytes, size_t size)
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    struct store *store = NULL;
    if (size == 0 || size > STORE_CONTENT_MAX) {
        return ERR_TOO_LARGE;
    }
    row->content.size = (int64_t)size;
    crypto_hash_sha256(digest, bytes, size);
    sodium_bin2hex(row->content.sha256, sizeof row->content.sha256, digest, sizeof digest);
    enum err err = store_open(path, &store);
    if (err == ERR_NONE) {
        err = need_room(&store->database, row);
    }
    for (size_t at = 0; at < size && err == ERR_NONE; at += CHUNK_SIZE) {
        size_t part = size - at < CHUNK_SIZE ? size - at : CHUNK_SIZE;
        write_turn_take(WRITE_TURN_PIECE);
        err = put_chunk(&store->database, row, at, (const uint8_t *)bytes + at, part);
        write_turn_give();
    }
    if (err == ERR_NONE) {
        write_turn_take(WRITE_TURN_PIECE);
        err = put_whole(&store->database, row);
        write_turn_give();
    }
    if (err != ERR_NONE && store != NULL) {
        // What stays behind goes when the server is started next.
        (void)!content_delete(&store->database, row->meeting, row->content.id);
    }
    store_close(store);
    return err;
}

static void read_row(struct statement *statement, struct content_row *row)
{
    char form[16];
    *row = (struct content_row){0};
    statement_copy_text(statement, 0, row->meeting, sizeof row->meeting);
    statement_copy_text(statement, 1, row->content.id, sizeof row->content.id);
    statement_copy_text(statement, 2, row->participant, sizeof row->participant);
    row->at = statement_int(statement, 3);
    statement_copy_text(statement, 4, form, sizeof form);
    row->content.size = statement_int(statement, 5);
    statement_copy_text(statement, 6, row->content.sha256, sizeof row->content.sha256);
    if (statement->err == ERR_NONE && !document_form_from_text(form, &row->content.form)) {
        statement->err = ERR_MALFORMED;
    }
}

static bool goes(const struct store *store, const char *meeting, const char *id)
{
    return store->eraser != NULL && eraser_has(store->eraser, meeting, id);
}

enum err content_find(struct store *store, const char *meeting, const char *id,
                      struct content_row *ret_row)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, &store->database,
                      "SELECT " CONTENT_COLUMNS " FROM content WHERE meeting = ? AND content = ?");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, id);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        read_row(&statement, ret_row);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && (!row || goes(store, meeting, id)) ? ERR_NOT_FOUND : err;
}

enum err content_read(struct store *store, const char *meeting, const char *id, uint64_t at,
                      void *to, size_t size, size_t *ret_size)
{
    struct statement statement;
    bool row = false;
    size_t within = at % CHUNK_SIZE;
    size_t length = 0;
    *ret_size = 0;
    statement_prepare(&statement, &store->database,
                      "SELECT bytes FROM content_chunk"
                      " WHERE meeting = ? AND content = ? AND at = ?");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, id);
    statement_bind_int(&statement, (int64_t)(at - within));
    enum err err = statement_step(&statement, &row);
    const char *bytes = err == ERR_NONE && row ? statement_text(&statement, 0, &length) : "";
    if (length > within && !goes(store, meeting, id)) {
        *ret_size = length - within < size ? length - within : size;
        memcpy(to, bytes + within, *ret_size);
    }
    statement_finish(&statement);
    return err;
}

enum err content_erase(struct store *store, const char *meeting, const char *id)
{
    enum err err = ERR_NONE;
    if (store->eraser == NULL) {
        err = eraser_create(store->path, store->event_fd, &store->eraser);
    }
    return err == ERR_NONE ? eraser_put(store->eraser, meeting, id) : err;
}

bool content_erased(struct store *store, char ret_meeting[CONTRACT_ID_MAX + 1],
                    char ret_id[CONTRACT_ID_MAX + 1])
{
    return store->eraser != NULL &&
           eraser_take(store->eraser, ret_meeting, ret_id, CONTRACT_ID_MAX + 1);
}

enum err content_remove_halves(struct store *store)
{
    return database_run(&store->database,
                        "DELETE FROM content_chunk WHERE NOT EXISTS (SELECT 1 FROM content"
                        " WHERE content.meeting = content_chunk.meeting"
                        " AND content.content = content_chunk.content)");
}

enum err content_list(struct store *store, const char *meeting, const char *participant,
                      content_visitor *visit, void *context)
{
    struct statement statement;
    struct content_row found;
    bool row = true;
    statement_prepare(&statement, &store->database,
                      "SELECT " CONTENT_COLUMNS
                      " FROM content"
                      " WHERE meeting = ? AND (? = '' OR participant = ?)");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, participant != NULL ? participant : "");
    statement_bind_text(&statement, participant != NULL ? participant : "");
    enum err err = ERR_NONE;
    while (err == ERR_NONE && row) {
        err = statement_step(&statement, &row);
        if (err == ERR_NONE && row) {
            read_row(&statement, &found);
            err = statement.err;
            row = err == ERR_NONE &&
                  (goes(store, meeting, found.content.id) || visit(context, &found));
        }
    }
    statement_finish(&statement);
    return err;
}
