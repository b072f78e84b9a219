// The people of a meeting as they are: who is there, what each sends, who called for help.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

_Static_assert(EVENT_PARTICIPANT_CHANGED_NAME_SIZE == PARTICIPANT_NAME_SIZE &&
                   EVENT_PARTICIPANT_CHANGED_TITLE_SIZE == PARTICIPANT_TITLE_SIZE,
               "what somebody becomes has room where it is kept");

static void added(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct participant *participant = &event->as.participant_added.participant;
    ASSERT(meeting->participants_count < MEETING_PARTICIPANTS_MAX);
    uint32_t position = meeting->participants_count++;
    meeting->participants[position] = *participant;
    index_add(state, position);
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

static void removed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct participant *participant = participant_of(state,
                                                     event->as.participant_removed.participant);
    ASSERT(meeting_find_floor(state, participant->id) == NULL);
    ASSERT(meeting_find_request(state, participant->id) == NULL);
    ASSERT(!participant->screen);
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

static void changed(struct meeting_state *state, const struct event *event)
{
    const struct event_participant_changed *as = &event->as.participant_changed;
    struct participant *participant = participant_of(state, as->participant);
    ASSERT(!capacity_can(participant->capacity, ABILITY_HAS_DESK) ||
           participant->language == as->language);
    memcpy(participant->name, as->name, sizeof participant->name);
    id_copy(participant->delegation, as->delegation);
    participant->language = as->language;
    memcpy(participant->title, as->title, sizeof participant->title);
    id_copy(participant->office, as->office);
}

static void presence_changed(struct meeting_state *state, const struct event *event)
{
    participant_of(state, event->as.presence_changed.participant)->presence =
        event->as.presence_changed.presence;
}

static void camera_changed(struct meeting_state *state, const struct event *event)
{
    struct participant *participant = participant_of(state, event->as.camera_changed.participant);
    participant->camera = event->as.camera_changed.on;
    if (capacity_can(participant->capacity, ABILITY_PRESIDES)) {
        find_chair(state);
    }
}

static void screen_changed(struct meeting_state *state, const struct event *event)
{
    struct participant *participant = participant_of(state, event->as.screen_changed.participant);
    bool on = event->as.screen_changed.on;
    ASSERT(on ? state->screen[0] == '\0' : strcmp(state->screen, participant->id) == 0);
    participant->screen = on;
    id_copy(state->screen, on ? participant->id : "");
}

static void talk_changed(struct meeting_state *state, const struct event *event)
{
    struct participant *talker = participant_of(state, event->as.talk_changed.participant);
    talker->talks_to = event->as.talk_changed.to;
    talker->talks_to_booth = event->as.talk_changed.booth;
    talker->talks_since = talker->talks_to != TALK_TO_NONE ? event->at : 0;
}

static void help_changed(struct meeting_state *state, const struct event *event)
{
    participant_of(state, event->as.help_changed.participant)->help = event->as.help_changed.state;
}

static void opened(struct meeting_state *state, const struct event *event)
{
    struct participant *speaker = participant_of(state, event->as.microphone_opened.participant);
    speaker->microphone = MICROPHONE_ON;
    speaker->microphone_since = event->at;
    speaker->interventions++;
}

static void closed(struct meeting_state *state, const struct event *event)
{
    struct participant *speaker = participant_of(state, event->as.microphone_closed.participant);
    speaker->microphone = MICROPHONE_OFF;
    speaker->microphone_since = 0;
    speaker->spoken_ms += event->as.microphone_closed.spoken_ms;
}

// A cough ends no turn.
static void desk_changed(struct meeting_state *state, const struct event *event)
{
    struct participant *interpreter = participant_of(state, event->as.desk_changed.participant);
    bool was_open = interpreter->microphone != MICROPHONE_OFF;
    interpreter->microphone = event->as.desk_changed.microphone;
    if (interpreter->microphone == MICROPHONE_OFF) {
        interpreter->microphone_since = 0;
    } else if (!was_open) {
        interpreter->microphone_since = event->at;
    }
}

static void assigned(struct meeting_state *state, const struct event *event)
{
    participant_of(state, event->as.desk_assigned.participant)->language =
        event->as.desk_assigned.language;
}

section_apply *const people_apply[EVENT_COUNT] = {
    [EVENT_PARTICIPANT_ADDED] = added,       [EVENT_PARTICIPANT_REMOVED] = removed,
    [EVENT_PARTICIPANT_CHANGED] = changed,   [EVENT_PRESENCE_CHANGED] = presence_changed,
    [EVENT_MICROPHONE_OPENED] = opened,      [EVENT_MICROPHONE_CLOSED] = closed,
    [EVENT_DESK_CHANGED] = desk_changed,     [EVENT_DESK_ASSIGNED] = assigned,
    [EVENT_CAMERA_CHANGED] = camera_changed, [EVENT_SCREEN_CHANGED] = screen_changed,
    [EVENT_TALK_CHANGED] = talk_changed,     [EVENT_HELP_CHANGED] = help_changed,
};
