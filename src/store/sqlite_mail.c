#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/mail_queue.h"
#include "store/store_priv.h"

#define ROW_COLUMNS                                                                         \
    "id, address, name, language, subject, secret, created_at, state, tries, next_try_at, " \
    "finished_at, error"
#define ROW_TEXTS 8 // that are the row's own

const char *mail_state_text(enum mail_state state)
{
    static const char *const texts[MAIL_STATE_COUNT] = {
        [MAIL_WAITING] = "waiting", [MAIL_SENT] = "sent", [MAIL_FAILED] = "failed"};
    return texts[state];
}

static bool state_from_text(const char *text, enum mail_state *ret_state)
{
    for (int i = 0; i < MAIL_STATE_COUNT; i++) {
        if (text_equal(text, mail_state_text((enum mail_state)i))) {
            *ret_state = (enum mail_state)i;
            return true;
        }
    }
    return false;
}

// ---- Adding

static enum err count_state(struct store *store, enum mail_state state, int64_t *ret_count)
{
    struct statement statement;
    bool row = false;
    statement_reuse(&statement, &store->database, "SELECT count(*) FROM mail WHERE state = ?");
    statement_bind_text(&statement, mail_state_text(state));
    enum err err = statement_step(&statement, &row);
    *ret_count = err == ERR_NONE && row ? statement_int(&statement, 0) : 0;
    statement_finish(&statement);
    return err;
}

static enum err insert(struct statement *statement, const struct mail_row *row)
{
    statement_bind_text(statement, row->id);
    statement_bind_text(statement, row->address);
    statement_bind_text(statement, row->name);
    statement_bind_text(statement, row->language);
    statement_bind_text(statement, row->subject);
    statement_bind_text(statement, row->text);
    statement_bind_text(statement, row->calendar);
    statement_bind_text(statement, row->method);
    statement_bind_int(statement, row->secret);
    statement_bind_int(statement, row->created_at);
    statement_bind_int(statement, row->created_at);
    return statement_run_again(statement);
}

static enum err insert_all(struct store *store, const struct mail_row *rows, uint32_t count)
{
    struct statement statement;
    int64_t waiting = 0;
    enum err err = count_state(store, MAIL_WAITING, &waiting);
    if (err != ERR_NONE || waiting + count > MAIL_QUEUE_WAITING_MAX) {
        return err != ERR_NONE ? err : ERR_FULL;
    }
    statement_reuse(
        &statement, &store->database,
        "INSERT INTO mail (id, address, name, language, subject, text, calendar, method,"
        " secret, created_at, next_try_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (uint32_t i = 0; i < count && err == ERR_NONE; i++) {
        err = insert(&statement, &rows[i]);
    }
    statement_finish(&statement);
    return err;
}

enum err mail_queue_add(struct store *store, const struct mail_row *rows, uint32_t count)
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = insert_all(store, rows, count);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}

// ---- Reading

// Copies a column behind `*at`, which moves.
static const char *keep_text(struct statement *statement, int column, char **at)
{
    size_t length = 0;
    const char *text = statement_text(statement, column, &length);
    char *kept = *at;
    memcpy(kept, text, length);
    kept[length] = '\0';
    *at += length + 1;
    if (strlen(kept) != length) {
        statement->err = ERR_MALFORMED;
    }
    return kept;
}

static size_t texts_size(struct statement *statement, const int *columns, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        (void)statement_text(statement, columns[i], &length);
        size += length + 1;
    }
    return size;
}

// One block: the row, and its texts behind it. `whole`: text, calendar and method follow the
// columns of ROW_COLUMNS.
static struct mail_row *read_row(struct statement *statement, bool whole)
{
    static const int columns[ROW_TEXTS] = {1, 2, 3, 4, 11, 12, 13, 14};
    size_t size = texts_size(statement, columns, whole ? ROW_TEXTS : ROW_TEXTS - 3);
    struct mail_row *row = calloc(1, sizeof *row + size);
    char *at = (char *)(row + 1);
    if (row == NULL) {
        return NULL;
    }
    statement_copy_text(statement, 0, row->id, sizeof row->id);
    row->address = keep_text(statement, 1, &at);
    row->name = keep_text(statement, 2, &at);
    row->language = keep_text(statement, 3, &at);
    row->subject = keep_text(statement, 4, &at);
    row->error = keep_text(statement, 11, &at);
    row->text = whole ? keep_text(statement, 12, &at) : "";
    row->calendar = whole ? keep_text(statement, 13, &at) : "";
    row->method = whole ? keep_text(statement, 14, &at) : "";
    row->secret = statement_int(statement, 5) != 0;
    row->created_at = statement_int(statement, 6);
    if (!state_from_text(statement_text(statement, 7, NULL), &row->state)) {
        statement->err = ERR_MALFORMED;
    }
    row->tries = (uint32_t)statement_int(statement, 8);
    row->next_try_at = statement_int(statement, 9);
    row->finished_at = statement_int(statement, 10);
    return row;
}

