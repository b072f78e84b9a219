#include <stdlib.h>
#include <string.h>

#include "contract/json.h"
#include "store/house_priv.h"

#define BODY_COLUMNS "data, (SELECT count(*) FROM plan WHERE plan.body = body.id)"

static void body_read(struct statement *statement, struct body *body)
{
    char field[CODEC_FIELD_MAX + 1];
    *body = (struct body){0};
    json_t *data = house_data(statement, 0);
    if (data != NULL && body_decode(data, body, field) != ERR_NONE) {
        statement->err = ERR_MALFORMED;
    }
    json_decref(data);
    body->meetings = statement_int(statement, 1);
}

// How many meetings it has is counted, not kept.
static char *body_text(const struct body *body)
{
    struct body kept = *body;
    kept.meetings = 0;
    return house_text(body_encode(&kept));
}

static enum err body_write(struct store *store, const char *sql, const struct body *body,
                           bool must_meet, const struct house_act *act)
{
    struct statement statement;
    char *text = body_text(body);
    if (text == NULL) {
        return ERR_FULL;
    }
    statement_reuse(&statement, &store->database, sql);
    statement_bind_text(&statement, body->code);
    statement_bind_text(&statement, text);
    statement_bind_text(&statement, body->id);
    enum err err = house_change(store, &statement, must_meet, act);
    free(text);
    return err;
}

enum err body_add(struct store *store, const struct body *body, const struct house_act *act)
{
    return body_write(store, "INSERT INTO body (code, data, id) VALUES (?, ?, ?)", body, false,
                      act);
}

enum err body_update(struct store *store, const struct body *body, const struct house_act *act)
{
    return body_write(store, "UPDATE body SET code = ?, data = ? WHERE id = ?", body, true, act);
}

enum err body_delete(struct store *store, const char *id, const struct house_act *act)
{
    struct statement statement;
    statement_reuse(&statement, &store->database, "DELETE FROM body WHERE id = ?");
    statement_bind_text(&statement, id);
    return house_change(store, &statement, true, act);
}

enum err body_get(struct store *store, const char *id, struct body *ret_body)
{
    struct statement statement;
    bool row = false;
    statement_reuse(&statement, &store->database, "SELECT " BODY_COLUMNS " FROM body WHERE id = ?");
    statement_bind_text(&statement, id);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        body_read(&statement, ret_body);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

enum err body_list(struct store *store, body_visitor *visit, void *context)
{
    struct statement statement;
    struct body body;
    bool more = false;
    statement_reuse(&statement, &store->database,
                    "SELECT " BODY_COLUMNS " FROM body ORDER BY code, id");
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        body_read(&statement, &body);
        if (statement.err == ERR_NONE && !visit(context, &body)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}
