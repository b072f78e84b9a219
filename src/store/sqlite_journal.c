#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "store/journal_priv.h"

#define JOURNAL_COLUMNS "seq, at, by, on_behalf, type, data, form, salt, commitment, previous, hash"

enum err journal_table_init(struct journal_table *table, struct database *database)
{
    memset(table, 0, sizeof *table);
    table->database = database;
    statement_prepare(&table->insert, database,
                      "INSERT INTO journal (stream, " JOURNAL_COLUMNS
                      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    statement_prepare(
        &table->set_head, database,
        "INSERT INTO journal_head (stream, seq, hash) VALUES (?, ?, ?)"
        " ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash");
    return table->insert.err != ERR_NONE ? table->insert.err : table->set_head.err;
}

void journal_table_finish(struct journal_table *table)
{
    statement_finish(&table->insert);
    statement_finish(&table->set_head);
}

void journal_table_forget(struct journal_table *table)
{
    memset(table->heads, 0, sizeof table->heads);
}

enum err journal_table_head(struct database *database, const char *stream,
                            struct journal_head *ret_head)
{
    struct journal_head head = {0};
    enum err err = text_copy(head.stream, sizeof head.stream, stream);
    if (err != ERR_NONE) {
        return err;
    }
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, database, "SELECT seq, hash FROM journal_head WHERE stream = ?");
    statement_bind_text(&statement, stream);
    err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        head.seq = (uint64_t)statement_int(&statement, 0);
        statement_copy_blob(&statement, 1, head.hash, sizeof head.hash);
        err = statement.err;
    }
    statement_finish(&statement);
    *ret_head = head;
    return err;
}

static enum err journal_head_of(struct journal_table *table, const char *stream,
                                struct journal_head **ret_head)
{
    for (uint32_t i = 0; i < JOURNAL_HEADS_MAX; i++) {
        if (text_equal(table->heads[i].stream, stream)) {
            *ret_head = &table->heads[i];
            return ERR_NONE;
        }
    }
    struct journal_head *head = &table->heads[table->next_head];
    enum err err = journal_table_head(table->database, stream, head);
    table->next_head = (table->next_head + 1) % JOURNAL_HEADS_MAX;
    *ret_head = head;
    return err;
}

static void row_seal(struct journal_row *row, const struct journal_head *head)
{
    row->form = JOURNAL_FORM_COMMITTED;
    randombytes_buf(row->salt, sizeof row->salt);
    journal_commitment(row, row->commitment);
    memcpy(row->previous, head->hash, JOURNAL_HASH_SIZE);
    journal_hash(row, row->hash);
}

enum err journal_table_insert(struct journal_table *table, struct journal_row *row)
{
    struct journal_head *head = NULL;
    enum err err = journal_head_of(table, row->stream, &head);
    if (err != ERR_NONE) {
        return err;
    }
    if (row->seq != head->seq + 1) {
        text_copy_cut(table->database->failure, sizeof table->database->failure,
                      "an event does not follow its stream's last");
        return ERR_CONFLICT;
    }
    row_seal(row, head);
    statement_bind_text(&table->insert, row->stream);
    statement_bind_int(&table->insert, (int64_t)row->seq);
    statement_bind_int(&table->insert, row->at);
    statement_bind_text(&table->insert, row->by);
    statement_bind_int(&table->insert, row->on_behalf_of_chair);
    statement_bind_text(&table->insert, row->type);
    statement_bind_text_n(&table->insert, row->data, row->data_length);
    statement_bind_int(&table->insert, row->form);
    statement_bind_blob(&table->insert, row->salt, JOURNAL_SALT_SIZE);
    statement_bind_blob(&table->insert, row->commitment, JOURNAL_HASH_SIZE);
    statement_bind_blob(&table->insert, row->previous, JOURNAL_HASH_SIZE);
    statement_bind_blob(&table->insert, row->hash, JOURNAL_HASH_SIZE);
    err = statement_run_again(&table->insert);
    if (err == ERR_NONE) {
        statement_bind_text(&table->set_head, row->stream);
        statement_bind_int(&table->set_head, (int64_t)row->seq);
        statement_bind_blob(&table->set_head, row->hash, JOURNAL_HASH_SIZE);
        err = statement_run_again(&table->set_head);
    }
    if (err == ERR_NONE) {
        head->seq = row->seq;
        memcpy(head->hash, row->hash, JOURNAL_HASH_SIZE);
    }
    return err;
}

