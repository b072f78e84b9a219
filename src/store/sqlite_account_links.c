#include "store/people.h"
#include "store/store_priv.h"

#define LINK_COLUMNS "hash, account, created_at, expires_at, state"

static void link_read(struct statement *statement, struct account_link_row *link)
{
    *link = (struct account_link_row){0};
    statement_copy_blob(statement, 0, link->hash, sizeof link->hash);
    statement_copy_text(statement, 1, link->account, sizeof link->account);
    link->created_at = statement_int(statement, 2);
    link->expires_at = statement_int(statement, 3);
    if (!link_state_from_text(statement_text(statement, 4, NULL), &link->state)) {
        statement->err = ERR_MALFORMED;
    }
}

static enum err link_read_one(struct statement *statement, struct account_link_row *ret_link)
{
    bool row = false;
    enum err err = statement_step(statement, &row);
    if (err == ERR_NONE && row) {
        link_read(statement, ret_link);
        err = statement->err;
    }
    statement_finish(statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

// Within the caller's transaction.
static enum err link_insert(struct store *store, const struct account_link_row *link)
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "UPDATE account_link SET state = 'revoked' WHERE account = ?"
                      " AND state = 'good'");
    statement_bind_text(&statement, link->account);
    enum err err = statement_run(&statement);
    if (err != ERR_NONE) {
        return err;
    }
    statement_prepare(&statement, &store->database,
                      "INSERT INTO account_link (" LINK_COLUMNS
                      ") SELECT ?1, ?2, ?3, ?4, 'good'"
                      " WHERE ?2 = '' OR EXISTS (SELECT 1 FROM account WHERE name = ?2)");
    statement_bind_blob(&statement, link->hash, sizeof link->hash);
    statement_bind_text(&statement, link->account);
    statement_bind_int(&statement, link->created_at);
    statement_bind_int(&statement, link->expires_at);
    err = statement_run(&statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_NOT_FOUND : err;
}

enum err account_link_add(struct store *store, const struct account_link_row *link)
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = link_insert(store, link);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}

enum err account_link_find(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                           struct account_link_row *ret_link)
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "SELECT " LINK_COLUMNS " FROM account_link WHERE hash = ?");
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    return link_read_one(&statement, ret_link);
}

enum err account_link_newest(struct store *store, const char *account,
                             struct account_link_row *ret_link)
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "SELECT " LINK_COLUMNS
                      " FROM account_link WHERE account = ?"
                      " ORDER BY created_at DESC, state = 'good' DESC LIMIT 1");
    statement_bind_text(&statement, account);
    return link_read_one(&statement, ret_link);
}

static enum err link_take(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE], time_ms now)
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "UPDATE account_link SET state = 'used' WHERE hash = ? AND state = 'good'"
                      " AND expires_at > ?");
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    statement_bind_int(&statement, now);
    enum err err = statement_run(&statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_EXPIRED : err;
}

static enum err first_add(struct store *store, const struct account_row *account)
{
    struct account_counts counts;
    enum err err = account_count(store, &counts);
    if (err == ERR_NONE && counts.all > 0) {
        return ERR_CONFLICT;
    }
    return err == ERR_NONE ? account_add(store, account) : err;
}

static enum err holder_set(struct store *store, const struct account_row *account)
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "UPDATE account SET display_name = ?, password = ? WHERE name = ?");
    statement_bind_text(&statement, account->display_name);
    statement_bind_text(&statement, account->password);
    statement_bind_text(&statement, account->name);
    enum err err = statement_run(&statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_NOT_FOUND : err;
}

enum err account_link_use(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                          const struct account_row *account, time_ms now)
{
    struct account_link_row link;
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = account_link_find(store, hash, &link);
    }
    if (err == ERR_NONE) {
        err = link_take(store, hash, now);
    }
    if (err == ERR_NONE) {
        err = link.account[0] == '\0' ? first_add(store, account) : holder_set(store, account);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}
