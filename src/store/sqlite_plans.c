#include <stdlib.h>
#include <string.h>

#include "contract/json.h"
#include "store/house_priv.h"

static void plan_from_row(struct statement *statement, struct plan *plan)
{
    char field[CODEC_FIELD_MAX + 1];
    *plan = (struct plan){0};
    json_t *data = house_data(statement, 0);
    if (data != NULL && plan_decode(data, plan, field) != ERR_NONE) {
        statement->err = ERR_MALFORMED;
    }
    json_decref(data);
}

static void plan_bind(struct statement *statement, const struct plan *plan, const char *text)
{
    statement_bind_text(statement, plan->body);
    statement_bind_text(statement, plan->last_day);
    statement_bind_text(statement, text);
    statement_bind_text(statement, plan->id);
}

static enum err plan_write(struct store *store, const char *sql, const struct plan *plan,
                           bool must_meet, const struct house_act *act)
{
    struct statement statement;
    char *text = house_text(plan_encode(plan));
    if (text == NULL) {
        return ERR_FULL;
    }
    statement_reuse(&statement, &store->database, sql);
    plan_bind(&statement, plan, text);
    enum err err = house_change(store, &statement, must_meet, act);
    free(text);
    return err;
}

enum err plan_add(struct store *store, const struct plan *plan, const struct house_act *act)
{
    return plan_write(store, "INSERT INTO plan (body, last_day, data, id) VALUES (?, ?, ?, ?)",
                      plan, false, act);
}

#define PLAN_UPDATE "UPDATE plan SET body = ?, last_day = ?, data = ? WHERE id = ?"

enum err plan_update(struct store *store, const struct plan *plan, const struct house_act *act)
{
    return plan_write(store, PLAN_UPDATE, plan, true, act);
}

enum err plan_count(struct store *store, const struct plan *plan)
{
    struct statement statement;
    char *text = house_text(plan_encode(plan));
    if (text == NULL) {
        return ERR_FULL;
    }
    statement_prepare(&statement, &store->database, PLAN_UPDATE);
    plan_bind(&statement, plan, text);
    enum err err = statement_run(&statement);
    free(text);
    return err;
}

enum err plan_get(struct store *store, const char *id, struct plan *ret_plan)
{
    struct statement statement;
    bool row = false;
    statement_reuse(&statement, &store->database, "SELECT data FROM plan WHERE id = ?");
    statement_bind_text(&statement, id);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row) {
        plan_from_row(&statement, ret_plan);
        err = statement.err;
    }
    statement_finish(&statement);
    return err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
}

enum err plan_list(struct store *store, const char *after, plan_visitor *visit, void *context)
{
    struct statement statement;
    struct plan plan;
    bool more = false;
    statement_reuse(&statement, &store->database,
                    "SELECT data FROM plan WHERE ?1 = '' OR (last_day, id) <"
                    " (SELECT last_day, id FROM plan WHERE id = ?1)"
                    " ORDER BY last_day DESC, id DESC");
    statement_bind_text(&statement, after);
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        plan_from_row(&statement, &plan);
        if (statement.err == ERR_NONE && !visit(context, &plan)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}
