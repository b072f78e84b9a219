// Whose accounts are at providers.
#include "store/people.h"
#include "store/store_priv.h"

enum err account_find_subject(struct store *store, const char *issuer, const char *subject,
                              char ret_account[ACCOUNT_NAME_MAX + 1])
{
    struct statement statement;
    bool row = false;
    ret_account[0] = '\0';
    statement_prepare(&statement, &store->database,
                      "SELECT account FROM account_subject WHERE issuer = ? AND subject = ?");
    statement_bind_text(&statement, issuer);
    statement_bind_text(&statement, subject);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        statement_copy_text(&statement, 0, ret_account, ACCOUNT_NAME_MAX + 1);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

static enum err insert(struct store *store, const char *issuer, const char *subject,
                       const char *account)
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "INSERT INTO account_subject (issuer, subject, account) VALUES (?, ?, ?)");
    statement_bind_text(&statement, issuer);
    statement_bind_text(&statement, subject);
    statement_bind_text(&statement, account);
    return statement_run(&statement);
}

enum err account_bind_subject(struct store *store, const char *issuer, const char *subject,
                              const char *account)
{
    struct account_row row;
    enum err err = account_get(store, account, &row);
    return err == ERR_NONE ? insert(store, issuer, subject, account) : err;
}

enum err account_add_for_subject(struct store *store, const struct account_row *account,
                                 const char *issuer, const char *subject)
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = account_add(store, account);
    }
    if (err == ERR_NONE) {
        err = insert(store, issuer, subject, account->name);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}
