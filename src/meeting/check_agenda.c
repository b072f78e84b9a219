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
        if (request->item[0] != '\0' && meeting_find_item(state, request->item) == NULL) {
            return "a request is of no item";
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
    uint32_t pending_at = 0;
    for (uint32_t i = 0; i < meeting->agenda_count; i++) {
        const struct agenda_item *item = &meeting->agenda[i];
        current += item->state == ITEM_STATE_CURRENT;
        pending_at += item->state == ITEM_STATE_PENDING && item->started_at != 0;
    }
    if (current > 1) {
        return "two agenda items are current";
    }
    return pending_at > 0 ? "an agenda item that was taken up is pending" : NULL;
}
