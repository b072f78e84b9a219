#include <string.h>

#include "store/people.h"
#include "store/store_priv.h"

#define SESSION_COLUMNS                                                                          \
    "id, hash, meeting, participant, account, name, capacity, created_at, seen_at, expires_at, " \
    "kept_until"

static void session_read(struct statement *statement, struct session_row *session)
{
    *session = (struct session_row){0};
    statement_copy_text(statement, 0, session->id, sizeof session->id);
    statement_copy_blob(statement, 1, session->hash, sizeof session->hash);
    statement_copy_text(statement, 2, session->meeting, sizeof session->meeting);
    statement_copy_text(statement, 3, session->participant, sizeof session->participant);
    statement_copy_text(statement, 4, session->account, sizeof session->account);
    statement_copy_text(statement, 5, session->name, sizeof session->name);
    if (!capacity_from_text(statement_text(statement, 6, NULL), &session->capacity)) {
        statement->err = ERR_MALFORMED;
    }
    session->created_at = statement_int(statement, 7);
    session->seen_at = statement_int(statement, 8);
    session->expires_at = statement_int(statement, 9);
    session->kept_until = statement_int(statement, 10);
}

static enum err session_insert(struct store *store, const struct session_row *session)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "INSERT INTO session (" SESSION_COLUMNS
                    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    statement_bind_text(&statement, session->id);
    statement_bind_blob(&statement, session->hash, sizeof session->hash);
    statement_bind_text(&statement, session->meeting);
    statement_bind_text(&statement, session->participant);
    statement_bind_text(&statement, session->account);
    statement_bind_text(&statement, session->name);
    statement_bind_text(&statement, capacity_text(session->capacity));
    statement_bind_int(&statement, session->created_at);
    statement_bind_int(&statement, session->seen_at);
    statement_bind_int(&statement, session->expires_at);
    statement_bind_int(&statement, session->kept_until);
    return statement_run(&statement);
}

// The seat that a link has brought. An account's stand elsewhere.
static enum err session_add_seat(struct store *store, const struct session_row *session)
{
    if (session->account[0] != '\0' || session->participant[0] == '\0') {
        return ERR_NONE;
    }
    struct seat_row seat = {.expires_at = session->expires_at, .kept_until = session->kept_until};
    memcpy(seat.meeting, session->meeting, sizeof seat.meeting);
    memcpy(seat.participant, session->participant, sizeof seat.participant);
    return seat_set(store, session->id, &seat);
}

enum err session_add(struct store *store, const struct session_row *session)
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = session_insert(store, session);
    }
    if (err == ERR_NONE) {
        err = session_add_seat(store, session);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}

// Whose link is not good any more is refused alone, before anything of theirs is written.
static enum err session_add_by_link(struct store *store, struct link_session_row *row, time_ms now)
{
    row->err = token_use(store, row->link, now);
    if (row->err == ERR_EXPIRED || row->err == ERR_NOT_FOUND) {
        return ERR_NONE;
    }
    enum err err = row->err;
    if (err == ERR_NONE && row->binds) {
        err = token_bind(store, row->link, row->session.participant);
    }
    if (err == ERR_NONE) {
        err = session_insert(store, &row->session);
    }
    return err == ERR_NONE ? session_add_seat(store, &row->session) : err;
}

enum err session_add_by_links(struct store *store, struct link_session_row *rows, uint32_t count,
                              time_ms now)
{
    enum err err = database_begin(&store->database);
    for (uint32_t i = 0; i < count && err == ERR_NONE; i++) {
        err = session_add_by_link(store, &rows[i], now);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}

// Reads the one row of a bound statement and finishes it.
static enum err session_one(struct statement *statement, struct session_row *ret_session)
{
    bool row = false;
    enum err err = statement_step(statement, &row);
    if (err == ERR_NONE && row) {
        session_read(statement, ret_session);
        err = statement->err;
    }
    statement_finish(statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

enum err session_find(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                      struct session_row *ret_session)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "SELECT " SESSION_COLUMNS " FROM session WHERE hash = ?");
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    return session_one(&statement, ret_session);
}

enum err session_get(struct store *store, const char *id, struct session_row *ret_session)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "SELECT " SESSION_COLUMNS " FROM session WHERE id = ?");
    statement_bind_text(&statement, id);
    return session_one(&statement, ret_session);
}

