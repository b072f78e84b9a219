// What must be true of the agenda and of the list of speakers.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

static const char *check_speaking_times(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->speaking_times_count; i++) {
        const struct speaking_time *one = &meeting->speaking_times[i];
        if (one->item[0] != '\0' && meeting_find_item(state, one->item) == NULL) {
            return "a time is allowed on no item";
        }
        for (uint32_t k = 0; k < i; k++) {
            const struct speaking_time *other = &meeting->speaking_times[k];
            if (other->kind == one->kind && strcmp(other->item, one->item) == 0) {
                return "two times are allowed for the same";
            }
        }
    }
    return NULL;
}

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
    return check_speaking_times(state);
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
