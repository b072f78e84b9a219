// What must be true of the people.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

static const char *check_participant(const struct meeting_state *state,
                                     const struct participant *participant)
{
    if (meeting_find_participant(state, participant->id) != participant) {
        return "the index does not find a participant";
    }
    if ((participant->delegation[0] != '\0' &&
         meeting_find_delegation(state, participant->delegation) == NULL) ||
        (participant->office[0] != '\0' &&
         meeting_find_office(state, participant->office) == NULL)) {
        return "someone is in a delegation or has an office that is not there";
    }
    if (participant->screen != (strcmp(state->screen, participant->id) == 0)) {
        return "two screens are shared";
    }
    bool floor = meeting_find_floor(state, participant->id) != NULL;
    if (participant->screen && !capacity_can(participant->capacity, ABILITY_SITS_ON_PODIUM) &&
        !floor) {
        return "someone shares a screen without the floor";
    }
    bool talks = participant->talks_to != TALK_TO_NONE;
    bool technician = capacity_can(participant->capacity, ABILITY_ROUTES_SOUND);
    if (talks && (technician ? participant->talks_to != TALK_TO_BOOTH
                             : !capacity_can(participant->capacity, ABILITY_HAS_DESK) ||
                                   participant->microphone == MICROPHONE_ON)) {
        return "someone speaks aside who may not, or is on the air";
    }
    if (talks != (participant->talks_since != 0) ||
        (participant->talks_to == TALK_TO_BOOTH) !=
            (participant->talks_to_booth != LANGUAGE_NONE)) {
        return "someone speaks aside to nobody, or since no time";
    }
    bool sends = participant->microphone != MICROPHONE_OFF || participant->camera ||
                 participant->screen || talks;
    if (sends && participant->presence != PRESENCE_PRESENT) {
        return "someone who is not in the room sends";
    }
    if (!capacity_can(participant->capacity, ABILITY_HAS_DESK) &&
        floor != (participant->microphone == MICROPHONE_ON)) {
        return "a microphone is open that is not on the floor";
    }
    if ((participant->microphone == MICROPHONE_OFF) != (participant->microphone_since == 0)) {
        return "a microphone has been open since no time";
    }
    return participant->spoken_ms < 0 ? "negative speaking time" : NULL;
}

const char *check_people(const struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->meeting.participants_count; i++) {
        const char *broken = check_participant(state, &state->meeting.participants[i]);
        if (broken != NULL) {
            return broken;
        }
    }
    const struct participant *chair = state->chair[0] != '\0'
                                          ? meeting_find_participant(state, state->chair)
                                          : NULL;
    if (state->chair[0] != '\0' && (chair == NULL || !chair->camera)) {
        return "the chair seen is not there";
    }
    if (state->screen[0] != '\0' && meeting_find_participant(state, state->screen) == NULL) {
        return "the screen of nobody is shared";
    }
    return NULL;
}

const char *check_audience(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        const struct participant *participant = &meeting->participants[i];
        if (participant->audience && capacity_can(participant->capacity, ABILITY_TAKES_PART)) {
            return "one of the audience has a capacity of another kind";
        }
        if (participant->audience &&
            (participant->help == HELP_STATE_NONE || participant->presence == PRESENCE_AWAY)) {
            return "one of the audience is listed without a call for help, or away";
        }
    }
    return NULL;
}
