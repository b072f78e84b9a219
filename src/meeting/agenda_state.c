// The agenda as it is.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

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

static void started(struct meeting_state *state, const struct event *event)
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
    meeting->agenda[at].started_at = event->at;
}

static void moved(struct meeting_state *state, const struct event *event)
{
    const struct event_agenda_item_moved *as = &event->as.agenda_item_moved;
    struct agenda_item *agenda = state->meeting.agenda;
    uint32_t from = agenda_at(&state->meeting, as->item);
    uint32_t before = as->before[0] != '\0' ? agenda_at(&state->meeting, as->before)
                                            : state->meeting.agenda_count;
    ASSERT(from < state->meeting.agenda_count && before <= state->meeting.agenda_count);
    const struct agenda_item item = agenda[from];
    if (before > from) {
        memmove(&agenda[from], &agenda[from + 1], (before - 1 - from) * sizeof item);
        agenda[before - 1] = item;
    } else {
        memmove(&agenda[before + 1], &agenda[before], (from - before) * sizeof item);
        agenda[before] = item;
    }
}

section_apply *const agenda_apply[EVENT_COUNT] = {
    [EVENT_ITEM_STARTED] = started,
    [EVENT_AGENDA_ITEM_MOVED] = moved,
};
