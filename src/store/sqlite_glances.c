#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "contract/json.h"
#include "store/glances.h"
#include "store/store_priv.h"

// A seat has somebody who sits in it, in JSON; what is kept is everybody's.
#define ANYBODY "anybody"

void glance_describe(const struct meeting *meeting, struct seat *seat)
{
    seat->sitting = meeting->sitting;
    memcpy(seat->title, meeting->title, sizeof seat->title);
    memcpy(seat->body, meeting->body, sizeof seat->body);
    text_copy_cut(seat->meeting, sizeof seat->meeting, meeting->id);
}

// ---- Keeping

static char *seat_text(const struct meeting *meeting)
{
    struct seat seat = {.participant = ANYBODY};
    glance_describe(meeting, &seat);
    json_t *data = seat_encode(&seat);
    char *text = data != NULL ? json_dumps(data, JSON_COMPACT) : NULL;
    json_decref(data);
    return text;
}

static enum err put_seat(struct database *database, const char *stream, uint64_t seq,
                         const char *text)
{
    struct statement statement;
    statement_reuse(&statement, database,
                    "INSERT INTO glance (stream, seq, hash, seat)"
                    " SELECT stream, seq, hash, ?1 FROM journal_head WHERE stream = ?2 AND seq = ?3"
                    " ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash,"
                    " seat = excluded.seat");
    statement_bind_text(&statement, text);
    statement_bind_text(&statement, stream);
    statement_bind_int(&statement, (int64_t)seq);
    return statement_run(&statement);
}

static enum err put_people(struct database *database, const char *stream,
                           const struct meeting *meeting)
{
    struct statement statement;
    statement_reuse(&statement, database, "DELETE FROM glance_person WHERE stream = ?");
    statement_bind_text(&statement, stream);
    enum err err = statement_run(&statement);
    statement_reuse(&statement, database,
                    "INSERT INTO glance_person (stream, participant, capacity) VALUES (?, ?, ?)");
    for (uint32_t i = 0; i < meeting->participants_count && err == ERR_NONE; i++) {
        statement_bind_text(&statement, stream);
        statement_bind_text(&statement, meeting->participants[i].id);
        statement_bind_text(&statement, capacity_text(meeting->participants[i].capacity));
        err = statement_run_again(&statement);
    }
    statement_finish(&statement);
    return err;
}

enum err glance_put(struct store *store, const struct meeting *meeting, uint64_t seq)
{
    struct database *database = &store->database;
    struct journal_stream stream = journal_stream_of(meeting->id);
    char *text = seat_text(meeting);
    enum err err = text != NULL ? database_begin(database) : ERR_FULL;
    if (err == ERR_NONE) {
        err = put_seat(database, stream.name, seq, text);
        if (err == ERR_NONE && database_changes(database) > 0) {
            err = put_people(database, stream.name, meeting);
        }
        err = err == ERR_NONE ? database_commit(database) : err;
        if (err != ERR_NONE) {
            database_rollback(database);
        }
    }
    free(text);
    return err;
}

// ---- Looking

// False for what cannot be read, which is as good as nothing: the journal says it again.
static bool seat_read(const char *text, const char *capacity, struct seat *ret_seat)
{
    char field[CODEC_FIELD_MAX + 1];
    json_t *data = json_loads(text, 0, NULL);
    bool good = data != NULL && seat_decode(data, ret_seat, field) == ERR_NONE;
    json_decref(data);
    return good && (capacity[0] == '\0' || capacity_from_text(capacity, &ret_seat->capacity));
}

enum err glance_get(struct store *store, const char *meeting, const char *participant,
                    struct seat *ret_seat, bool *ret_listed)
{
    struct journal_stream stream = journal_stream_of(meeting);
    struct statement statement;
    bool row = false;
    *ret_seat = (struct seat){0};
    statement_reuse(&statement, &store->database,
                    "SELECT seat, (SELECT capacity FROM glance_person WHERE"
                    " glance_person.stream = glance.stream AND participant = ?1)"
                    " FROM glance JOIN journal_head USING (stream, seq, hash) WHERE stream = ?2");
    statement_bind_text(&statement, participant);
    statement_bind_text(&statement, stream.name);
    enum err err = statement_step(&statement, &row);
    err = err == ERR_NONE && !row ? ERR_NOT_FOUND : err;
    if (err == ERR_NONE) {
        const char *capacity = statement_text(&statement, 1, NULL);
        *ret_listed = capacity[0] != '\0';
        err = seat_read(statement_text(&statement, 0, NULL), capacity, ret_seat) ? ERR_NONE
                                                                                 : ERR_NOT_FOUND;
        text_copy_cut(ret_seat->participant, sizeof ret_seat->participant, participant);
    }
    statement_finish(&statement);
    return err;
}
