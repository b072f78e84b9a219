// What must be true of the floor: of its microphones, and of the feeds.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

static const char *check_microphones(const struct meeting_state *state)
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

const char *check_floor(const struct meeting_state *state)
{
    if (state->meeting.channels_count != CHANNEL_ID_COUNT) {
        return "there are seven channels";
    }
    const char *broken = check_microphones(state);
    for (uint32_t i = 0; i < state->meeting.feeds_count && broken == NULL; i++) {
        broken = check_feed(&state->meeting, i);
    }
    return broken;
}
