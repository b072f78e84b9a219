// What must be true of calls for help: whoever is said to call has a call, and nobody else.
#include "meeting/section.h"
#include "meeting/state.h"

const char *check_help(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    uint32_t calling = 0;
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        calling += meeting->participants[i].help != HELP_STATE_NONE;
    }
    if (calling != meeting->help_calls_count) {
        return "someone calls for help without a call, or has two";
    }
    for (uint32_t i = 0; i < meeting->help_calls_count; i++) {
        const struct help_call *call = &meeting->help_calls[i];
        const struct participant *caller = meeting_find_participant(state, call->participant);
        if (caller == NULL || caller->help == HELP_STATE_NONE) {
            return "a call for help of nobody";
        }
        if (call->helper[0] != '\0' && caller->help != HELP_STATE_HANDLED) {
            return "a call for help is answered that is not taken";
        }
    }
    for (uint32_t i = 0; i < meeting->help_lines_count; i++) {
        if (meeting_find_participant(state, meeting->help_lines[i].participant) == NULL) {
            return "a line in nobody's call for help";
        }
    }
    return NULL;
}