void mail_row_free(struct mail_row *row)
{
    free(row);
}

enum err mail_queue_next(struct store *store, time_ms now, struct mail_row **ret_row)
{
    struct statement statement;
    bool found = false;
    *ret_row = NULL;
    statement_reuse(&statement, &store->database,
                    "SELECT " ROW_COLUMNS
                    ", text, calendar, method FROM mail"
                    " WHERE state = 'waiting' AND next_try_at <= ?"
                    " ORDER BY next_try_at, rowid LIMIT 1");
    statement_bind_int(&statement, now);
    enum err err = statement_step(&statement, &found);
    if (err == ERR_NONE && found) {
        *ret_row = read_row(&statement, true);
        err = *ret_row == NULL ? ERR_FULL : statement.err;
    }
    statement_finish(&statement);
    if (err != ERR_NONE) {
        mail_row_free(*ret_row);
        *ret_row = NULL;
    }
    return err == ERR_NONE && !found ? ERR_NOT_FOUND : err;
}

enum err mail_queue_list(struct store *store, mail_visitor *visit, void *context)
{
    struct statement statement;
    bool found = false;
    bool goes_on = true;
    statement_prepare(&statement, &store->database,
                      "SELECT " ROW_COLUMNS " FROM mail ORDER BY created_at DESC, id");
    enum err err = statement_step(&statement, &found);
    while (err == ERR_NONE && found && goes_on) {
        struct mail_row *row = read_row(&statement, false);
        err = row == NULL ? ERR_FULL : statement.err;
        goes_on = err == ERR_NONE && visit(context, row);
        mail_row_free(row);
        if (goes_on) {
            err = statement_step(&statement, &found);
        }
    }
    statement_finish(&statement);
    return err;
}

enum err mail_queue_count(struct store *store, struct mail_counts *ret_counts)
{
    enum err err = ERR_NONE;
    for (int i = 0; i < MAIL_STATE_COUNT && err == ERR_NONE; i++) {
        int64_t count = 0;
        err = count_state(store, (enum mail_state)i, &count);
        ret_counts->of[i] = (uint32_t)count;
    }
    return err;
}

// ---- What came of it

static enum err run_on_one(struct store *store, struct statement *statement)
{
    enum err err = statement_run(statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_NOT_FOUND : err;
}

static enum err finish(struct store *store, const char *id, enum mail_state state, time_ms at,
                       const char *error)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "UPDATE mail SET state = ?, finished_at = ?, error = ?, tries = tries + 1,"
                    " text = CASE secret WHEN 0 THEN text ELSE '' END,"
                    " calendar = CASE secret WHEN 0 THEN calendar ELSE '' END"
                    " WHERE id = ? AND state = 'waiting'");
    statement_bind_text(&statement, mail_state_text(state));
    statement_bind_int(&statement, at);
    statement_bind_text(&statement, error);
    statement_bind_text(&statement, id);
    return run_on_one(store, &statement);
}

enum err mail_queue_sent(struct store *store, const char *id, time_ms at)
{
    return finish(store, id, MAIL_SENT, at, "");
}

enum err mail_queue_failed(struct store *store, const char *id, time_ms at, const char *error)
{
    return finish(store, id, MAIL_FAILED, at, error);
}

enum err mail_queue_put_off(struct store *store, const char *id, bool tried, time_ms next_try_at,
                            const char *error)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "UPDATE mail SET next_try_at = ?, error = ?, tries = tries + ?"
                    " WHERE id = ? AND state = 'waiting'");
    statement_bind_int(&statement, next_try_at);
    statement_bind_text(&statement, error);
    statement_bind_int(&statement, tried);
    statement_bind_text(&statement, id);
    return run_on_one(store, &statement);
}

enum err mail_queue_tidy(struct store *store, time_ms before)
{
    struct statement statement;
    struct mail_counts counts = {{0}};
    statement_prepare(&statement, &store->database,
                      "DELETE FROM mail WHERE state <> 'waiting' AND finished_at < ?");
    statement_bind_int(&statement, before);
    enum err err = statement_run(&statement);
    if (err == ERR_NONE) {
        err = mail_queue_count(store, &counts);
    }
    if (err != ERR_NONE ||
        counts.of[MAIL_SENT] + counts.of[MAIL_FAILED] <= MAIL_QUEUE_FINISHED_MAX) {
        return err;
    }
    statement_prepare(&statement, &store->database,
                      "DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE state <> 'waiting'"
                      " ORDER BY finished_at DESC LIMIT -1 OFFSET ?)");
    statement_bind_int(&statement, MAIL_QUEUE_FINISHED_MAX);
    return statement_run(&statement);
}
