// The floor as it is: at most two open microphones and feeds. Each holds a position (1 or 2) for as
// long as it is there, so that a page can keep one receive track for each.
#include "meeting/feed.h"
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

static uint32_t floor_at(const struct meeting *meeting, const char *participant)
{
    uint32_t at = 0;
    while (at < meeting->floor_count && strcmp(meeting->floor[at].participant, participant) != 0) {
        at++;
    }
    return at;
}

const struct floor_microphone *meeting_find_floor(const struct meeting_state *state,
                                                  const char *participant)
{
    const struct meeting *meeting = &state->meeting;
    uint32_t at = floor_at(meeting, participant);
    return at < meeting->floor_count ? &meeting->floor[at] : NULL;
}

const struct feed *meeting_find_feed(const struct meeting_state *state, const char *id)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        if (strcmp(meeting->feeds[i].id, id) == 0) {
            return &meeting->feeds[i];
        }
    }
    return NULL;
}

bool floor_is_full(const struct meeting *meeting)
{
    uint32_t held = meeting->floor_count;
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        held += meeting->feeds[i].target == FEED_TARGET_FLOOR;
    }
    return held >= (uint32_t)meeting->floor_microphones_max;
}

static bool floor_position_taken(const struct meeting *meeting, int64_t position)
{
    for (uint32_t i = 0; i < meeting->floor_count; i++) {
        if (meeting->floor[i].position == position) {
            return true;
        }
    }
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        if (meeting->feeds[i].target == FEED_TARGET_FLOOR &&
            meeting->feeds[i].position == position) {
            return true;
        }
    }
    return false;
}

int64_t floor_free_position(const struct meeting *meeting)
{
    int64_t position = 1;
    while (floor_position_taken(meeting, position)) {
        position++;
    }
    ASSERT(position <= meeting->floor_microphones_max);
    return position;
}

// One that has just opened is nearer to being heard than a muted one, and that than one that
// nothing comes of.
static int floor_lacks(const struct floor_microphone *floor)
{
    switch (floor->silence) {
    case SILENCE_NO_SOUND: return 2;
    case SILENCE_NO_PACKETS: return 3;
    case SILENCE_NONE:
    case SILENCE_COUNT: break;
    }
    return floor->awaited ? 1 : 0;
}

const struct floor_microphone *floor_newest(const struct meeting *meeting)
{
    const struct floor_microphone *newest = NULL;
    for (uint32_t i = meeting->floor_count; i-- > 0;) {
        if (newest == NULL || floor_lacks(&meeting->floor[i]) < floor_lacks(newest)) {
            newest = &meeting->floor[i];
        }
    }
    return newest;
}

const struct feed *feed_heard(const struct meeting *meeting, enum channel_id channel)
{
    const struct feed *heard = NULL;
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        const struct feed *feed = &meeting->feeds[i];
        bool here = feed->sound && (int)feed->target == (int)channel + 1;
        if (here && (heard == NULL || feed->put_at >= heard->put_at)) {
            heard = feed;
        }
    }
    return heard;
}

const struct feed *floor_feed(const struct meeting *meeting)
{
    const struct feed *feed = feed_heard(meeting, CHANNEL_ID_FLOOR);
    const struct floor_microphone *newest = floor_newest(meeting);
    if (feed == NULL || newest == NULL || newest->silence != SILENCE_NONE) {
        return feed;
    }
    bool later = newest->opened_at >= feed->put_at && !newest->awaited;
    return feed->silent_since != 0 || later ? NULL : feed;
}

bool floor_has_sound(const struct meeting *meeting)
{
    const struct feed *feed = feed_heard(meeting, CHANNEL_ID_FLOOR);
    const struct floor_microphone *newest = floor_newest(meeting);
    return (feed != NULL && feed->silent_since == 0) ||
           (newest != NULL && floor_lacks(newest) == 0);
}

bool floor_is_heard(const struct meeting *meeting)
{
    return meeting->floor_count > 0 || feed_heard(meeting, CHANNEL_ID_FLOOR) != NULL;
}

static void opened(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const char *speaker = event->as.microphone_opened.participant;
    ASSERT(meeting->floor_count < (uint32_t)meeting->floor_microphones_max);
    ASSERT(meeting_find_floor(state, speaker) == NULL);
    struct floor_microphone *place = &meeting->floor[meeting->floor_count++];
    id_copy(place->participant, speaker);
    place->opened_at = event->at;
    place->position = event->as.microphone_opened.position;
    place->awaited = event->as.microphone_opened.awaited;
    state->spoken[place->position] = LANGUAGE_NONE;
    state->silent_ms[place->position] = 0;
    if (event->as.microphone_opened.given) {
        state->given_at = event->at;
    }
}

// It is the newest's, who has it again when another one there has come and gone.
static void language_changed(struct meeting_state *state, const struct event *event)
{
    if (state->meeting.floor_count > 0 && floor_feed(&state->meeting) == NULL) {
        state->spoken[floor_newest(&state->meeting)->position] =
            event->as.floor_language_changed.language;
    }
}

// Keeps the order; the vacated place becomes zeros.
static void floor_remove_at(struct meeting *meeting, uint32_t at)
{
    struct floor_microphone *floor = meeting->floor;
    meeting->floor_count--;
    memmove(&floor[at], &floor[at + 1], (meeting->floor_count - at) * sizeof floor[0]);
    memset(&floor[meeting->floor_count], 0, sizeof floor[0]);
}

static void closed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    uint32_t at = floor_at(meeting, event->as.microphone_closed.participant);
    ASSERT(at < meeting->floor_count);
    state->spoken[meeting->floor[at].position] = LANGUAGE_NONE;
    floor_remove_at(meeting, at);
}

// Nobody's clock goes back, but a journal's may.
static time_ms silence_until(const struct floor_microphone *open, time_ms now)
{
    bool silent = open->silence != SILENCE_NONE && now > open->silent_since;
    return silent ? now - open->silent_since : 0;
}

time_ms floor_heard_ms(const struct meeting_state *state, const struct floor_microphone *open,
                       time_ms now)
{
    return now - open->opened_at - state->silent_ms[open->position] - silence_until(open, now);
}

// Of somebody who is not on the floor it is their desk's.
static void silent(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_microphone_silent *as = &event->as.microphone_silent;
    uint32_t at = floor_at(meeting, participant_of(state, as->participant)->id);
    if (at < meeting->floor_count) {
        struct floor_microphone *open = &meeting->floor[at];
        state->silent_ms[open->position] += silence_until(open, event->at);
        open->awaited = false;
        open->silence = as->silence;
        open->silent_since = as->since;
        open->closes_at = as->closes_at;
    }
}

section_apply *const floor_apply[EVENT_COUNT] = {
    [EVENT_MICROPHONE_OPENED] = opened,
    [EVENT_MICROPHONE_CLOSED] = closed,
    [EVENT_MICROPHONE_SILENT] = silent,
    [EVENT_FLOOR_LANGUAGE_CHANGED] = language_changed,
};
