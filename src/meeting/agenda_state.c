// The agenda as it is: whose meeting it is, its items and sittings, and the list of speakers.
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

static uint32_t agenda_at(const struct meeting *meeting, const char *item)
{
    uint32_t at = 0;
    while (at < meeting->agenda_count && strcmp(meeting->agenda[at].id, item) != 0) {
        at++;
    }
    return at;
}

const struct agenda_item *meeting_find_item(const struct meeting_state *state, const char *id)
{
    uint32_t at = agenda_at(&state->meeting, id);
    return at < state->meeting.agenda_count ? &state->meeting.agenda[at] : NULL;
}

const struct agenda_item *meeting_current_item(const struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->meeting.agenda_count; i++) {
        if (state->meeting.agenda[i].state == ITEM_STATE_CURRENT) {
            return &state->meeting.agenda[i];
        }
    }
    return NULL;
}

const struct request *meeting_find_request(const struct meeting_state *state,
                                           const char *participant)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->requests_count; i++) {
        if (strcmp(meeting->requests[i].participant, participant) == 0) {
            return &meeting->requests[i];
        }
    }
    return NULL;
}

void agenda_apply_created(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_meeting_created *created = &event->as.meeting_created;
    memcpy(meeting->title, created->title, sizeof meeting->title);
    memcpy(meeting->body, created->body, sizeof meeting->body);
    meeting->rehearsal = event->as.meeting_created.rehearsal;
    meeting->floor_microphones_max = created->floor_microphones_max;
}

// With the sitting it is forgotten when desks were cut off.
static void agenda_forget_cuts(struct meeting *meeting)
{
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            meeting->booths[i].desks[j].lost_at = 0;
        }
    }
}

void agenda_apply_sitting(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    meeting->sitting = event->as.sitting_changed.state;
    meeting->sitting_number = event->as.sitting_changed.number;
    meeting->sitting_since = meeting->sitting == SITTING_STATE_CLOSED ? 0 : event->at;
    if (meeting->sitting == SITTING_STATE_CLOSED) {
        state->sitting_closed_at = event->at;
        agenda_forget_cuts(meeting);
    }
}

void agenda_apply_started(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    uint32_t at = agenda_at(meeting, event->as.item_started.item);
    ASSERT(at < meeting->agenda_count);
    for (uint32_t i = 0; i < meeting->agenda_count; i++) {
        if (meeting->agenda[i].state == ITEM_STATE_CURRENT) {
            meeting->agenda[i].state = ITEM_STATE_DONE;
        }
    }
    meeting->agenda[at].state = ITEM_STATE_CURRENT;
}

void agenda_apply_numbered(struct meeting_state *state, const struct event *event)
{
    const struct request *request = &event->as.request_added.request;
    ASSERT(request->id > state->last_request);
    state->last_request = request->id;
}

uint32_t agenda_request_at(const struct meeting *meeting, int64_t request)
{
    uint32_t at = 0;
    while (at < meeting->requests_count && meeting->requests[at].id != request) {
        at++;
    }
    return at;
}

void agenda_apply_moved(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    uint32_t from = agenda_request_at(meeting, event->as.request_moved.request);
    ASSERT(from < meeting->requests_count);
    ASSERT(event->as.request_moved.position >= 1);
    uint32_t to = (uint32_t)event->as.request_moved.position - 1;
    ASSERT(to < meeting->requests_count);
    struct request moved = meeting->requests[from];
    if (from < to) {
        memmove(&meeting->requests[from], &meeting->requests[from + 1], (to - from) * sizeof moved);
    } else {
        memmove(&meeting->requests[to + 1], &meeting->requests[to], (from - to) * sizeof moved);
    }
    meeting->requests[to] = moved;
}
