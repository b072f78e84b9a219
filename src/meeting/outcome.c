#include "meeting/meeting_priv.h"

#include <string.h>

void outcome_judge(struct outcome *outcome, const struct meeting_state *state, time_ms now)
{
    memset(outcome, 0, sizeof *outcome);
    outcome->state = state;
    outcome->now = now > state->at ? now : state->at;
}

void outcome_begin(struct outcome *outcome, struct meeting_state *state, time_ms now,
                   struct event_list *events)
{
    outcome_judge(outcome, state, now);
    outcome->applied = state;
    outcome->events = events;
    events->count = 0;
}

struct event *outcome_draft(struct outcome *outcome, enum event_type type)
{
    ASSERT(outcome->applied != NULL && !outcome->drafted);
    ASSERT(outcome->events->count < EVENT_LIST_MAX);
    struct event *event = &outcome->events->events[outcome->events->count];
    memset(event, 0, sizeof *event);
    event->seq = outcome->state->seq + 1;
    event->at = outcome->now;
    event->type = type;
    event->on_behalf_of_chair = outcome->on_behalf_of_chair;
    if (outcome->caller != NULL) {
        id_copy(event->by, outcome->caller->id);
    }
    outcome->drafted = true;
    return event;
}

void outcome_emit(struct outcome *outcome)
{
    ASSERT(outcome->drafted);
    const struct event *event = &outcome->events->events[outcome->events->count++];
    outcome->drafted = false;
    meeting_apply(outcome->applied, event);
    if (event->type == EVENT_PARTICIPANT_REMOVED && outcome->caller != NULL) {
        outcome->caller = meeting_find_participant(outcome->state, event->by); // stands elsewhere
    }
}

enum err outcome_need_participant(struct outcome *outcome)
{
    if (outcome->caller == NULL) {
        return outcome_refuse(outcome, REFUSAL_PARTICIPANTS_ALONE);
    }
    return ERR_NONE;
}

enum err outcome_need_in_room(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (outcome->caller->presence != PRESENCE_PRESENT) {
        return outcome_refuse(outcome, REFUSAL_NOT_IN_ROOM);
    }
    return ERR_NONE;
}

const struct participant *outcome_participant(struct outcome *outcome, const char *id,
                                              enum err *ret_err)
{
    const struct participant *participant = meeting_find_participant(outcome->state, id);
    if (participant == NULL) {
        *ret_err = outcome_refuse(outcome, REFUSAL_NO_SUCH_PARTICIPANT);
    }
    return participant;
}

enum err outcome_need_desk(struct outcome *outcome, const struct booth **ret_booth,
                           const struct desk **ret_desk)
{
    enum err err = outcome_need_in_room(outcome);
    return err != ERR_NONE ? err : outcome_need_listener(outcome, ret_booth, ret_desk);
}

enum err outcome_need_listener(struct outcome *outcome, const struct booth **ret_booth,
                               const struct desk **ret_desk)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    return booth_find_desk(outcome->state, outcome->caller->id, ret_booth, ret_desk)
               ? ERR_NONE
               : outcome_refuse(outcome, REFUSAL_NO_DESK);
}
