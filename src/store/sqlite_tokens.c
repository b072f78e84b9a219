#include "store/people.h"
#include "store/store_priv.h"

#define TOKEN_COLUMNS                                                                           \
    "hash, meeting, participant, name, delegation, capacity, language, created_at, expires_at," \
    " uses_left, revoked, door"

static void token_read(struct statement *statement, struct token_row *token)
{
    *token = (struct token_row){0};
    statement_copy_blob(statement, 0, token->hash, sizeof token->hash);
    statement_copy_text(statement, 1, token->meeting, sizeof token->meeting);
    statement_copy_text(statement, 2, token->participant, sizeof token->participant);
    statement_copy_text(statement, 3, token->name, sizeof token->name);
    statement_copy_text(statement, 4, token->delegation, sizeof token->delegation);
    if (!capacity_from_text(statement_text(statement, 5, NULL), &token->capacity) ||
        !language_from_text(statement_text(statement, 6, NULL), &token->language)) {
        statement->err = ERR_MALFORMED;
    }
    token->created_at = statement_int(statement, 7);
    token->expires_at = statement_int(statement, 8);
    token->uses_left = statement_int(statement, 9);
    token->revoked = statement_int(statement, 10) != 0;
    statement_copy_text(statement, 11, token->door, sizeof token->door);
}

enum err token_add(struct store *store, const struct token_row *token)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "INSERT INTO token (" TOKEN_COLUMNS
                    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    statement_bind_blob(&statement, token->hash, sizeof token->hash);
    statement_bind_text(&statement, token->meeting);
    statement_bind_text(&statement, token->participant);
    statement_bind_text(&statement, token->name);
    statement_bind_text(&statement, token->delegation);
    statement_bind_text(&statement, capacity_text(token->capacity));
    statement_bind_text(&statement, language_text(token->language));
    statement_bind_int(&statement, token->created_at);
    statement_bind_int(&statement, token->expires_at);
    statement_bind_int(&statement, token->uses_left);
    statement_bind_int(&statement, token->revoked);
    statement_bind_text(&statement, token->door);
    return statement_run(&statement);
}

enum err tokens_add(struct store *store, const struct token_row *tokens, uint32_t count)
{
    enum err err = database_begin(&store->database);
    for (uint32_t i = 0; i < count && err == ERR_NONE; i++) {
        err = token_add(store, &tokens[i]);
    }
    err = err == ERR_NONE ? database_commit(&store->database) : err;
    if (err != ERR_NONE) {
        database_rollback(&store->database);
    }
    return err;
}

static enum err token_read_one(struct statement *statement, struct token_row *ret_token)
{
    bool row = false;
    enum err err = statement_step(statement, &row);
    if (err == ERR_NONE && row) {
        token_read(statement, ret_token);
        err = statement->err;
    }
    statement_finish(statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

enum err token_find(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                    struct token_row *ret_token)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "SELECT " TOKEN_COLUMNS " FROM token WHERE hash = ?");
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    return token_read_one(&statement, ret_token);
}

enum err token_find_participant(struct store *store, const char *meeting, const char *participant,
                                struct token_row *ret_token)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "SELECT " TOKEN_COLUMNS
                    " FROM token WHERE meeting = ? AND participant = ? AND door = ''"
                    " ORDER BY created_at DESC LIMIT 1");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, participant);
    return token_read_one(&statement, ret_token);
}

static enum err token_use_counted(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                                  time_ms now)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "UPDATE token SET uses_left = uses_left - 1 WHERE hash = ?"
                    " AND revoked = 0 AND expires_at > ? AND uses_left > 0");
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    statement_bind_int(&statement, now);
    enum err err = statement_run(&statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_EXPIRED : err;
}

enum err token_use(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE], time_ms now)
{
    struct token_row token;
    enum err err = token_find(store, hash, &token);
    if (err != ERR_NONE) {
        return err;
    }
    // Without a count there is nothing to write.
    if (token.uses_left == TOKEN_USES_UNLIMITED) {
        return token.revoked || token.expires_at <= now ? ERR_EXPIRED : ERR_NONE;
    }
    return token_use_counted(store, hash, now);
}

static enum err token_run(struct store *store, struct statement *statement)
{
    enum err err = statement_run(statement);
    return err == ERR_NONE && database_changes(&store->database) == 0 ? ERR_NOT_FOUND : err;
}

enum err token_bind(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE],
                    const char *participant)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "UPDATE token SET participant = ? WHERE hash = ?");
    statement_bind_text(&statement, participant);
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    return token_run(store, &statement);
}

enum err token_revoke(struct store *store, const uint8_t hash[TOKEN_HASH_SIZE])
{
    struct statement statement;
    statement_reuse(&statement, &store->database, "UPDATE token SET revoked = 1 WHERE hash = ?");
    statement_bind_blob(&statement, hash, TOKEN_HASH_SIZE);
    return token_run(store, &statement);
}

enum err token_revoke_participant(struct store *store, const char *meeting, const char *participant)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "UPDATE token SET revoked = 1 WHERE meeting = ? AND participant = ?");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, participant);
    return statement_run(&statement);
}

enum err token_list(struct store *store, const char *meeting, token_visitor *visit, void *context)
{
    struct statement statement;
    struct token_row token;
    bool more = false;
    statement_reuse(&statement, &store->database,
                    "SELECT " TOKEN_COLUMNS
                    " FROM token WHERE meeting = ? ORDER BY created_at, hash");
    statement_bind_text(&statement, meeting);
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        token_read(&statement, &token);
        if (statement.err == ERR_NONE && !visit(context, &token)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}
