#include "meeting/setup.h"

#include "meeting/meeting_priv.h"

#include <string.h>

// The name of the one field or the other of people, by which they are in a delegation or have an
// office.
typedef const char *setup_of_person(const struct participant *participant);

static const char *delegation_of(const struct participant *participant)
{
    return participant->delegation;
}

static const char *office_of(const struct participant *participant)
{
    return participant->office;
}

static bool anybody_is_in(const struct meeting *meeting, setup_of_person *of, const char *id)
{
    uint32_t at = 0;
    while (at < meeting->participants_count && strcmp(of(&meeting->participants[at]), id) != 0) {
        at++;
    }
    return at < meeting->participants_count;
}

enum err meeting_create(struct meeting_state *state, const struct event_meeting_created *created,
                        time_ms now, struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    if (state->seq != 0) {
        return refuse(ret_refusal, REFUSAL_MEETING_EXISTS);
    }
    if (created->floor_microphones_max < 1 || created->floor_microphones_max > MEETING_FLOOR_MAX) {
        return refuse(ret_refusal, REFUSAL_MICROPHONES_ONE_OR_TWO);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    outcome_draft(&outcome, EVENT_MEETING_CREATED)->as.meeting_created = *created;
    outcome_emit(&outcome);
    return ERR_NONE;
}

enum err meeting_rename(struct meeting_state *state, const struct event_meeting_renamed *renamed,
                        time_ms now, struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct meeting *meeting = &state->meeting;
    if (memcmp(renamed->title, meeting->title, sizeof meeting->title) == 0 &&
        memcmp(renamed->body, meeting->body, sizeof meeting->body) == 0) {
        return ERR_NONE;
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    outcome_draft(&outcome, EVENT_MEETING_RENAMED)->as.meeting_renamed = *renamed;
    outcome_emit(&outcome);
    return ERR_NONE;
}

enum err meeting_set_life(struct meeting_state *state, enum meeting_life life, time_ms now,
                          struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    if (meeting_life_is_over(life) && state->meeting.sitting != SITTING_STATE_CLOSED) {
        return refuse(ret_refusal, REFUSAL_SITTING_FIRST);
    }
    if (state->meeting.life == life) {
        return ERR_NONE;
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    outcome_draft(&outcome, EVENT_LIFE_CHANGED)->as.life_changed.life = life;
    outcome_emit(&outcome);
    return ERR_NONE;
}

enum err meeting_add_delegation(struct meeting_state *state, const struct delegation *delegation,
                                time_ms now, struct event_list *ret_events,
                                struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    if (!id_is_valid(delegation->id)) {
        return refuse(ret_refusal, REFUSAL_DELEGATION_NEEDS_ID);
    }
    if (meeting_find_delegation(state, delegation->id) != NULL) {
        return refuse(ret_refusal, REFUSAL_DELEGATION_EXISTS);
    }
    if (state->meeting.delegations_count >= MEETING_DELEGATIONS_MAX) {
        return refuse_most(ret_refusal, REFUSAL_DELEGATIONS_FULL, MEETING_DELEGATIONS_MAX);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    outcome_draft(&outcome, EVENT_DELEGATION_ADDED)->as.delegation_added.delegation = *delegation;
    outcome_emit(&outcome);
    return ERR_NONE;
}

enum err meeting_change_delegation(struct meeting_state *state, const struct delegation *delegation,
                                   time_ms now, struct event_list *ret_events,
                                   struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct delegation *is = meeting_find_delegation(state, delegation->id);
    if (is == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_DELEGATION);
    }
    if (memcmp(is, delegation, sizeof *is) != 0) {
        struct outcome outcome;
        outcome_begin(&outcome, state, now, ret_events);
        outcome_draft(&outcome, EVENT_DELEGATION_CHANGED)->as.delegation_changed.delegation =
            *delegation;
        outcome_emit(&outcome);
    }
    return ERR_NONE;
}

enum err meeting_remove_delegation(struct meeting_state *state, const char *delegation, time_ms now,
                                   struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    if (meeting_find_delegation(state, delegation) == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_DELEGATION);
    }
    if (anybody_is_in(&state->meeting, delegation_of, delegation)) {
        return refuse(ret_refusal, REFUSAL_DELEGATION_IN_USE);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    id_copy(outcome_draft(&outcome, EVENT_DELEGATION_REMOVED)->as.delegation_removed.delegation,
            delegation);
    outcome_emit(&outcome);
    return ERR_NONE;
}

enum err meeting_add_office(struct meeting_state *state, const struct office *office, time_ms now,
                            struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    if (!id_is_valid(office->id)) {
        return refuse(ret_refusal, REFUSAL_OFFICE_NEEDS_ID);
    }
    if (meeting_find_office(state, office->id) != NULL) {
        return refuse(ret_refusal, REFUSAL_OFFICE_EXISTS);
    }
    if (state->meeting.offices_count >= MEETING_OFFICES_MAX) {
        return refuse_most(ret_refusal, REFUSAL_OFFICES_FULL, MEETING_OFFICES_MAX);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    outcome_draft(&outcome, EVENT_OFFICE_ADDED)->as.office_added.office = *office;
    outcome_emit(&outcome);
    return ERR_NONE;
}

enum err meeting_change_office(struct meeting_state *state, const struct office *office,
                               time_ms now, struct event_list *ret_events,
                               struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct office *is = meeting_find_office(state, office->id);
    if (is == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_OFFICE);
    }
    if (memcmp(is, office, sizeof *is) != 0) {
        struct outcome outcome;
        outcome_begin(&outcome, state, now, ret_events);
        outcome_draft(&outcome, EVENT_OFFICE_CHANGED)->as.office_changed.office = *office;
        outcome_emit(&outcome);
    }
    return ERR_NONE;
}

enum err meeting_remove_office(struct meeting_state *state, const char *office, time_ms now,
                               struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    if (meeting_find_office(state, office) == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_OFFICE);
    }
    if (anybody_is_in(&state->meeting, office_of, office)) {
        return refuse(ret_refusal, REFUSAL_OFFICE_IN_USE);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    id_copy(outcome_draft(&outcome, EVENT_OFFICE_REMOVED)->as.office_removed.office, office);
    outcome_emit(&outcome);
    return ERR_NONE;
}
