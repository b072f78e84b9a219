#include "app/glance.h"

#include <stdlib.h>
#include <string.h>

#include "app/replay.h"
#include "base/text.h"
#include "store/glances.h"

void glance_keep(const struct app *app, const struct meeting_state *state)
{
    // Without it the meeting is read again when it is looked at.
    (void)!glance_put(app->store, &state->meeting, state->seq);
}

// One of the audience is in no list; their link tells of them.
static enum err look_at_audience(const struct app *app, const char *id, struct seat *seat)
{
    struct participant listener;
    enum err err = audience_is(id) ? audience_read(app, seat->meeting, id, &listener)
                                   : ERR_FORBIDDEN;
    if (err == ERR_NONE) {
        seat->capacity = listener.capacity;
    }
    return err;
}

static bool look_in(const struct meeting *meeting, const char *participant, struct seat *ret_seat)
{
    *ret_seat = (struct seat){0};
    glance_describe(meeting, ret_seat);
    text_copy_cut(ret_seat->participant, sizeof(ret_seat->participant), participant);
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        if (text_equal(meeting->participants[i].id, participant)) {
            ret_seat->capacity = meeting->participants[i].capacity;
            return true;
        }
    }
    return false;
}

// From the journal, and kept for the next who asks.
static enum err read_journal(const struct app *app, const char *meeting, const char *participant,
                             struct seat *ret_seat, bool *ret_listed)
{
    uint64_t seq = 0;
    uint8_t hash[JOURNAL_HASH_SIZE];
    enum err err = journal_head(app->store, meeting, &seq, hash);
    if (err != ERR_NONE || seq == 0) {
        return err == ERR_NONE || err == ERR_TOO_LARGE ? ERR_FORBIDDEN : err;
    }
    struct meeting_state *state = calloc(1, sizeof(*state));
    err = state != NULL ? replay_meeting(app->store, meeting, state) : ERR_FULL;
    if (err == ERR_NONE) {
        glance_keep(app, state);
        *ret_listed = look_in(&state->meeting, participant, ret_seat);
    }
    free(state);
    return err;
}

enum err glance_find(const struct app *app, const char *meeting, const char *participant,
                     struct seat *ret_seat)
{
    bool listed = false;
    enum err err = glance_get(app->store, meeting, participant, ret_seat, &listed);
    if (err == ERR_NOT_FOUND) {
        err = read_journal(app, meeting, participant, ret_seat, &listed);
    }
    return err == ERR_NONE && !listed ? look_at_audience(app, participant, ret_seat) : err;
}
