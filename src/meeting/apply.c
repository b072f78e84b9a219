// The door for events: the only way in which a meeting's state changes, while it is decided and
// when it is read again. What an event does to an item of a list, and what it only sets, is said in
// contract/events and generated; what else it does to each section stands in the state's files.
// Every effect on another noun is an event of its own, so that a page can follow by looking at one
// event at a time.
#include "contract/items.h"
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

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

static section_apply *function_of(enum event_type type, enum meeting_section section)
{
    return sections[section].apply != NULL ? sections[section].apply[type] : NULL;
}

bool meeting_event_touches(enum event_type type, enum meeting_section section)
{
    return (items_sections(type) >> section & 1u) != 0 || function_of(type, section) != NULL;
}

void meeting_apply(struct meeting_state *state, const struct event *event)
{
    ASSERT(event->seq == state->seq + 1);
    ASSERT((event->type == EVENT_MEETING_CREATED) == (event->seq == 1));
    ASSERT(event->at >= state->at);
    ASSERT(event->type < EVENT_COUNT);
    unsigned int touched = items_apply(&state->meeting, event);
    for (unsigned int i = 0; i < MEETING_SECTION_COUNT; i++) {
        section_apply *apply = function_of(event->type, (enum meeting_section)i);
        if (apply != NULL) {
            apply(state, event);
            touched |= 1u << i;
        }
        if ((touched >> i & 1u) != 0) {
            state->touched[i] = event->seq;
        }
    }
    ASSERT(touched != 0);
    state->seq = event->seq;
    state->at = event->at;
}