static enum err session_run(struct store *store, struct statement *statement)
{
    enum err err = statement_run(statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_NOT_FOUND : err;
}

enum err session_touch(struct store *store, const char *id, time_ms now)
{
    struct statement statement;
    statement_reuse(&statement, &store->database, "UPDATE session SET seen_at = ? WHERE id = ?");
    statement_bind_int(&statement, now);
    statement_bind_text(&statement, id);
    return session_run(store, &statement);
}

static enum err session_set(struct store *store, const char *sql, const char *id, time_ms value)
{
    struct statement statement;
    statement_reuse(&statement, &store->database, sql);
    statement_bind_int(&statement, value);
    statement_bind_text(&statement, id);
    return session_run(store, &statement);
}

enum err session_extend(struct store *store, const char *id, time_ms expires_at)
{
    return session_set(store, "UPDATE session SET expires_at = ? WHERE id = ?", id, expires_at);
}

enum err session_keep(struct store *store, const char *id, time_ms kept_until)
{
    return session_set(store, "UPDATE session SET kept_until = ? WHERE id = ?", id, kept_until);
}

enum err session_revoke(struct store *store, const char *id)
{
    struct statement statement;
    statement_reuse(&statement, &store->database, "DELETE FROM session WHERE id = ?");
    statement_bind_text(&statement, id);
    return session_run(store, &statement);
}

static enum err revoke_seats(struct store *store, const char *meeting, const char *participant)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "DELETE FROM session WHERE account = '' AND id IN ("
                    "SELECT session FROM session_seat WHERE meeting = ?1 AND participant = ?2)"
                    " AND 1 = (SELECT count(*) FROM session_seat WHERE session = id)");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, participant);
    enum err err = statement_run(&statement);
    if (err != ERR_NONE) {
        return err;
    }
    statement_reuse(&statement, &store->database,
                    "DELETE FROM session_seat WHERE meeting = ? AND participant = ?");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, participant);
    return statement_run(&statement);
}

enum err session_revoke_participant(struct store *store, const char *meeting,
                                    const char *participant)
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = revoke_seats(store, meeting, participant);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}

static void session_list_prepare(struct statement *statement, struct store *store,
                                 const char *account, const char *meeting, const char *participant)
{
    if (account[0] != '\0') {
        statement_reuse(statement, &store->database,
                        "SELECT " SESSION_COLUMNS
                        " FROM session WHERE account = ? ORDER BY created_at DESC, id");
        statement_bind_text(statement, account);
    } else {
        statement_reuse(statement, &store->database,
                        "SELECT " SESSION_COLUMNS
                        " FROM session WHERE (meeting = ?1 AND participant = ?2) OR id IN ("
                        "SELECT session FROM session_seat"
                        " WHERE meeting = ?1 AND participant = ?2)"
                        " ORDER BY created_at DESC, id");
        statement_bind_text(statement, meeting);
        statement_bind_text(statement, participant);
    }
}

enum err session_list(struct store *store, const char *account, const char *meeting,
                      const char *participant, session_visitor *visit, void *context)
{
    struct statement statement;
    struct session_row session;
    bool more = false;
    session_list_prepare(&statement, store, account, meeting, participant);
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        session_read(&statement, &session);
        if (statement.err == ERR_NONE && !visit(context, &session)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}

enum err people_expire(struct store *store, time_ms before, uint32_t *ret_count)
{
    static const char *const deletions[] = {"DELETE FROM session WHERE expires_at <= ?",
                                            "DELETE FROM token WHERE expires_at <= ?",
                                            "DELETE FROM account_link WHERE expires_at <= ?"};
    *ret_count = 0;
    for (size_t i = 0; i < sizeof deletions / sizeof deletions[0]; i++) {
        struct statement statement;
        statement_reuse(&statement, &store->database, deletions[i]);
        statement_bind_int(&statement, before);
        enum err err = statement_run(&statement);
        if (err != ERR_NONE) {
            return err;
        }
        *ret_count += database_changes(&store->database);
    }
    return ERR_NONE;
}
