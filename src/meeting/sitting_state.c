// Whose meeting it is, as it is: its delegations, and how its sittings stand.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

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

const struct office *meeting_find_office(const struct meeting_state *state, const char *id)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->offices_count; i++) {
        if (strcmp(meeting->offices[i].id, id) == 0) {
            return &meeting->offices[i];
        }
    }
    return NULL;
}

static void created(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_meeting_created *as = &event->as.meeting_created;
    memcpy(meeting->title, as->title, sizeof meeting->title);
    memcpy(meeting->body, as->body, sizeof meeting->body);
    meeting->rehearsal = as->rehearsal;
    meeting->floor_microphones_max = as->floor_microphones_max;
}

static void changed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    if (meeting->sitting == SITTING_STATE_CLOSED) {
        meeting->opened_at = event->at;
    }
    meeting->sitting = event->as.sitting_changed.state;
    meeting->sitting_number = event->as.sitting_changed.number;
    meeting->sitting_since = meeting->sitting == SITTING_STATE_CLOSED ? 0 : event->at;
    if (meeting->sitting == SITTING_STATE_CLOSED) {
        meeting->opened_at = 0;
        state->sitting_closed_at = event->at;
    }
}

section_apply *const sitting_apply[EVENT_COUNT] = {
    [EVENT_MEETING_CREATED] = created,
    [EVENT_SITTING_CHANGED] = changed,
};
