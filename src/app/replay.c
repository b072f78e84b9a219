#include "app/replay.h"

#include "base/log.h"

static bool replay_event(void *context, const struct event *event)
{
    struct meeting_state *state = context;
    meeting_apply(state, event);
    return true;
}

enum err replay_meeting(struct store *store, struct meeting_state *state)
{
    struct journal_verdict verdict;
    enum err err = journal_verify(store, state->meeting.id, &verdict);
    if (err != ERR_NONE) {
        return err;
    }
    if (verdict.bad_seq != 0 || verdict.reason != NULL) {
        log_event(LOG_ERROR, "journal.broken", LOG_TEXT("meeting", state->meeting.id),
                  LOG_INT("seq", verdict.bad_seq), LOG_TEXT("reason", verdict.reason));
        return ERR_MALFORMED;
    }
    err = journal_read(store, state->meeting.id, 0, replay_event, state);
    if (err != ERR_NONE) {
        return err;
    }
    return state->seq > 0 ? ERR_NONE : ERR_NOT_FOUND;
}
