// The door for events: the only way in which a meeting's state changes. What an event does to an
// item of a list is said in contract/events and generated; what else each does stands in its noun's
// file. Every effect on another noun is an event of its own, so that a page can follow by looking
// at one event at a time.
#include "contract/items.h"
#include "meeting/hearing_priv.h"
#include "meeting/meeting_priv.h"

#include <string.h>

static void (*const apply_table[EVENT_COUNT])(struct meeting_state *state,
                                              const struct event *event) = {
    [EVENT_MEETING_CREATED] = setup_apply_created,
    [EVENT_PARTICIPANT_ADDED] = participant_apply_added,
    [EVENT_PARTICIPANT_REMOVED] = participant_apply_removed,
    [EVENT_ITEM_STARTED] = agenda_apply_started,
    [EVENT_SITTING_CHANGED] = sitting_apply_changed,
    [EVENT_PRESENCE_CHANGED] = presence_apply_changed,
    [EVENT_LIST_CHANGED] = speakers_apply_changed,
    [EVENT_REQUEST_ADDED] = speakers_apply_numbered,
    [EVENT_REQUEST_MOVED] = speakers_apply_moved,
    [EVENT_MICROPHONE_OPENED] = floor_apply_opened,
    [EVENT_MICROPHONE_CLOSED] = floor_apply_closed,
    [EVENT_MICROPHONE_SILENT] = hearing_apply_silent,
    [EVENT_DESK_OPENING] = hearing_apply_opening,
    [EVENT_DESK_CHANGED] = booth_apply_desk,
    [EVENT_DESK_CHOSEN] = booth_apply_chosen,
    [EVENT_DESK_PRESELECTED] = relay_apply_preselected,
    [EVENT_DESK_ASSIGNED] = team_apply_assigned,
    [EVENT_DESK_CHIMED] = rota_apply_chimed,
    [EVENT_BOOTH_CHANGED] = team_apply_setting,
    [EVENT_BOOTH_ALARMED] = booth_apply_alarmed,
    [EVENT_TEAM_CHANGED] = team_apply_leader,
    [EVENT_INTERLOCK_CHANGED] = interlock_apply_changed,
    [EVENT_HANDOVER_CHANGED] = handover_apply_changed,
    [EVENT_FLOOR_LANGUAGE_CHANGED] = floor_apply_language,
    [EVENT_AUTO_RELAY_CHANGED] = relay_apply_auto,
    [EVENT_SIGNAL_RAISED] = signal_apply_raised,
    [EVENT_INTERPRETATION_CHANGED] = suspension_apply_changed,
    [EVENT_CHAT_SAID] = chat_apply_said,
    [EVENT_CAMERA_CHANGED] = sharing_apply_camera,
    [EVENT_SCREEN_CHANGED] = sharing_apply_screen,
    [EVENT_TALK_CHANGED] = talkback_apply_changed,
    [EVENT_HELP_CHANGED] = help_apply_changed,
};

void meeting_state_init(struct meeting_state *state, const char *id)
{
    memset(state, 0, sizeof *state);
    id_copy(state->meeting.id, id);
    state->meeting.floor_microphones_max = MEETING_FLOOR_MAX;
    channel_init_all(&state->meeting);
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

void meeting_apply_list(struct meeting_state *state, const struct event_list *events)
{
    for (uint32_t i = 0; i < events->count; i++) {
        meeting_apply(state, &events->events[i]);
    }
    // The cheap invariants, in release too: what the media process is told rests on them.
    ASSERT(state->meeting.floor_count <= (uint32_t)state->meeting.floor_microphones_max);
    ASSERT(state->meeting.floor_count == 0 || state->meeting.sitting == SITTING_STATE_OPEN);
}
