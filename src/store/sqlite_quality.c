#include "store/quality.h"
#include "store/store_priv.h"

#define QUALITY_COLUMNS                                                                      \
    "participant, minute, samples, round_trip_ms, jitter_ms, jitter_ms_max, loss_permille, " \
    "loss_permille_max, packets_per_s, sounds, limiter_hits, levels, level_db, bandwidths, " \
    "bandwidth_hz"

#define ADD(column) column " = " column " + excluded." column
#define MAX(column) column " = max(" column ", excluded." column ")"

static enum err quality_put_row(struct database *database, const char *meeting,
                                const struct quality_row *row)
{
    const struct quality_minute *minute = &row->minute;
    const int64_t values[] = {minute->at,
                              minute->samples,
                              minute->round_trip_ms_sum,
                              minute->jitter_ms_sum,
                              minute->jitter_ms_max,
                              minute->loss_permille_sum,
                              minute->loss_permille_max,
                              minute->packets_per_s_sum,
                              minute->sounds,
                              minute->limiter_hits,
                              minute->levels,
                              minute->level_db_sum,
                              minute->bandwidths,
                              minute->bandwidth_hz_sum};
    struct statement statement;
    statement_prepare(&statement, database,
                      "INSERT INTO quality (meeting, " QUALITY_COLUMNS
                      ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                      " ON CONFLICT (meeting, minute, participant) DO UPDATE SET " ADD(
                          "samples") ", " ADD("round_trip_ms") ", " ADD("jitter_ms") ", "
                      MAX("jitter_ms_max") ", " ADD("loss_permille") ", " MAX("loss_permille_max")
                      ", " ADD("packets_per_s") ", " ADD("sounds") ", " ADD("limiter_hits") ", "
                      ADD("levels") ", " ADD("level_db") ", " ADD("bandwidths") ", "
                      ADD("bandwidth_hz"));
    statement_bind_text(&statement, meeting);
    statement_bind_text(&statement, row->participant);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        statement_bind_int(&statement, values[i]);
    }
    return statement_run(&statement);
}

static enum err quality_need_room(struct database *database, const char *meeting, uint32_t count)
{
    struct statement statement;
    bool row = false;
    statement_prepare(&statement, database, "SELECT count(*) FROM quality WHERE meeting = ?");
    statement_bind_text(&statement, meeting);
    enum err err = statement_step(&statement, &row);
    if (err == ERR_NONE && row && statement_int(&statement, 0) + count > STORE_QUALITY_ROWS_MAX) {
        err = ERR_FULL;
    }
    statement_finish(&statement);
    return err;
}

enum err quality_put(struct store *store, const char *meeting, const struct quality_row *rows,
                     uint32_t count)
{
    enum err err = database_begin(&store->database);
    if (err == ERR_NONE) {
        err = quality_need_room(&store->database, meeting, count);
    }
    for (uint32_t i = 0; i < count && err == ERR_NONE; i++) {
        err = quality_put_row(&store->database, meeting, &rows[i]);
    }
    if (err == ERR_NONE) {
        err = database_commit(&store->database);
    }
    if (err != ERR_NONE) {
        database_rollback(&store->database);
    }
    return err;
}

static void quality_read_row(struct statement *statement, struct quality_row *row)
{
    *row = (struct quality_row){0};
    struct quality_minute *minute = &row->minute;
    statement_copy_text(statement, 0, row->participant, sizeof row->participant);
    minute->at = statement_int(statement, 1);
    minute->samples = (uint32_t)statement_int(statement, 2);
    minute->round_trip_ms_sum = (uint32_t)statement_int(statement, 3);
    minute->jitter_ms_sum = (uint32_t)statement_int(statement, 4);
    minute->jitter_ms_max = (uint32_t)statement_int(statement, 5);
    minute->loss_permille_sum = (uint32_t)statement_int(statement, 6);
    minute->loss_permille_max = (uint32_t)statement_int(statement, 7);
    minute->packets_per_s_sum = (uint32_t)statement_int(statement, 8);
    minute->sounds = (uint32_t)statement_int(statement, 9);
    minute->limiter_hits = (uint32_t)statement_int(statement, 10);
    minute->levels = (uint32_t)statement_int(statement, 11);
    minute->level_db_sum = (int32_t)statement_int(statement, 12);
    minute->bandwidths = (uint32_t)statement_int(statement, 13);
    minute->bandwidth_hz_sum = (uint32_t)statement_int(statement, 14);
}

enum err quality_read(struct store *store, const char *meeting, quality_visitor *visit,
                      void *context)
{
    struct statement statement;
    struct quality_row found;
    bool row = true;
    statement_prepare(&statement, &store->database,
                      "SELECT " QUALITY_COLUMNS
                      " FROM quality WHERE meeting = ? ORDER BY minute, participant");
    statement_bind_text(&statement, meeting);
    enum err err = ERR_NONE;
    while (err == ERR_NONE && row) {
        err = statement_step(&statement, &row);
        if (err == ERR_NONE && row) {
            quality_read_row(&statement, &found);
            err = statement.err;
            row = err == ERR_NONE && visit(context, &found);
        }
    }
    statement_finish(&statement);
    return err;
}
