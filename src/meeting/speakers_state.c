// The list of speakers as it is.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

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

// It is in the list: its number is given.
static void numbered(struct meeting_state *state, const struct event *event)
{
    const struct request *request = &event->as.request_added.request;
    ASSERT(request->id > state->last_request);
    state->last_request = request->id;
}

uint32_t speakers_request_at(const struct meeting *meeting, int64_t request)
{
    uint32_t at = 0;
    while (at < meeting->requests_count && meeting->requests[at].id != request) {
        at++;
    }
    return at;
}

static void moved_to(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    uint32_t from = speakers_request_at(meeting, event->as.request_moved.request);
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

section_apply *const speakers_apply[EVENT_COUNT] = {
    [EVENT_REQUEST_ADDED] = numbered,
    [EVENT_REQUEST_MOVED] = moved_to,
};