static struct journal_row journal_row_of(struct statement *statement, const char *stream)
{
    struct journal_row row = {.stream = stream,
                              .seq = (uint64_t)statement_int(statement, 0),
                              .at = statement_int(statement, 1),
                              .by = statement_text(statement, 2, NULL),
                              .on_behalf_of_chair = statement_int(statement, 3) != 0,
                              .type = statement_text(statement, 4, NULL)};
    row.data = statement_text(statement, 5, &row.data_length);
    row.form = (enum journal_form)statement_int(statement, 6);
    row.emptied = row.form == JOURNAL_FORM_COMMITTED && row.data_length == 0 &&
                  statement_blob_size(statement, 7) == 0;
    statement_copy_blob(statement, 7, row.salt, sizeof row.salt);
    statement_copy_blob(statement, 8, row.commitment, sizeof row.commitment);
    statement_copy_blob(statement, 9, row.previous, sizeof row.previous);
    statement_copy_blob(statement, 10, row.hash, sizeof row.hash);
    // A hash of another length is a forgery like any other: it shows as zeros, which match nothing.
    statement->err = ERR_NONE;
    return row;
}

// Of a statement to which everything is bound, which is finished.
static enum err read_rows(struct statement *statement, const char *stream,
                          journal_row_visitor *visit, void *context)
{
    bool more = false;
    enum err err = statement_step(statement, &more);
    while (err == ERR_NONE && more) {
        struct journal_row row = journal_row_of(statement, stream);
        if (!visit(context, &row)) {
            break;
        }
        err = statement_step(statement, &more);
    }
    statement_finish(statement);
    return err;
}

enum err journal_table_read(struct database *database, const char *stream, uint64_t after,
                            journal_row_visitor *visit, void *context)
{
    struct statement statement;
    statement_prepare(&statement, database,
                      "SELECT " JOURNAL_COLUMNS
                      " FROM journal WHERE stream = ? AND seq > ? ORDER BY seq");
    statement_bind_text(&statement, stream);
    statement_bind_int(&statement, (int64_t)after);
    return read_rows(&statement, stream, visit, context);
}

enum err journal_table_read_all(struct database *database, const char *stream,
                                journal_row_visitor *visit, void *context)
{
    struct statement statement;
    statement_prepare(&statement, database,
                      "SELECT " JOURNAL_COLUMNS " FROM journal WHERE stream = ? ORDER BY seq");
    statement_bind_text(&statement, stream);
    return read_rows(&statement, stream, visit, context);
}

enum err journal_table_read_back(struct database *database, const char *stream, uint64_t from,
                                 uint64_t before, const char *types, journal_row_visitor *visit,
                                 void *context)
{
    struct statement statement;
    statement_prepare(&statement, database,
                      "SELECT " JOURNAL_COLUMNS
                      " FROM journal WHERE stream = ? AND seq >= ? AND seq < ?"
                      " AND instr(?, '|' || type || '|') ORDER BY seq DESC");
    statement_bind_text(&statement, stream);
    statement_bind_int(&statement, (int64_t)from);
    statement_bind_int(&statement, (int64_t)before);
    statement_bind_text(&statement, types);
    return read_rows(&statement, stream, visit, context);
}

enum err journal_table_meetings(struct database *database, journal_meeting_visitor *visit,
                                void *context)
{
    struct statement statement;
    bool more = false;
    // By the rows as well: a stream whose head is gone is not whole, and not nothing. One step of
    // the recursion is one search in the index.
    statement_prepare(
        &statement, database,
        "WITH RECURSIVE streams(stream) AS (SELECT min(stream) FROM journal UNION ALL"
        " SELECT (SELECT min(stream) FROM journal WHERE stream > streams.stream)"
        " FROM streams WHERE streams.stream IS NOT NULL)"
        " SELECT stream, (SELECT seq FROM journal_head WHERE journal_head.stream = every.stream)"
        " FROM (SELECT stream FROM streams WHERE stream IS NOT NULL UNION"
        " SELECT stream FROM journal_head) AS every"
        " ORDER BY (SELECT at FROM journal WHERE journal.stream = every.stream"
        " ORDER BY seq DESC LIMIT 1) DESC, stream");
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        uint64_t seq = (uint64_t)statement_int(&statement, 1);
        const char *stream = statement_text(&statement, 0, NULL);
        if (journal_is_meeting(stream) && !visit(context, journal_meeting_id(stream), seq)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}
