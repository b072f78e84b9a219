// What must be true of a meeting, whatever happened. Each check gives the name of what is broken,
// for a test or a simulator to print with its seed.
#include "meeting/meeting_priv.h"

#include <string.h>

static const char *check_counts(const struct meeting *meeting)
{
    if (meeting->participants_count > MEETING_PARTICIPANTS_MAX ||
        meeting->delegations_count > MEETING_DELEGATIONS_MAX ||
        meeting->agenda_count > MEETING_AGENDA_MAX ||
        meeting->requests_count > MEETING_REQUESTS_MAX ||
        meeting->booths_count > MEETING_BOOTHS_MAX || meeting->feeds_count > MEETING_FEEDS_MAX ||
        meeting->hours_count > MEETING_HOURS_MAX || meeting->signals_count > MEETING_SIGNALS_MAX ||
        meeting->chat_count > MEETING_CHAT_MAX) {
        return "a list exceeds its maximum";
    }
    if (meeting->channels_count != CHANNEL_ID_COUNT) {
        return "there are seven channels";
    }
    return NULL;
}

static const char *check_floor(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    if (meeting->floor_count > (uint32_t)meeting->floor_microphones_max) {
        return "more floor microphones open than allowed";
    }
    if (meeting->floor_count > 0 && meeting->sitting != SITTING_STATE_OPEN) {
        return "a floor microphone is open while the sitting is not";
    }
    for (uint32_t i = 0; i < meeting->floor_count; i++) {
        const struct floor_microphone *open = &meeting->floor[i];
        const struct participant *speaker = meeting_find_participant(state, open->participant);
        if (speaker == NULL || speaker->microphone != MICROPHONE_ON) {
            return "an open floor microphone belongs to nobody";
        }
        if (speaker->presence != PRESENCE_PRESENT) {
            return "a floor microphone is open for someone who is not in the room";
        }
        if (!capacity_can(speaker->capacity, ABILITY_SPEAKS)) {
            return "the floor is with someone who cannot have it";
        }
        if (open->position < 1 || open->position > meeting->floor_microphones_max) {
            return "a floor position is out of range";
        }
        for (uint32_t j = 0; j < i; j++) {
            if (meeting->floor[j].position == open->position) {
                return "two floor microphones share a position";
            }
            if (meeting->floor[j].opened_at > open->opened_at) {
                return "the floor is not in the order of opening";
            }
        }
    }
    return NULL;
}

static const char *check_requests(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->requests_count; i++) {
        const struct request *request = &meeting->requests[i];
        if (request->id < 1 || request->id > state->last_request) {
            return "a request has a number that was never given";
        }
        if (meeting_find_participant(state, request->participant) == NULL) {
            return "a request belongs to nobody";
        }
        // The first request found for the participant is this one: there is no second.
        if (meeting_find_request(state, request->participant) != request) {
            return "two requests of one participant";
        }
    }
    return NULL;
}

static const char *check_participant(const struct meeting_state *state,
                                     const struct participant *participant)
{
    if (meeting_find_participant(state, participant->id) != participant) {
        return "the index does not find a participant";
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

static const char *check_participants(const struct meeting_state *state)
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

static const char *check_audience(const struct meeting *meeting)
{
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

static const char *check_agenda(const struct meeting *meeting)
{
    uint32_t current = 0;
    for (uint32_t i = 0; i < meeting->agenda_count; i++) {
        current += meeting->agenda[i].state == ITEM_STATE_CURRENT;
    }
    return current > 1 ? "two agenda items are current" : NULL;
}

static const char *check_feed(const struct meeting *meeting, uint32_t at)
{
    const struct feed *feed = &meeting->feeds[at];
    if ((feed->target == FEED_TARGET_FLOOR) != (feed->position != 0)) {
        return "a feed's place on the floor is not where it was put";
    }
    if (feed->silent_since != 0 && feed->target != FEED_TARGET_FLOOR) {
        return "a feed is missed that is not on the floor";
    }
    if (feed->position > meeting->floor_microphones_max) {
        return "a feed's floor position is out of range";
    }
    for (uint32_t i = 0; i < at; i++) {
        if (strcmp(meeting->feeds[i].id, feed->id) == 0) {
            return "two feeds of one name";
        }
        if (feed->position != 0 && meeting->feeds[i].position == feed->position) {
            return "two feeds share a floor position";
        }
    }
    for (uint32_t i = 0; i < meeting->floor_count; i++) {
        if (meeting->floor[i].position == feed->position) {
            return "a feed and a microphone share a floor position";
        }
    }
    return NULL;
}

static const char *check_feeds(const struct meeting *meeting)
{
    const char *broken = NULL;
    for (uint32_t i = 0; i < meeting->feeds_count && broken == NULL; i++) {
        broken = check_feed(meeting, i);
    }
    return broken;
}

const char *meeting_check(const struct meeting_state *state, bool settled)
{
    const struct meeting *meeting = &state->meeting;
    const char *broken = check_counts(meeting);
    broken = broken != NULL ? broken : check_participants(state);
    broken = broken != NULL ? broken : check_floor(state);
    broken = broken != NULL ? broken : check_requests(state);
    broken = broken != NULL ? broken : check_booths(state);
    broken = broken != NULL ? broken : check_agenda(meeting);
    broken = broken != NULL ? broken : check_feeds(meeting);
    broken = broken != NULL ? broken : check_documents(state);
    if (broken != NULL || !settled) {
        return broken;
    }
    broken = check_audience(meeting);
    return broken != NULL ? broken : check_channels(state);
}
