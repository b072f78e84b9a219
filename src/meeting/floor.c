// The floor: at most two open microphones. Each holds a position (1 or 2) for as long as it is
// open, so that a page can keep one receive track for each.
#include "meeting/hearing_priv.h"
#include "meeting/meeting_priv.h"

#include <string.h>

static uint32_t floor_find(const struct floor_microphone *floor, uint32_t count,
                           const char *participant)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(floor[i].participant, participant) == 0) {
            return i;
        }
    }
    return count;
}

// Keeps the order; the vacated place becomes zeros.
static void floor_remove_at(struct floor_microphone *floor, uint32_t *count, uint32_t at)
{
    (*count)--;
    memmove(&floor[at], &floor[at + 1], (*count - at) * sizeof floor[0]);
    memset(&floor[*count], 0, sizeof floor[0]);
}

const struct floor_microphone *meeting_find_floor(const struct meeting_state *state,
                                                  const char *participant)
{
    const struct meeting *meeting = &state->meeting;
    uint32_t at = floor_find(meeting->floor, meeting->floor_count, participant);
    return at < meeting->floor_count ? &meeting->floor[at] : NULL;
}

bool floor_has(const struct outcome *outcome, const char *participant)
{
    return floor_find(outcome->floor, outcome->floor_count, participant) < outcome->floor_count;
}

bool floor_is_full(const struct outcome *outcome)
{
    uint32_t held = outcome->floor_count;
    for (uint32_t i = 0; i < outcome->feed_count; i++) {
        held += outcome->feeds[i].target == FEED_TARGET_FLOOR;
    }
    return held >= (uint32_t)outcome->state->meeting.floor_microphones_max;
}

static bool floor_position_taken(const struct outcome *outcome, int64_t position)
{
    for (uint32_t i = 0; i < outcome->floor_count; i++) {
        if (outcome->floor[i].position == position) {
            return true;
        }
    }
    for (uint32_t i = 0; i < outcome->feed_count; i++) {
        if (outcome->feeds[i].target == FEED_TARGET_FLOOR &&
            outcome->feeds[i].position == position) {
            return true;
        }
    }
    return false;
}

int64_t floor_free_position(const struct outcome *outcome)
{
    int64_t position = 1;
    while (floor_position_taken(outcome, position)) {
        position++;
    }
    ASSERT(position <= outcome->state->meeting.floor_microphones_max);
    return position;
}

// A muted microphone is nearer to being heard than one that nothing comes of.
static int floor_lacks(const struct floor_microphone *floor)
{
    return floor->silence == SILENCE_NONE ? 0 : floor->silence == SILENCE_NO_SOUND ? 1 : 2;
}

const struct floor_microphone *floor_newest(const struct floor_microphone *floor, uint32_t count)
{
    const struct floor_microphone *newest = NULL;
    for (uint32_t i = count; i-- > 0;) {
        if (newest == NULL || floor_lacks(&floor[i]) < floor_lacks(newest)) {
            newest = &floor[i];
        }
    }
    return newest;
}

const struct feed *floor_feed(const struct outcome *outcome)
{
    const struct feed *feed = feed_heard(outcome, CHANNEL_ID_FLOOR);
    const struct floor_microphone *newest = floor_newest(outcome->floor, outcome->floor_count);
    if (feed == NULL || newest == NULL || newest->silence != SILENCE_NONE) {
        return feed;
    }
    return feed->silent_since != 0 || newest->opened_at >= feed->put_at ? NULL : feed;
}

bool floor_is_heard(const struct outcome *outcome)
{
    return outcome->floor_count > 0 || feed_heard(outcome, CHANNEL_ID_FLOOR) != NULL;
}

static void floor_set_language(struct outcome *outcome, enum language language)
{
    if (language != outcome->floor_language) {
        outcome->floor_language = language;
        outcome_emit(outcome, EVENT_FLOOR_LANGUAGE_CHANGED)->as.floor_language_changed.language =
            language;
    }
}

// Whoever speaks is taken to speak their own language, until someone declares another; what a feed
// brings is unknown until then.
static void floor_follow_language(struct outcome *outcome)
{
    enum language language = LANGUAGE_NONE;
    if (outcome->floor_count > 0 && floor_feed(outcome) == NULL) {
        const char *newest = floor_newest(outcome->floor, outcome->floor_count)->participant;
        language = meeting_find_participant(outcome->state, newest)->language;
    }
    floor_set_language(outcome, language);
}

