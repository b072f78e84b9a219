#include "meeting/setup.h"

#include <string.h>

#include "meeting/meeting_priv.h"

const struct delegation *meeting_find_delegation(const struct meeting_state *state, const char *id)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->delegations_count; i++) {
        if (strcmp(meeting->delegations[i].id, id) == 0) {
            return &meeting->delegations[i];
        }
    }
    return NULL;
}

enum err meeting_create(const struct meeting_state *state,
                        const struct event_meeting_created *created, time_ms now,
                        struct event_list *ret_events, struct refusal *ret_refusal)
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
    outcome_emit(&outcome, EVENT_MEETING_CREATED)->as.meeting_created = *created;
    return ERR_NONE;
}

enum err meeting_add_delegation(const struct meeting_state *state,
                                const struct delegation *delegation, time_ms now,
                                struct event_list *ret_events, struct refusal *ret_refusal)
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
    outcome_emit(&outcome, EVENT_DELEGATION_ADDED)->as.delegation_added.delegation = *delegation;
    return ERR_NONE;
}

void setup_apply_created(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_meeting_created *created = &event->as.meeting_created;
    memcpy(meeting->title, created->title, sizeof meeting->title);
    memcpy(meeting->body, created->body, sizeof meeting->body);
    meeting->rehearsal = event->as.meeting_created.rehearsal;
    meeting->floor_microphones_max = created->floor_microphones_max;
}
