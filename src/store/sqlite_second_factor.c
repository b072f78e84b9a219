#include "store/second_factor.h"
#include "store/store_priv.h"

static enum err run_changed(struct store *store, struct statement *statement, enum err unchanged)
{
    enum err err = statement_run(statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? unchanged : err;
}

enum err second_factor_wish(struct store *store, const char *account,
                            const uint8_t sealed[SECOND_FACTOR_SEALED_SIZE])
{
    struct statement statement;
    struct account_row row;
    enum err err = account_get(store, account, &row);
    if (err != ERR_NONE) {
        return err;
    }
    statement_prepare(&statement, &store->database,
                      "INSERT INTO second_factor (account, sealed, confirmed, used_step)"
                      " VALUES (?, ?, 0, 0) ON CONFLICT (account)"
                      " DO UPDATE SET sealed = excluded.sealed WHERE confirmed = 0");
    statement_bind_text(&statement, account);
    statement_bind_blob(&statement, sealed, SECOND_FACTOR_SEALED_SIZE);
    return run_changed(store, &statement, ERR_CONFLICT);
}

enum err second_factor_get(struct store *store, const char *account,
                           struct second_factor_row *ret_row)
{
    struct statement statement;
    bool row = false;
    *ret_row = (struct second_factor_row){.confirmed = false};
    statement_reuse(&statement, &store->database,
                    "SELECT sealed, confirmed, used_step FROM second_factor WHERE account = ?");
    statement_bind_text(&statement, account);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        statement_copy_blob(&statement, 0, ret_row->sealed, sizeof ret_row->sealed);
        ret_row->confirmed = statement_int(&statement, 1) != 0;
        ret_row->used_step = statement_int(&statement, 2);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

static enum err confirm_rows(struct store *store, const char *account,
                             const uint8_t sealed[SECOND_FACTOR_SEALED_SIZE], int64_t step,
                             uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE])
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "UPDATE second_factor SET confirmed = 1, used_step = ?"
                      " WHERE account = ? AND sealed = ? AND confirmed = 0 AND used_step < ?");
    statement_bind_int(&statement, step);
    statement_bind_text(&statement, account);
    statement_bind_blob(&statement, sealed, SECOND_FACTOR_SEALED_SIZE);
    statement_bind_int(&statement, step);
    enum err err = run_changed(store, &statement, ERR_CONFLICT);
    for (uint32_t i = 0; i < RECOVERY_CODES_MAX && err == ERR_NONE; i++) {
        statement_prepare(&statement, &store->database,
                          "INSERT INTO recovery_code (account, hash) VALUES (?, ?)");
        statement_bind_text(&statement, account);
        statement_bind_blob(&statement, hashes[i], TOKEN_HASH_SIZE);
        err = statement_run(&statement);
    }
    return err;
}

enum err second_factor_confirm(struct store *store, const char *account,
                               const uint8_t sealed[SECOND_FACTOR_SEALED_SIZE], int64_t step,
                               uint8_t hashes[RECOVERY_CODES_MAX][TOKEN_HASH_SIZE])
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = confirm_rows(store, account, sealed, step, hashes);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    database_rollback(&store->database);
    return err;
}

enum err second_factor_use(struct store *store, const char *account, int64_t step)
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "UPDATE second_factor SET used_step = ? WHERE account = ? AND used_step < ?");
    statement_bind_int(&statement, step);
    statement_bind_text(&statement, account);
    statement_bind_int(&statement, step);
    return run_changed(store, &statement, ERR_CONFLICT);
}

enum err second_factor_remove(struct store *store, const char *account)
{
    struct statement statement;
    statement_prepare(&statement, &store->database, "DELETE FROM second_factor WHERE account = ?");
    statement_bind_text(&statement, account);
    return run_changed(store, &statement, ERR_NOT_FOUND);
}

enum err recovery_code_use(struct store *store, const char *account,
                           const uint8_t hash[TOKEN_HASH_SIZE])
{
    struct statement statement;
    statement_prepare(&statement, &store->database,
                      "DELETE FROM recovery_code WHERE account = ? AND hash = ?");
    statement_bind_text(&statement, account);
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    return run_changed(store, &statement, ERR_NOT_FOUND);
}

enum err recovery_code_count(struct store *store, const char *account, uint32_t *ret_count)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, &store->database,
                      "SELECT count(*) FROM recovery_code WHERE account = ?");
    statement_bind_text(&statement, account);
    enum err err = statement_step(&statement, &row);
    *ret_count = err == ERR_NONE && row ? (uint32_t)statement_int(&statement, 0) : 0;
    statement_finish(&statement);
    return err;
}
