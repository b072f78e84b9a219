#include "store/people.h"
#include "store/store_priv.h"

// The account's places, then what links have brought to meetings where it has none: ?1 is the
// session, ?2 the account.
#define SEATS                                                                          \
    "SELECT meeting, participant, 9223372036854775807 AS expires_at, 0 AS kept_until"  \
    " FROM account_participant WHERE account = ?2"                                     \
    " UNION ALL SELECT meeting, participant, expires_at, kept_until FROM session_seat" \
    " WHERE session = ?1 AND meeting NOT IN"                                           \
    " (SELECT meeting FROM account_participant WHERE account = ?2)"

static void seat_read(struct statement *statement, struct seat_row *seat)
{
    *seat = (struct seat_row){0};
    statement_copy_text(statement, 0, seat->meeting, sizeof seat->meeting);
    statement_copy_text(statement, 1, seat->participant, sizeof seat->participant);
    seat->expires_at = statement_int(statement, 2);
    seat->kept_until = statement_int(statement, 3);
}

enum err seat_set(struct store *store, const char *session, const struct seat_row *seat)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "INSERT INTO session_seat (session, meeting, participant, expires_at,"
                    " kept_until) VALUES (?, ?, ?, ?, ?) ON CONFLICT (session, meeting)"
                    " DO UPDATE SET participant = excluded.participant,"
                    " expires_at = excluded.expires_at, kept_until = excluded.kept_until");
    statement_bind_text(&statement, session);
    statement_bind_text(&statement, seat->meeting);
    statement_bind_text(&statement, seat->participant);
    statement_bind_int(&statement, seat->expires_at);
    statement_bind_int(&statement, seat->kept_until);
    enum err err = statement_run(&statement);
    // The only constraint that can fail here is the reference to the session.
    return err == ERR_CONFLICT ? ERR_NOT_FOUND : err;
}

enum err seat_find(struct store *store, const char *session, const char *account,
                   const char *meeting, struct seat_row *ret_seat)
{
    struct statement statement;
    bool row = false;
    statement_reuse(&statement, &store->database, "SELECT * FROM (" SEATS ") WHERE meeting = ?3");
    statement_bind_text(&statement, session);
    statement_bind_text(&statement, account);
    statement_bind_text(&statement, meeting);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        seat_read(&statement, ret_seat);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

enum err seat_list(struct store *store, const char *session, const char *account, const char *after,
                   seat_visitor *visit, void *context)
{
    struct statement statement;
    struct seat_row seat;
    bool more = false;
    statement_reuse(&statement, &store->database,
                    "SELECT * FROM (" SEATS ") WHERE meeting > ?3 ORDER BY meeting");
    statement_bind_text(&statement, session);
    statement_bind_text(&statement, account);
    statement_bind_text(&statement, after);
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        seat_read(&statement, &seat);
        if (statement.err == ERR_NONE && !visit(context, &seat)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}
