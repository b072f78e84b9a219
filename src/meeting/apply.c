// The door for events: the only way in which a meeting's state changes, while it is decided and
// when it is read again. What an event does to an item of a list, and what it only sets, is said in
// contract/events and generated; what else each does stands in the state's files. Every effect on
// another noun is an event of its own, so that a page can follow by looking at one event at a time.
#include "contract/items.h"
#include "meeting/state.h"

#include <string.h>

static void (*const apply_table[EVENT_COUNT])(struct meeting_state *state,
                                              const struct event *event) = {
    [EVENT_MEETING_CREATED] = agenda_apply_created,
    [EVENT_PARTICIPANT_ADDED] = people_apply_added,
    [EVENT_PARTICIPANT_REMOVED] = people_apply_removed,
    [EVENT_ITEM_STARTED] = agenda_apply_started,
    [EVENT_SITTING_CHANGED] = agenda_apply_sitting,
    [EVENT_PRESENCE_CHANGED] = people_apply_presence,
    [EVENT_REQUEST_ADDED] = agenda_apply_numbered,
    [EVENT_REQUEST_MOVED] = agenda_apply_moved,
    [EVENT_MICROPHONE_OPENED] = floor_apply_opened,
    [EVENT_MICROPHONE_CLOSED] = floor_apply_closed,
    [EVENT_MICROPHONE_SILENT] = floor_apply_silent,
    [EVENT_FLOOR_LANGUAGE_CHANGED] = floor_apply_language,
    [EVENT_DESK_OPENING] = desk_apply_opening,
    [EVENT_DESK_CHANGED] = desk_apply_changed,
    [EVENT_DESK_CHOSEN] = desk_apply_chosen,
    [EVENT_DESK_PRESELECTED] = desk_apply_preselected,
    [EVENT_DESK_ASSIGNED] = booth_apply_assigned,
    [EVENT_DESK_CHIMED] = desk_apply_chimed,
    [EVENT_BOOTH_CHANGED] = booth_apply_setting,
    [EVENT_BOOTH_ALARMED] = booth_apply_alarmed,
    [EVENT_HANDOVER_CHANGED] = booth_apply_handover,
    [EVENT_SIGNAL_RAISED] = chat_apply_signal,
    [EVENT_INTERPRETATION_CHANGED] = booth_apply_suspended,
    [EVENT_CHAT_SAID] = chat_apply_said,
    [EVENT_CAMERA_CHANGED] = people_apply_camera,
    [EVENT_SCREEN_CHANGED] = people_apply_screen,
    [EVENT_TALK_CHANGED] = people_apply_talk,
    [EVENT_HELP_CHANGED] = people_apply_help,
};

static void init_channels(struct meeting *meeting)
{
    meeting->channels_count = CHANNEL_ID_COUNT;
    for (int i = 0; i < CHANNEL_ID_COUNT; i++) {
        meeting->channels[i].id = (enum channel_id)i;
        meeting->channels[i].auto_floor = i != CHANNEL_ID_FLOOR;
    }
}

void meeting_state_init(struct meeting_state *state, const char *id)
{
    state_clear(state);
    id_copy(state->meeting.id, id);
    state->meeting.floor_microphones_max = MEETING_FLOOR_MAX;
    init_channels(&state->meeting);
}

void meeting_apply(struct meeting_state *state, const struct event *event)
{
    ASSERT(event->seq == state->seq + 1);
    ASSERT((event->type == EVENT_MEETING_CREATED) == (event->seq == 1));
    ASSERT(event->at >= state->at);
    ASSERT(event->type < EVENT_COUNT);
    bool applied = items_apply(&state->meeting, event);
    if (apply_table[event->type] != NULL) {
        apply_table[event->type](state, event);
        applied = true;
    }
    ASSERT(applied);
    state->seq = event->seq;
    state->at = event->at;
}
