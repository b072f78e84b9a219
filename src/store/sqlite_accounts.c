#include "store/people.h"
#include "store/store_priv.h"

#define ACCOUNT_COLUMNS \
    "name, display_name, password, administrator, secretariat, disabled, created_at, address"

static void account_read(struct statement *statement, struct account_row *account)
{
    *account = (struct account_row){0};
    statement_copy_text(statement, 0, account->name, sizeof account->name);
    statement_copy_text(statement, 1, account->display_name, sizeof account->display_name);
    statement_copy_text(statement, 2, account->password, sizeof account->password);
    account->administrator = statement_int(statement, 3) != 0;
    account->secretariat = statement_int(statement, 4) != 0;
    account->disabled = statement_int(statement, 5) != 0;
    account->created_at = statement_int(statement, 6);
    statement_copy_text(statement, 7, account->address, sizeof account->address);
}

enum err account_add(struct store *store, const struct account_row *account)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "INSERT INTO account (" ACCOUNT_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    statement_bind_text(&statement, account->name);
    statement_bind_text(&statement, account->display_name);
    statement_bind_text(&statement, account->password);
    statement_bind_int(&statement, account->administrator);
    statement_bind_int(&statement, account->secretariat);
    statement_bind_int(&statement, account->disabled);
    statement_bind_int(&statement, account->created_at);
    statement_bind_text(&statement, account->address);
    return statement_run(&statement);
}

enum err account_get(struct store *store, const char *name, struct account_row *ret_account)
{
    struct statement statement;
    bool row = false;
    statement_reuse(&statement, &store->database,
                    "SELECT " ACCOUNT_COLUMNS " FROM account WHERE name = ?");
    statement_bind_text(&statement, name);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        account_read(&statement, ret_account);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

// A change that must have met a row.
static enum err account_run(struct store *store, struct statement *statement)
{
    enum err err = statement_run(statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_NOT_FOUND : err;
}

enum err account_update(struct store *store, const struct account_row *account)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "UPDATE account SET display_name = ?, password = ?, administrator = ?,"
                    " secretariat = ?, disabled = ?, address = ? WHERE name = ?");
    statement_bind_text(&statement, account->display_name);
    statement_bind_text(&statement, account->password);
    statement_bind_int(&statement, account->administrator);
    statement_bind_int(&statement, account->secretariat);
    statement_bind_int(&statement, account->disabled);
    statement_bind_text(&statement, account->address);
    statement_bind_text(&statement, account->name);
    return account_run(store, &statement);
}

static enum err account_delete_rows(struct store *store, const char *name)
{
    static const char *const theirs[] = {"DELETE FROM session WHERE account = ?",
                                         "DELETE FROM account_link WHERE account = ?"};
    struct statement statement;
    for (size_t i = 0; i < sizeof theirs / sizeof theirs[0]; i++) {
        statement_reuse(&statement, &store->database, theirs[i]);
        statement_bind_text(&statement, name);
        enum err err = statement_run(&statement);
        if (err != ERR_NONE) {
            return err;
        }
    }
    // Its places in meetings go with it: account_participant refers to it.
    statement_reuse(&statement, &store->database, "DELETE FROM account WHERE name = ?");
    statement_bind_text(&statement, name);
    return account_run(store, &statement);
}

enum err account_delete(struct store *store, const char *name)
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = account_delete_rows(store, name);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}

enum err account_count(struct store *store, struct account_counts *ret_counts)
{
    struct statement statement;
    bool row = false;
    *ret_counts = (struct account_counts){0};
    statement_reuse(&statement, &store->database,
                    "SELECT count(*), count(*) FILTER (WHERE administrator <> 0 AND disabled = 0)"
                    " FROM account");
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        ret_counts->all = statement_int(&statement, 0);
        ret_counts->administrators = statement_int(&statement, 1);
    }
    statement_finish(&statement);
    return err;
}

enum err account_list(struct store *store, const char *after, account_visitor *visit, void *context)
{
    struct statement statement;
    struct account_row account;
    bool more = false;
    statement_reuse(&statement, &store->database,
                    "SELECT " ACCOUNT_COLUMNS " FROM account WHERE name > ? ORDER BY name");
    statement_bind_text(&statement, after);
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        account_read(&statement, &account);
        if (statement.err == ERR_NONE && !visit(context, &account)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}

enum err account_set_participant(struct store *store, const char *name, const char *meeting,
                                 const char *participant)
{
    struct statement statement;
    if (participant[0] == '\0') {
        statement_reuse(&statement, &store->database,
                        "DELETE FROM account_participant WHERE account = ? AND meeting = ?");
    } else {
        statement_reuse(&statement, &store->database,
                        "INSERT INTO account_participant (account, meeting, participant)"
                        " VALUES (?, ?, ?) ON CONFLICT (account, meeting)"
                        " DO UPDATE SET participant = excluded.participant");
    }
    statement_bind_text(&statement, name);
    statement_bind_text(&statement, meeting);
    if (participant[0] != '\0') {
        statement_bind_text(&statement, participant);
    }
    enum err err = statement_run(&statement);
    // The only constraint that can fail here is the reference to the account.
    return err == ERR_CONFLICT ? ERR_NOT_FOUND : err;
}

enum err account_get_participant(struct store *store, const char *name, const char *meeting,
                                 char ret_participant[CONTRACT_ID_MAX + 1])
{
    struct statement statement;
    bool row = false;
    ret_participant[0] = '\0';
    statement_reuse(&statement, &store->database,
                    "SELECT participant FROM account_participant"
                    " WHERE account = ? AND meeting = ?");
    statement_bind_text(&statement, name);
    statement_bind_text(&statement, meeting);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        statement_copy_text(&statement, 0, ret_participant, CONTRACT_ID_MAX + 1);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

enum err people_version(struct store *store, int64_t *ret_version)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, &store->database, "SELECT version FROM people_version");
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        *ret_version = statement_int(&statement, 0);
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}
