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
        meeting->booths_count > MEETING_BOOTHS_MAX || meeting->feeds_count > MEETING_FEEDS_MAX) {
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
        if (permission_grant(COMMAND_FLOOR_REQUEST, speaker->capacity) == PERMISSION_NONE) {
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

static const char *check_booth(const struct meeting_state *state, const struct booth *booth)
{
    uint32_t on_air = 0;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        const struct desk *desk = &booth->desks[i];
        const struct participant *interpreter = meeting_find_participant(state, desk->participant);
        if (interpreter == NULL || interpreter->capacity != CAPACITY_INTERPRETER ||
            interpreter->language != booth->language) {
            return "a desk belongs to nobody of its booth";
        }
        if (interpreter->microphone != desk->microphone) {
            return "a desk and its interpreter disagree";
        }
        if (booth_desk_on_air(desk)) {
            on_air++;
            if (interpreter->presence != PRESENCE_PRESENT) {
                return "a desk is on the air for someone who is not in the room";
            }
        }
    }
    return on_air > 1 ? "two desks of one booth are on the air" : NULL;
}

static const char *check_booths(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        if (i > 0 && meeting->booths[i - 1].language >= meeting->booths[i].language) {
            return "the booths are not in the order of the languages";
        }
        const char *broken = check_booth(state, &meeting->booths[i]);
        if (broken != NULL) {
            return broken;
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
    if (participant->screen && participant->capacity == CAPACITY_DELEGATE && !floor) {
        return "a delegate shares a screen without the floor";
    }
    bool sends = participant->microphone != MICROPHONE_OFF || participant->camera ||
                 participant->screen;
    if (sends && participant->presence != PRESENCE_PRESENT) {
        return "someone who is not in the room sends";
    }
    if (participant->capacity != CAPACITY_INTERPRETER &&
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
    if (state->screen[0] != '\0' && meeting_find_participant(state, state->screen) == NULL) {
        return "the screen of nobody is shared";
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

// The delivering feed that was put on the target last.
static const struct feed *newest_feed(const struct meeting *meeting, enum feed_target target)
{
    const struct feed *newest = NULL;
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        const struct feed *feed = &meeting->feeds[i];
        if (feed->target == target && feed->sound &&
            (newest == NULL || feed->put_at >= newest->put_at)) {
            newest = feed;
        }
    }
    return newest;
}

static bool channel_is(const struct channel *channel, enum channel_state state, const char *holder,
                       const char *feed)
{
    return channel->state == state && strcmp(channel->holder, holder) == 0 &&
           strcmp(channel->feed, feed) == 0;
}

static const char *check_floor_channel(const struct meeting *meeting, const struct channel *channel)
{
    const struct feed *feed = newest_feed(meeting, FEED_TARGET_FLOOR);
    const struct floor_microphone *newest = meeting->floor_count > 0
                                                ? &meeting->floor[meeting->floor_count - 1]
                                                : NULL;
    if (feed != NULL && (newest == NULL || newest->opened_at < feed->put_at)) {
        return channel_is(channel, CHANNEL_STATE_FLOOR, "", feed->id)
                   ? NULL
                   : "a channel does not carry the feed on the floor";
    }
    if (newest != NULL) {
        return channel_is(channel, CHANNEL_STATE_FLOOR, newest->participant, "")
                   ? NULL
                   : "a channel does not carry the newest floor microphone";
    }
    return channel_is(channel, CHANNEL_STATE_SILENT, "", "")
               ? NULL
               : "a channel carries what is not there";
}

// Stated again from the booths and the floor, not by calling channel.c: one of the two would show
// the other's mistake.
static const char *check_channel(const struct meeting *meeting, const struct channel *channel)
{
    const struct desk *on_air = NULL;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            if ((int)booth->language == (int)channel->id &&
                booth->desks[j].microphone != MICROPHONE_OFF) {
                on_air = &booth->desks[j];
            }
        }
    }
    bool language = channel->id != CHANNEL_ID_FLOOR;
    const struct feed *feed = language
                                  ? newest_feed(meeting, (enum feed_target)((int)channel->id + 1))
                                  : NULL;
    if (on_air != NULL) {
        return channel_is(channel, CHANNEL_STATE_INTERPRETED, on_air->participant, "")
                   ? NULL
                   : "a channel does not carry its booth";
    }
    if (feed != NULL) {
        return channel_is(channel, CHANNEL_STATE_INTERPRETED, "", feed->id)
                   ? NULL
                   : "a channel does not carry its feed";
    }
    if (channel->auto_floor || !language) {
        return check_floor_channel(meeting, channel);
    }
    return channel_is(channel, CHANNEL_STATE_SILENT, "", "")
               ? NULL
               : "a channel carries what is not there";
}

static const char *check_channels(const struct meeting *meeting)
{
    for (uint32_t i = 0; i < meeting->channels_count; i++) {
        const char *broken = (uint32_t)meeting->channels[i].id != i
                                 ? "the channels are out of order"
                                 : check_channel(meeting, &meeting->channels[i]);
        if (broken != NULL) {
            return broken;
        }
    }
    return NULL;
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
    return broken != NULL || !settled ? broken : check_channels(meeting);
}
