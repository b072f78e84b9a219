#include <stdlib.h>
#include <string.h>

#include "contract/json.h"
#include "store/house.h"
#include "store/house_priv.h"

enum err house_act_write(struct store *store, const struct house_act *act)
{
    struct statement statement;
    statement_reuse(&statement, &store->database,
                    "INSERT INTO house_act (at, by, act, meeting, subject) VALUES (?, ?, ?, ?, ?)");
    statement_bind_int(&statement, act->at);
    statement_bind_text(&statement, act->by);
    statement_bind_text(&statement, act->act);
    statement_bind_text(&statement, act->meeting);
    statement_bind_text(&statement, act->subject);
    return statement_run(&statement);
}

enum err house_note(struct store *store, const struct house_act *act)
{
    return house_act_write(store, act);
}

enum err house_acts(struct store *store, house_act_visitor *visit, void *context)
{
    struct statement statement;
    bool more = false;
    statement_reuse(&statement, &store->database,
                    "SELECT at, by, act, meeting, subject FROM house_act ORDER BY number DESC");
    enum err err = statement_step(&statement, &more);
    while (err == ERR_NONE && more) {
        const struct house_act act = {.at = statement_int(&statement, 0),
                                      .by = statement_text(&statement, 1, NULL),
                                      .act = statement_text(&statement, 2, NULL),
                                      .meeting = statement_text(&statement, 3, NULL),
                                      .subject = statement_text(&statement, 4, NULL)};
        if (!visit(context, &act)) {
            break;
        }
        err = statement_step(&statement, &more);
    }
    statement_finish(&statement);
    return err;
}

enum err house_change(struct store *store, struct statement *statement, bool must_meet,
                      const struct house_act *act)
{
    struct database *database = &store->database;
    enum err err = database_begin(database);
    if (err != ERR_NONE) {
        statement_finish(statement);
        return err;
    }
    err = statement_run(statement);
    if (err == ERR_NONE && must_meet && database_changes(database) == 0) {
        err = ERR_NOT_FOUND;
    }
    err = err == ERR_NONE ? house_act_write(store, act) : err;
    err = err == ERR_NONE ? database_commit(database) : err;
    if (err != ERR_NONE) {
        database_rollback(database);
    }
    return err;
}

char *house_text(json_t *data)
{
    char *text = data != NULL ? json_dumps(data, JSON_COMPACT) : NULL;
    json_decref(data);
    return text;
}

json_t *house_data(struct statement *statement, int column)
{
    size_t length = 0;
    const char *text = statement_text(statement, column, &length);
    json_t *data = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    if (data == NULL && statement->err == ERR_NONE) {
        statement->err = ERR_MALFORMED;
    }
    return data;
}