void floor_settle(struct outcome *outcome)
{
    const struct feed *feed = floor_feed(outcome);
    const char *before = outcome->state->meeting.channels[CHANNEL_ID_FLOOR].feed;
    if (strcmp(before, feed != NULL ? feed->id : "") != 0 || !floor_is_heard(outcome)) {
        floor_follow_language(outcome);
    }
}

enum err floor_declare(struct outcome *outcome)
{
    enum language language = outcome->command->as.floor_language.language;
    if (!floor_is_heard(outcome)) {
        return outcome_refuse(outcome, REFUSAL_NOBODY_HAS_FLOOR);
    }
    floor_set_language(outcome, language);
    return ERR_NONE;
}

void floor_apply_language(struct meeting_state *state, const struct event *event)
{
    state->meeting.floor_language = event->as.floor_language_changed.language;
}

static void floor_open_microphone(struct outcome *outcome, const struct participant *participant)
{
    ASSERT(!floor_is_full(outcome));
    int64_t position = floor_free_position(outcome);
    struct event *event = outcome_emit(outcome, EVENT_MICROPHONE_OPENED);
    id_copy(event->as.microphone_opened.participant, participant->id);
    event->as.microphone_opened.position = position;
    struct floor_microphone *opened = &outcome->floor[outcome->floor_count++];
    id_copy(opened->participant, participant->id);
    opened->opened_at = outcome->now;
    opened->position = position;
    floor_follow_language(outcome);
}

static void floor_close_at(struct outcome *outcome, uint32_t at, enum closing reason)
{
    const char *participant = outcome->floor[at].participant;
    // A delegate shares a screen only with the floor.
    const struct participant *speaker = meeting_find_participant(outcome->state, participant);
    if (speaker->capacity == CAPACITY_DELEGATE) {
        sharing_end_screen(outcome, participant);
    }
    struct event *event = outcome_emit(outcome, EVENT_MICROPHONE_CLOSED);
    id_copy(event->as.microphone_closed.participant, speaker->id);
    time_ms spoken_ms = outcome->now - outcome->floor[at].opened_at;
    event->as.microphone_closed.spoken_ms = spoken_ms;
    event->as.microphone_closed.reason = reason;
    document_deliver(outcome, speaker->id, spoken_ms);
    bool newest = &outcome->floor[at] == floor_newest(outcome->floor, outcome->floor_count);
    floor_remove_at(outcome->floor, &outcome->floor_count, at);
    if (newest && floor_feed(outcome) == NULL) {
        floor_follow_language(outcome);
    }
}

void floor_close_microphone(struct outcome *outcome, const char *participant)
{
    uint32_t at = floor_find(outcome->floor, outcome->floor_count, participant);
    if (at < outcome->floor_count) {
        floor_close_at(outcome, at, CLOSING_NONE);
    }
}

void floor_close_silent(struct outcome *outcome, uint32_t at)
{
    floor_close_at(outcome, at, CLOSING_SILENT);
}

void floor_silence(struct outcome *outcome, const struct event_microphone_silent *silent)
{
    const struct floor_microphone *before = floor_newest(outcome->floor, outcome->floor_count);
    hearing_put_floor(outcome->floor, outcome->floor_count, silent);
    if (floor_newest(outcome->floor, outcome->floor_count) != before) {
        floor_follow_language(outcome);
    }
}

void floor_close_all(struct outcome *outcome)
{
    while (outcome->floor_count > 0) {
        char participant[CONTRACT_ID_MAX + 1];
        id_copy(participant, outcome->floor[0].participant);
        floor_close_microphone(outcome, participant);
    }
    feed_leave_floor_all(outcome);
}

static enum err floor_need_open_sitting(struct outcome *outcome)
{
    if (outcome->state->meeting.sitting != SITTING_STATE_OPEN) {
        return outcome_refuse(outcome, REFUSAL_SITTING_NOT_OPEN);
    }
    return ERR_NONE;
}

