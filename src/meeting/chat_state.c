// What is said in writing and by signal, as it is: the latest lines of the chats, and the latest
// signals.
#include "meeting/state.h"

#include <string.h>

void chat_apply_said(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_chat_said *said = &event->as.chat_said;
    if (meeting->chat_count == MEETING_CHAT_MAX) {
        meeting->chat_count--;
        memmove(&meeting->chat[0], &meeting->chat[1],
                meeting->chat_count * sizeof meeting->chat[0]);
    }
    struct chat_line *line = &meeting->chat[meeting->chat_count++];
    memset(line, 0, sizeof *line);
    line->room = said->room;
    line->language = said->language;
    id_copy(line->participant, event->by);
    memcpy(line->text, said->text, sizeof line->text);
    line->phrase = said->phrase;
    line->at = event->at;
}

void chat_apply_signal(struct meeting_state *state, const struct event *event)
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
