// Participants come and go; an interpreter comes with a desk. One of the audience is no
// participant, but while they call for help: whoever answers the call sees whose it is.
#include "meeting/meeting_priv.h"
#include "meeting/setup.h"

#include <string.h>

// ERR_NONE, or why nobody can be in that delegation, and have that office.
static enum err place_refusal(const struct meeting_state *state,
                              const struct participant *participant, struct refusal *ret_refusal)
{
    if (participant->delegation[0] != '\0' &&
        meeting_find_delegation(state, participant->delegation) == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_DELEGATION);
    }
    if (participant->office[0] != '\0' && meeting_find_office(state, participant->office) == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_OFFICE);
    }
    return ERR_NONE;
}

// ERR_NONE, or why this participant cannot be added.
static enum err participant_refusal(const struct meeting_state *state,
                                    const struct participant *participant,
                                    struct refusal *ret_refusal)
{
    if (!id_is_valid(participant->id)) {
        return refuse(ret_refusal, REFUSAL_PARTICIPANT_NEEDS_ID);
    }
    if (meeting_find_participant(state, participant->id) != NULL) {
        return refuse(ret_refusal, REFUSAL_PARTICIPANT_EXISTS);
    }
    enum err err = place_refusal(state, participant, ret_refusal);
    if (err != ERR_NONE || !capacity_can(participant->capacity, ABILITY_HAS_DESK)) {
        return err;
    }
    if (participant->language == LANGUAGE_NONE) {
        return refuse(ret_refusal, REFUSAL_INTERPRETER_NEEDS_LANGUAGE);
    }
    const struct booth *booth = booth_in(&state->meeting, participant->language);
    if (!hours_has_room(&state->meeting, participant->id)) {
        return refuse(ret_refusal, REFUSAL_HOURS_FULL);
    }
    if (booth != NULL && booth->desks_count >= BOOTH_DESKS_MAX) {
        return refuse_most(ret_refusal, REFUSAL_BOOTH_FULL, BOOTH_DESKS_MAX);
    }
    return ERR_NONE;
}

// An event to be emitted that adds somebody at rest, away.
static struct participant *participant_draft(struct outcome *outcome,
                                             const struct participant *participant)
{
    struct participant *added =
        &outcome_draft(outcome, EVENT_PARTICIPANT_ADDED)->as.participant_added.participant;
    id_copy(added->id, participant->id);
    memcpy(added->name, participant->name, sizeof added->name);
    added->capacity = participant->capacity;
    id_copy(added->delegation, participant->delegation);
    added->language = participant->language;
    memcpy(added->title, participant->title, sizeof added->title);
    id_copy(added->office, participant->office);
    return added;
}

uint32_t meeting_places_taken(const struct meeting *meeting)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        count += meeting->participants[i].audience ? 0 : 1;
    }
    return count;
}

enum err meeting_add_participant(struct meeting_state *state, const struct participant *participant,
                                 time_ms now, struct event_list *ret_events,
                                 struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    enum err err = participant_refusal(state, participant, ret_refusal);
    if (err == ERR_NONE && meeting_places_taken(&state->meeting) >= MEETING_PLACES_MAX) {
        err = refuse_most(ret_refusal, REFUSAL_MEETING_FULL, MEETING_PLACES_MAX);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    (void)participant_draft(&outcome, participant);
    outcome_emit(&outcome);
    return ERR_NONE;
}

// What somebody becomes, from what they are and what is wished; the language of who has a desk
// stays.
static void change_draft(struct outcome *outcome, const struct participant *is,
                         const struct participant *wish)
{
    struct event_participant_changed *changed =
        &outcome_draft(outcome, EVENT_PARTICIPANT_CHANGED)->as.participant_changed;
    bool desk = capacity_can(is->capacity, ABILITY_HAS_DESK);
    id_copy(changed->participant, is->id);
    memcpy(changed->name, wish->name, sizeof changed->name);
    id_copy(changed->delegation, wish->delegation);
    changed->language = desk ? is->language : wish->language;
    memcpy(changed->title, wish->title, sizeof changed->title);
    id_copy(changed->office, wish->office);
}

static bool is_as_wished(const struct participant *is, const struct participant *wish)
{
    bool desk = capacity_can(is->capacity, ABILITY_HAS_DESK);
    return strcmp(is->name, wish->name) == 0 && strcmp(is->delegation, wish->delegation) == 0 &&
           (desk || is->language == wish->language) && strcmp(is->title, wish->title) == 0 &&
           strcmp(is->office, wish->office) == 0;
}

enum err meeting_change_participant(struct meeting_state *state, const struct participant *wish,
                                    time_ms now, struct event_list *ret_events,
                                    struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct participant *is = meeting_find_participant(state, wish->id);
    if (is == NULL || is->audience) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_PARTICIPANT);
    }
    if (capacity_can(is->capacity, ABILITY_HAS_DESK) && wish->language != LANGUAGE_NONE &&
        wish->language != is->language) {
        return refuse(ret_refusal, REFUSAL_BOOTH_STAYS);
    }
    enum err err = place_refusal(state, wish, ret_refusal);
    if (err != ERR_NONE || is_as_wished(is, wish)) {
        return err;
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    change_draft(&outcome, is, wish);
    outcome_emit(&outcome);
    if (meeting_find_floor(state, is->id) != NULL) {
        floor_follow_language(&outcome); // nobody knew what they speak
    }
    outcome_settle(&outcome);
    return ERR_NONE;
}

