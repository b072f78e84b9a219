// What is said in writing and by signal, as it is: the latest lines of the chats, and the latest
// signals.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

static void said(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_chat_said *as = &event->as.chat_said;
    if (meeting->chat_count == MEETING_CHAT_MAX) {
        meeting->chat_count--;
        memmove(&meeting->chat[0], &meeting->chat[1],
                meeting->chat_count * sizeof meeting->chat[0]);
    }
    struct chat_line *line = &meeting->chat[meeting->chat_count++];
    memset(line, 0, sizeof *line);
    line->room = as->room;
    line->language = as->language;
    id_copy(line->participant, event->by);
    memcpy(line->text, as->text, sizeof line->text);
    line->phrase = as->phrase;
    line->at = event->at;
}

static void raised(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    if (meeting->signals_count == MEETING_SIGNALS_MAX) {
        meeting->signals_count--;
        memmove(&meeting->signals[0], &meeting->signals[1],
                meeting->signals_count * sizeof meeting->signals[0]);
    }
    struct signal *signal = &meeting->signals[meeting->signals_count++];
    memset(signal, 0, sizeof *signal);
    signal->kind = event->as.signal_raised.kind;
    id_copy(signal->participant, event->as.signal_raised.participant);
    signal->language = event->as.signal_raised.language;
    signal->at = event->at;
}

section_apply *const chat_apply[EVENT_COUNT] = {
    [EVENT_CHAT_SAID] = said,
    [EVENT_SIGNAL_RAISED] = raised,
};
