// The people of a meeting as they are: who is there, what each sends, who called for help. An
// interpreter comes with a desk and a line of the hours sheet.
#include "meeting/state.h"

#include <string.h>

void people_apply_added(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct participant *participant = &event->as.participant_added.participant;
    ASSERT(meeting->participants_count < MEETING_PARTICIPANTS_MAX);
    uint32_t position = meeting->participants_count++;
    meeting->participants[position] = *participant;
    index_add(state, position);
    if (capacity_can(participant->capacity, ABILITY_HAS_DESK)) {
        booth_add_desk(state, participant);
        hours_add_line(meeting, participant);
    }
}

// Seldom: a chair's camera goes on or off.
static void find_chair(struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    uint32_t at = 0;
    while (at < meeting->participants_count &&
           (!capacity_can(meeting->participants[at].capacity, ABILITY_PRESIDES) ||
            !meeting->participants[at].camera)) {
        at++;
    }
    id_copy(state->chair, at < meeting->participants_count ? meeting->participants[at].id : "");
}

void people_apply_removed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct participant *participant = participant_of(state,
                                                     event->as.participant_removed.participant);
    ASSERT(meeting_find_floor(state, participant->id) == NULL);
    ASSERT(meeting_find_request(state, participant->id) == NULL);
    ASSERT(!participant->screen);
    if (capacity_can(participant->capacity, ABILITY_HAS_DESK)) {
        booth_remove_desk(state, participant);
    }
    bool was_seen = strcmp(state->chair, participant->id) == 0;
    uint32_t position = (uint32_t)(participant - meeting->participants);
    meeting->participants_count--;
    memmove(participant, participant + 1,
            (meeting->participants_count - position) * sizeof *participant);
    memset(&meeting->participants[meeting->participants_count], 0, sizeof *participant);
    index_rebuild(state);
    if (was_seen) {
        find_chair(state);
    }
}

void people_apply_presence(struct meeting_state *state, const struct event *event)
{
    participant_of(state, event->as.presence_changed.participant)->presence =
        event->as.presence_changed.presence;
}

void people_apply_camera(struct meeting_state *state, const struct event *event)
{
    struct participant *participant = participant_of(state, event->as.camera_changed.participant);
    participant->camera = event->as.camera_changed.on;
    if (capacity_can(participant->capacity, ABILITY_PRESIDES)) {
        find_chair(state);
    }
}

void people_apply_screen(struct meeting_state *state, const struct event *event)
{
    struct participant *participant = participant_of(state, event->as.screen_changed.participant);
    bool on = event->as.screen_changed.on;
    ASSERT(on ? state->screen[0] == '\0' : strcmp(state->screen, participant->id) == 0);
    participant->screen = on;
    id_copy(state->screen, on ? participant->id : "");
}

void people_apply_talk(struct meeting_state *state, const struct event *event)
{
    struct participant *talker = participant_of(state, event->as.talk_changed.participant);
    talker->talks_to = event->as.talk_changed.to;
    talker->talks_to_booth = event->as.talk_changed.booth;
    talker->talks_since = talker->talks_to != TALK_TO_NONE ? event->at : 0;
}

void people_apply_help(struct meeting_state *state, const struct event *event)
{
    participant_of(state, event->as.help_changed.participant)->help = event->as.help_changed.state;
}
