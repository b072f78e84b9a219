// Calls for help as they are: who calls, who answers, and the latest lines that they have written.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

_Static_assert(MEETING_HELP_CALLS_MAX >= MEETING_PARTICIPANTS_MAX, "everybody may call");

static uint32_t call_at(const struct meeting *meeting, const char *participant)
{
    uint32_t at = 0;
    while (at < meeting->help_calls_count &&
           strcmp(meeting->help_calls[at].participant, participant) != 0) {
        at++;
    }
    return at;
}

const struct help_call *help_call_of(const struct meeting *meeting, const char *participant)
{
    uint32_t at = call_at(meeting, participant);
    return at < meeting->help_calls_count ? &meeting->help_calls[at] : NULL;
}

static void forget_call(struct meeting *meeting, uint32_t at)
{
    if (at == meeting->help_calls_count) {
        return;
    }
    struct help_call *call = &meeting->help_calls[at];
    meeting->help_calls_count--;
    memmove(call, call + 1, (meeting->help_calls_count - at) * sizeof *call);
    memset(&meeting->help_calls[meeting->help_calls_count], 0, sizeof *call);
}

// The call that changed last is the last.
static void changed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_help_changed *as = &event->as.help_changed;
    forget_call(meeting, call_at(meeting, as->participant));
    if (as->state == HELP_STATE_NONE) {
        return;
    }
    ASSERT(meeting->help_calls_count < MEETING_HELP_CALLS_MAX);
    struct help_call *call = &meeting->help_calls[meeting->help_calls_count++];
    id_copy(call->participant, as->participant);
    call->reason = as->reason;
    id_copy(call->helper, as->helper);
    call->since = event->at;
}

static void forget_line(struct meeting *meeting, uint32_t at)
{
    struct help_line *line = &meeting->help_lines[at];
    meeting->help_lines_count--;
    memmove(line, line + 1, (meeting->help_lines_count - at) * sizeof *line);
    memset(&meeting->help_lines[meeting->help_lines_count], 0, sizeof *line);
}

// The oldest line of this call, or (NULL) of one that is over; the number of lines for none.
static uint32_t oldest_line(const struct meeting *meeting, const char *participant)
{
    uint32_t at = 0;
    while (at < meeting->help_lines_count &&
           (participant != NULL
                ? strcmp(meeting->help_lines[at].participant, participant) != 0
                : help_call_of(meeting, meeting->help_lines[at].participant) != NULL)) {
        at++;
    }
    return at;
}

static uint32_t lines_of(const struct meeting *meeting, const char *participant)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < meeting->help_lines_count; i++) {
        count += strcmp(meeting->help_lines[i].participant, participant) == 0;
    }
    return count;
}

// One who writes much pushes out their own lines; what is over goes before what goes on.
static void make_room(struct meeting *meeting, const char *participant)
{
    if (lines_of(meeting, participant) >= HELP_LINES_OF_CALL) {
        forget_line(meeting, oldest_line(meeting, participant));
    } else if (meeting->help_lines_count == MEETING_HELP_LINES_MAX) {
        uint32_t over = oldest_line(meeting, NULL);
        forget_line(meeting, over < meeting->help_lines_count ? over : 0);
    }
}

static void said(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_help_said *as = &event->as.help_said;
    make_room(meeting, as->participant);
    struct help_line *line = &meeting->help_lines[meeting->help_lines_count++];
    id_copy(line->participant, as->participant);
    id_copy(line->author, event->by);
    memcpy(line->text, as->text, sizeof line->text);
    line->suggestion = as->suggestion;
    line->at = event->at;
}

// Whoever is gone calls no more, and what they wrote goes with them.
static void removed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const char *gone = event->as.participant_removed.participant;
    forget_call(meeting, call_at(meeting, gone));
    uint32_t at = oldest_line(meeting, gone);
    while (at < meeting->help_lines_count) {
        forget_line(meeting, at);
        at = oldest_line(meeting, gone);
    }
}

section_apply *const help_apply[EVENT_COUNT] = {
    [EVENT_HELP_CHANGED] = changed,
    [EVENT_HELP_SAID] = said,
    [EVENT_PARTICIPANT_REMOVED] = removed,
};
