// What must be true of the agenda and of the list of speakers.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

const char *check_speakers(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->requests_count; i++) {
        const struct request *request = &meeting->requests[i];
        if (request->id < 1 || request->id > state->last_request) {
            return "a request has a number that was never given";
        }
        if (meeting_find_participant(state, request->participant) == NULL) {
            return "a request belongs to nobody";
        }
        // The first request found for the participant is this one: there is no second.
        if (meeting_find_request(state, request->participant) != request) {
            return "two requests of one participant";
        }
    }
    return NULL;
}

const char *check_agenda(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    uint32_t current = 0;
    for (uint32_t i = 0; i < meeting->agenda_count; i++) {
        current += meeting->agenda[i].state == ITEM_STATE_CURRENT;
    }
    return current > 1 ? "two agenda items are current" : NULL;
}
