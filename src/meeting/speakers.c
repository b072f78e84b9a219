// The list of speakers: who asked for the floor, in the server's order, one request for each
// participant.
#include "meeting/meeting_priv.h"

static void speakers_emit_removed(struct outcome *outcome, int64_t request)
{
    outcome_draft(outcome, EVENT_REQUEST_REMOVED)->as.request_removed.request = request;
    outcome_emit(outcome);
}

void speakers_remove_participant(struct outcome *outcome, const char *participant)
{
    const struct request *request = meeting_find_request(outcome->state, participant);
    if (request != NULL) {
        speakers_emit_removed(outcome, request->id);
    }
}

void speakers_clear(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    while (meeting->requests_count > 0) {
        speakers_emit_removed(outcome, meeting->requests[0].id);
    }
}

static enum err speakers_append(struct outcome *outcome, const struct participant *participant)
{
    const struct meeting_state *state = outcome->state;
    if (meeting_find_request(state, participant->id) != NULL) {
        return outcome_refuse(outcome, REFUSAL_ALREADY_LISTED);
    }
    if (state->meeting.requests_count >= MEETING_REQUESTS_MAX) {
        return outcome_refuse_most(outcome, REFUSAL_LIST_FULL, MEETING_REQUESTS_MAX);
    }
    struct event *event = outcome_draft(outcome, EVENT_REQUEST_ADDED);
    struct request *request = &event->as.request_added.request;
    request->id = state->last_request + 1;
    id_copy(request->participant, participant->id);
    const struct agenda_item *item = meeting_current_item(state);
    if (item != NULL) {
        id_copy(request->item, item->id);
    }
    request->asked_at = outcome->now;
    outcome_emit(outcome);
    return ERR_NONE;
}

enum err speakers_request(struct outcome *outcome)
{
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    // A closed list is closed to delegations; the chair and the secretariat may still add.
    if (outcome->state->meeting.list == LIST_STATE_CLOSED &&
        !capacity_can(outcome->caller->capacity, ABILITY_SITS_ON_PODIUM)) {
        return outcome_refuse(outcome, REFUSAL_LIST_CLOSED);
    }
    return speakers_append(outcome, outcome->caller);
}

enum err speakers_withdraw(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (meeting_find_request(outcome->state, outcome->caller->id) == NULL) {
        return outcome_refuse(outcome, REFUSAL_NOT_LISTED);
    }
    speakers_remove_participant(outcome, outcome->caller->id);
    return ERR_NONE;
}

enum err speakers_add(struct outcome *outcome)
{
    enum err err = ERR_NONE;
    const struct participant *participant = outcome_participant(
        outcome, outcome->command->as.request_add.participant, &err);
    if (participant == NULL) {
        return err;
    }
    if (!capacity_can(participant->capacity, ABILITY_SPEAKS)) {
        return outcome_refuse(outcome, REFUSAL_CANNOT_HAVE_FLOOR);
    }
    return speakers_append(outcome, participant);
}

enum err speakers_move(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    int64_t request = outcome->command->as.request_move.request;
    int64_t position = outcome->command->as.request_move.position;
    uint32_t at = speakers_request_at(meeting, request);
    if (at == meeting->requests_count) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_REQUEST);
    }
    if (position < 1) {
        return outcome_refuse(outcome, REFUSAL_POSITIONS_FROM_ONE);
    }
    // Someone may have left the list while the request was being dragged to its end.
    if (position > (int64_t)meeting->requests_count) {
        position = (int64_t)meeting->requests_count;
    }
    if (position != (int64_t)at + 1) {
        struct event *event = outcome_draft(outcome, EVENT_REQUEST_MOVED);
        event->as.request_moved.request = request;
        event->as.request_moved.position = position;
        outcome_emit(outcome);
    }
    return ERR_NONE;
}

enum err speakers_remove(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    int64_t request = outcome->command->as.request_remove.request;
    if (speakers_request_at(meeting, request) == meeting->requests_count) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_REQUEST);
    }
    speakers_emit_removed(outcome, request);
    return ERR_NONE;
}

static enum err speakers_set(struct outcome *outcome, enum list_state list)
{
    if (outcome->state->meeting.list != list) {
        outcome_draft(outcome, EVENT_LIST_CHANGED)->as.list_changed.state = list;
        outcome_emit(outcome);
    }
    return ERR_NONE;
}

enum err speakers_open(struct outcome *outcome)
{
    return speakers_set(outcome, LIST_STATE_OPEN);
}

enum err speakers_close(struct outcome *outcome)
{
    return speakers_set(outcome, LIST_STATE_CLOSED);
}
