// Contents that are to be there no longer; their bytes are overwritten (secure_delete).
#include "store/eraser_priv.h"
#include "store/store_priv.h"
#include "store/write_turn.h"

static enum err delete_row(struct database *database, const char *meeting, const char *id)
{
    struct statement statement;
    statement_prepare(&statement, database,
                      "DELETE FROM content WHERE meeting = ? AND content = ?");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, id);
    return statement_run(&statement);
}

// One of those that are left, so that the journal waits for one at most. Whether there was one.
static enum err delete_chunk(struct database *database, const char *meeting, const char *id,
                             bool *ret_found)
{
    struct statement statement;
    statement_prepare(&statement, database,
                      "DELETE FROM content_chunk WHERE (meeting, content, at) IN"
                      " (SELECT meeting, content, at FROM content_chunk"
                      " WHERE meeting = ? AND content = ? LIMIT 1)");
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, id);
    enum err err = statement_run(&statement);
    *ret_found = err == ERR_NONE && database_changes(database) > 0;
    return err;
}

enum err content_delete(struct database *database, const char *meeting, const char *content)
{
    bool found = true;
    write_turn_take(WRITE_TURN_PIECE);
    enum err err = delete_row(database, meeting, content);
    write_turn_give();
    while (err == ERR_NONE && found) {
        write_turn_take(WRITE_TURN_PIECE);
        err = delete_chunk(database, meeting, content, &found);
        write_turn_give();
    }
    return err;
}
