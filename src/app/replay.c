#include "app/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"

struct replay {
    struct meeting_state *state;
    const struct event *event; // being applied
    const char *broken;        // an invariant
    struct replay_fault *fault;
};

static enum err blame(struct replay_fault *fault, uint64_t seq, const char *reason)
{
    fault->seq = seq;
    text_copy_cut(fault->reason, sizeof(fault->reason), reason);
    return ERR_SET_ASIDE;
}

static enum err blame_event(struct replay_fault *fault, uint64_t seq, const char *assertion)
{
    struct text_builder words = text_builder(fault->reason, sizeof(fault->reason));
    fault->seq = seq;
    text_append(&words, "an event that cannot be: ");
    text_append(&words, assertion);
    return ERR_SET_ASIDE;
}

static void apply(void *context)
{
    const struct replay *replay = context;
    meeting_apply(replay->state, replay->event);
}

static void check(void *context)
{
    struct replay *replay = context;
    replay->broken = meeting_check(replay->state, true);
}

// What the core takes for a bug where it decides, is here another's journal: the core is pure, and
// its state is thrown away.
static bool replay_event(void *context, const struct event *event)
{
    struct replay *replay = context;
    replay->event = event;
    const char *assertion = assert_try(apply, replay);
    if (assertion != NULL) {
        (void)blame_event(replay->fault, event->seq, assertion);
    }
    return assertion == NULL;
}

static enum err verify(struct store *store, const char *meeting, struct replay_fault *fault)
{
    struct journal_verdict verdict;
    enum err err = journal_verify(store, meeting, &verdict);
    if (err == ERR_MALFORMED) {
        return blame(fault, 0, "its head cannot be read");
    }
    if (err == ERR_NONE && verdict.reason != NULL) {
        return blame(fault, verdict.bad_seq, verdict.reason);
    }
    // The chain holds, but nobody can say any more what happened.
    return err == ERR_NONE && verdict.emptied > 0
               ? blame(fault, verdict.emptied_seq, "an event whose data were destroyed")
               : err;
}

static enum err apply_all(struct store *store, struct replay *replay)
{
    const struct meeting_state *state = replay->state;
    struct replay_fault *fault = replay->fault;
    enum err err = journal_read(store, state->meeting.id, 0, replay_event, replay);
    if (err == ERR_MALFORMED) {
        return blame(fault, state->seq + 1, "an event that this server cannot read");
    }
    if (err != ERR_NONE || fault->reason[0] != '\0') {
        return err != ERR_NONE ? err : ERR_SET_ASIDE;
    }
    if (state->seq == 0) {
        return ERR_NOT_FOUND;
    }
    const char *assertion = assert_try(check, replay);
    if (assertion != NULL || replay->broken != NULL) {
        return blame(fault, state->seq, assertion != NULL ? assertion : replay->broken);
    }
    return ERR_NONE;
}

enum err replay_try(struct store *store, const char *meeting, struct meeting_state *state,
                    struct replay_fault *ret_fault)
{
    struct replay replay = {.state = state, .fault = ret_fault};
    *ret_fault = (struct replay_fault){0};
    if (strlen(meeting) > CONTRACT_ID_MAX) {
        return blame(ret_fault, 0, "no meeting is called so");
    }
    meeting_state_init(state, meeting);
    enum err err = verify(store, meeting, ret_fault);
    return err == ERR_NONE ? apply_all(store, &replay) : err;
}

enum err replay_meeting(struct store *store, const char *meeting, struct meeting_state *state)
{
    struct replay_fault fault;
    enum err err = replay_try(store, meeting, state, &fault);
    if (err == ERR_SET_ASIDE) {
        log_event(LOG_ERROR, "journal.broken", LOG_TEXT("meeting", meeting),
                  LOG_INT("seq", fault.seq), LOG_TEXT("reason", fault.reason));
    }
    return err;
}

struct examination {
    struct store *store;
    replay_fault_visitor *visit;
    void *context;
    struct meeting_state *state;
    uint32_t meetings;
    enum err err;
};

static bool examine_meeting(void *context, const char *meeting, uint64_t last_seq)
{
    struct examination *examination = context;
    struct replay_fault fault;
    (void)last_seq;
    examination->meetings++;
    enum err err = replay_try(examination->store, meeting, examination->state, &fault);
    if (err == ERR_SET_ASIDE) {
        examination->visit(examination->context, meeting, &fault);
        err = ERR_NONE;
    }
    examination->err = err;
    return err == ERR_NONE;
}

enum err replay_examine(struct store *store, replay_fault_visitor *visit, void *context,
                        uint32_t *ret_meetings)
{
    struct examination examination = {.store = store, .visit = visit, .context = context};
    examination.state = calloc(1, sizeof(*examination.state));
    if (examination.state == NULL) {
        return ERR_FULL;
    }
    enum err err = journal_meetings(store, examine_meeting, &examination);
    free(examination.state);
    *ret_meetings = examination.meetings;
    return err != ERR_NONE ? err : examination.err;
}