enum err floor_give(struct outcome *outcome)
{
    enum err err = floor_need_open_sitting(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    const struct participant *speaker = outcome_participant(
        outcome, outcome->command->as.floor_give.participant, &err);
    if (speaker == NULL) {
        return err;
    }
    // Whoever may ask for the floor may be given it.
    if (permission_grant(COMMAND_FLOOR_REQUEST, speaker->capacity) == PERMISSION_NONE) {
        return outcome_refuse(outcome, REFUSAL_CANNOT_HAVE_FLOOR);
    }
    if (speaker->presence != PRESENCE_PRESENT) {
        return outcome_refuse(outcome, REFUSAL_PARTICIPANT_NOT_IN_ROOM);
    }
    if (floor_has(outcome, speaker->id)) {
        return outcome_refuse(outcome, REFUSAL_HAS_FLOOR_ALREADY);
    }
    if (floor_is_full(outcome)) {
        return outcome_refuse_most(outcome, REFUSAL_MICROPHONES_ALL_OPEN,
                                   outcome->state->meeting.floor_microphones_max);
    }
    speakers_remove_participant(outcome, speaker->id);
    floor_open_microphone(outcome, speaker);
    return ERR_NONE;
}

// The newest microphone of someone who is not a chair makes room for a chair's, then a feed does.
static enum err floor_make_room(struct outcome *outcome)
{
    for (uint32_t i = outcome->floor_count; floor_is_full(outcome) && i-- > 0;) {
        const struct participant *speaker = meeting_find_participant(outcome->state,
                                                                     outcome->floor[i].participant);
        if (speaker->capacity != CAPACITY_CHAIR) {
            floor_close_microphone(outcome, speaker->id);
        }
    }
    for (uint32_t i = outcome->feed_count; floor_is_full(outcome) && i-- > 0;) {
        if (outcome->feeds[i].target == FEED_TARGET_FLOOR) {
            feed_leave_floor(outcome, &outcome->feeds[i]);
        }
    }
    if (floor_is_full(outcome)) {
        return outcome_refuse_most(outcome, REFUSAL_MICROPHONES_ALL_OPEN,
                                   outcome->state->meeting.floor_microphones_max);
    }
    return ERR_NONE;
}

enum err floor_take(struct outcome *outcome)
{
    enum err err = outcome_need_in_room(outcome);
    if (err == ERR_NONE) {
        err = floor_need_open_sitting(outcome);
    }
    if (err != ERR_NONE) {
        return err;
    }
    if (floor_has(outcome, outcome->caller->id)) {
        return outcome_refuse(outcome, REFUSAL_YOU_HAVE_FLOOR_ALREADY);
    }
    err = floor_make_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    speakers_remove_participant(outcome, outcome->caller->id);
    floor_open_microphone(outcome, outcome->caller);
    return ERR_NONE;
}

enum err floor_end(struct outcome *outcome)
{
    enum err err = ERR_NONE;
    const struct participant *speaker = outcome_participant(
        outcome, outcome->command->as.floor_end.participant, &err);
    if (speaker == NULL) {
        return err;
    }
    if (!floor_has(outcome, speaker->id)) {
        return outcome_refuse(outcome, REFUSAL_HAS_NO_FLOOR);
    }
    floor_close_microphone(outcome, speaker->id);
    return ERR_NONE;
}

enum err floor_end_all(struct outcome *outcome)
{
    floor_close_all(outcome);
    return ERR_NONE;
}

enum err floor_yield(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (!floor_has(outcome, outcome->caller->id)) {
        return outcome_refuse(outcome, REFUSAL_YOU_HAVE_NO_FLOOR);
    }
    floor_close_microphone(outcome, outcome->caller->id);
    return ERR_NONE;
}

void floor_apply_opened(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct participant *speaker = participant_of(state, event->as.microphone_opened.participant);
    ASSERT(meeting->floor_count < (uint32_t)meeting->floor_microphones_max);
    ASSERT(meeting_find_floor(state, speaker->id) == NULL);
    struct floor_microphone *opened = &meeting->floor[meeting->floor_count++];
    id_copy(opened->participant, speaker->id);
    opened->opened_at = event->at;
    opened->position = event->as.microphone_opened.position;
    speaker->microphone = MICROPHONE_ON;
    speaker->microphone_since = event->at;
    speaker->interventions++;
}

void floor_apply_closed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct participant *speaker = participant_of(state, event->as.microphone_closed.participant);
    uint32_t at = floor_find(meeting->floor, meeting->floor_count, speaker->id);
    ASSERT(at < meeting->floor_count);
    floor_remove_at(meeting->floor, &meeting->floor_count, at);
    speaker->microphone = MICROPHONE_OFF;
    speaker->microphone_since = 0;
    speaker->spoken_ms += event->as.microphone_closed.spoken_ms;
}
