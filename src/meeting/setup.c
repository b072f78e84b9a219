#include "meeting/setup.h"

#include "meeting/meeting_priv.h"

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