// Their link was made before the delegation or the office was removed, which nobody of the list
// had.
static void drop_places(const struct meeting_state *state, struct participant *listener)
{
    if (meeting_find_delegation(state, listener->delegation) == NULL) {
        id_copy(listener->delegation, "");
    }
    if (meeting_find_office(state, listener->office) == NULL) {
        id_copy(listener->office, "");
    }
}

enum err meeting_audience_calls(struct meeting_state *state, const struct participant *listener,
                                enum help_reason reason, time_ms now, struct event_list *ret_events,
                                struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    ASSERT(!capacity_can(listener->capacity, ABILITY_TAKES_PART) &&
           listener->presence != PRESENCE_AWAY);
    struct participant caller = *listener;
    drop_places(state, &caller);
    enum err err = participant_refusal(state, &caller, ret_refusal);
    uint32_t calling = state->meeting.participants_count - meeting_places_taken(&state->meeting);
    if (err == ERR_NONE && calling >= MEETING_AUDIENCE_CALLS_MAX) {
        err = refuse_most(ret_refusal, REFUSAL_CALLS_FULL, MEETING_AUDIENCE_CALLS_MAX);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    struct participant *added = participant_draft(&outcome, &caller);
    added->presence = listener->presence;
    added->audience = true;
    outcome_emit(&outcome);
    outcome.caller = meeting_find_participant(state, listener->id);
    help_emit(&outcome, outcome.caller, &(struct help_call){.reason = reason}, HELP_STATE_ASKED);
    return ERR_NONE;
}

// With all that they send, have and wait for.
static void remove_person(struct outcome *outcome, const struct participant *participant)
{
    presence_end_sending(outcome, participant);
    lost_vacate(outcome, participant->id);
    speakers_remove_participant(outcome, participant->id);
    if (strcmp(outcome->state->meeting.team_leader, participant->id) == 0) {
        outcome_draft(outcome, EVENT_TEAM_CHANGED); // nobody
        outcome_emit(outcome);
    }
    struct event *event = outcome_draft(outcome, EVENT_PARTICIPANT_REMOVED);
    id_copy(event->as.participant_removed.participant, participant->id);
    outcome_emit(outcome);
}

enum err participant_remove(struct outcome *outcome)
{
    enum err err = ERR_NONE;
    const struct participant *participant = outcome_participant(
        outcome, outcome->command->as.participant_remove.participant, &err);
    if (participant == NULL) {
        return err;
    }
    if (participant == outcome->caller) {
        return outcome_refuse(outcome, REFUSAL_NOT_ONESELF);
    }
    remove_person(outcome, participant);
    return ERR_NONE;
}

enum err meeting_remove_participant(struct meeting_state *state, const char *participant,
                                    time_ms now, struct event_list *ret_events,
                                    struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct participant *removed = meeting_find_participant(state, participant);
    if (removed == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_PARTICIPANT);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    remove_person(&outcome, removed);
    outcome_settle(&outcome);
    return ERR_NONE;
}
