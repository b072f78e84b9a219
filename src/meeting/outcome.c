#include "meeting/meeting_priv.h"

#include <string.h>

void outcome_begin(struct outcome *outcome, const struct meeting_state *state, time_ms now,
                   struct event_list *events)
{
    const struct meeting *meeting = &state->meeting;
    memset(outcome, 0, sizeof *outcome);
    outcome->state = state;
    outcome->now = now > state->at ? now : state->at;
    outcome->events = events;
    outcome->floor_count = meeting->floor_count;
    memcpy(outcome->floor, meeting->floor, sizeof outcome->floor);
    outcome->booth_count = meeting->booths_count;
    memcpy(outcome->booths, meeting->booths, sizeof outcome->booths);
    memcpy(outcome->channels, meeting->channels, sizeof outcome->channels);
    outcome->feed_count = meeting->feeds_count;
    memcpy(outcome->feeds, meeting->feeds, sizeof outcome->feeds);
    id_copy(outcome->screen, state->screen);
    outcome->gone = "";
    outcome->floor_language = meeting->floor_language;
    outcome->auto_relay = meeting->auto_relay;
    outcome->auto_relay_booth = meeting->auto_relay_booth;
    events->count = 0;
}

struct event *outcome_emit(struct outcome *outcome, enum event_type type)
{
    struct event_list *events = outcome->events;
    ASSERT(events->count < EVENT_LIST_MAX);
    struct event *event = &events->events[events->count++];
    memset(event, 0, sizeof *event);
    event->seq = outcome->state->seq + events->count;
    event->at = outcome->now;
    event->type = type;
    event->on_behalf_of_chair = outcome->on_behalf_of_chair;
    if (outcome->caller != NULL) {
        id_copy(event->by, outcome->caller->id);
    }
    return event;
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
