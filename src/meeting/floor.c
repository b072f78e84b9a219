// Who is given the floor, takes it and loses it. At most two microphones are open there, or feeds.
#include "meeting/meeting_priv.h"
#include "meeting/timing.h"

#include <string.h>

static void floor_set_language(struct outcome *outcome, enum language language)
{
    if (language != outcome->state->meeting.floor_language) {
        outcome_draft(outcome, EVENT_FLOOR_LANGUAGE_CHANGED)->as.floor_language_changed.language =
            language;
        outcome_emit(outcome);
    }
}

// Whoever speaks is taken to speak their own language, until someone declares another; what a feed
// brings is unknown until then.
void floor_follow_language(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    enum language language = LANGUAGE_NONE;
    if (meeting->floor_count > 0 && floor_feed(meeting) == NULL) {
        const struct floor_microphone *newest = floor_newest(meeting);
        language = outcome->state->spoken[newest->position];
        language = language != LANGUAGE_NONE
                       ? language
                       : meeting_find_participant(outcome->state, newest->participant)->language;
    }
    floor_set_language(outcome, language);
}

void floor_settle(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    const struct feed *feed = floor_feed(meeting);
    const char *before = meeting->channels[CHANNEL_ID_FLOOR].feed; // channels are settled last
    if (strcmp(before, feed != NULL ? feed->id : "") != 0 || !floor_is_heard(meeting)) {
        floor_follow_language(outcome);
    }
}

enum err floor_declare(struct outcome *outcome)
{
    enum language language = outcome->command->as.floor_language.language;
    if (!floor_is_heard(&outcome->state->meeting)) {
        return outcome_refuse(outcome, REFUSAL_NOBODY_HAS_FLOOR);
    }
    floor_set_language(outcome, language);
    return ERR_NONE;
}

static void floor_open_microphone(struct outcome *outcome, const struct participant *participant,
                                  bool given)
{
    const struct meeting *meeting = &outcome->state->meeting;
    ASSERT(!floor_is_full(meeting));
    struct event *event = outcome_draft(outcome, EVENT_MICROPHONE_OPENED);
    id_copy(event->as.microphone_opened.participant, participant->id);
    event->as.microphone_opened.position = floor_free_position(meeting);
    event->as.microphone_opened.awaited = floor_has_sound(meeting);
    event->as.microphone_opened.given = given;
    outcome_emit(outcome);
    floor_follow_language(outcome);
}

static void floor_close(struct outcome *outcome, const struct floor_microphone *open,
                        enum closing reason)
{
    const struct meeting *meeting = &outcome->state->meeting;
    const struct participant *speaker = meeting_find_participant(outcome->state, open->participant);
    time_ms spoken_ms = outcome->now - open->opened_at;
    time_ms heard_ms = floor_heard_ms(outcome->state, open, outcome->now);
    bool newest = open == floor_newest(meeting);
    // Who does not sit on the podium shares a screen only with the floor.
    if (!capacity_can(speaker->capacity, ABILITY_SITS_ON_PODIUM)) {
        sharing_end_screen(outcome, speaker->id);
    }
    struct event *event = outcome_draft(outcome, EVENT_MICROPHONE_CLOSED);
    id_copy(event->as.microphone_closed.participant, speaker->id);
    event->as.microphone_closed.spoken_ms = spoken_ms;
    event->as.microphone_closed.reason = reason;
    outcome_emit(outcome);
    document_deliver(outcome, speaker->id, heard_ms);
    if (newest && floor_feed(meeting) == NULL) {
        floor_follow_language(outcome);
    }
}

void floor_close_microphone(struct outcome *outcome, const char *participant)
{
    const struct floor_microphone *open = meeting_find_floor(outcome->state, participant);
    if (open != NULL) {
        floor_close(outcome, open, CLOSING_NONE);
    }
}

void floor_close_silent(struct outcome *outcome, uint32_t at)
{
    floor_close(outcome, &outcome->state->meeting.floor[at], CLOSING_SILENT);
}

void floor_close_all(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    while (meeting->floor_count > 0) {
        floor_close(outcome, &meeting->floor[0], CLOSING_NONE);
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

// Whom a command means: the list may have moved on since it was read.
static const struct participant *floor_meant(struct outcome *outcome, enum err *ret_err)
{
    const struct command_floor_give *give = &outcome->command->as.floor_give;
    const struct meeting *meeting = &outcome->state->meeting;
    if ((give->request == 0) == (give->participant[0] == '\0')) {
        *ret_err = outcome_refuse(outcome, REFUSAL_GIVE_NAMES_ONE);
        return NULL;
    }
    if (give->request == 0) {
        return outcome_participant(outcome, give->participant, ret_err);
    }
    uint32_t at = speakers_request_at(meeting, give->request);
    if (at == meeting->requests_count) {
        *ret_err = outcome_refuse(outcome, REFUSAL_NO_SUCH_REQUEST);
        return NULL;
    }
    return meeting_find_participant(outcome->state, meeting->requests[at].participant);
}

static enum err floor_may_have(struct outcome *outcome, const struct participant *speaker)
{
    // Whoever may ask for the floor may be given it.
    if (!capacity_can(speaker->capacity, ABILITY_SPEAKS)) {
        return outcome_refuse(outcome, REFUSAL_CANNOT_HAVE_FLOOR);
    }
    if (speaker->presence != PRESENCE_PRESENT) {
        return outcome_refuse(outcome, REFUSAL_PARTICIPANT_NOT_IN_ROOM);
    }
    if (meeting_find_floor(outcome->state, speaker->id) != NULL) {
        return outcome_refuse(outcome, REFUSAL_HAS_FLOOR_ALREADY);
    }
    return ERR_NONE;
}

// Two presses in one moment, of one hand or of two, are one intent.
static bool floor_was_just_given(const struct outcome *outcome)
{
    time_ms given_at = outcome->state->given_at;
    return given_at != 0 && outcome->now - given_at < FLOOR_GIVE_AGAIN_MS;
}

enum err floor_give(struct outcome *outcome)
{
    enum err err = floor_need_open_sitting(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (floor_was_just_given(outcome)) {
        return outcome_refuse(outcome, REFUSAL_FLOOR_JUST_GIVEN);
    }
    const struct participant *speaker = floor_meant(outcome, &err);
    if (speaker == NULL) {
        return err;
    }
    err = floor_may_have(outcome, speaker);
    if (err != ERR_NONE) {
        return err;
    }
    const char *ending = outcome->command->as.floor_give.ending;
    const struct meeting *meeting = &outcome->state->meeting;
    if (floor_is_full(meeting) && meeting_find_floor(outcome->state, ending) == NULL) {
        return outcome_refuse_most(outcome, REFUSAL_MICROPHONES_ALL_OPEN,
                                   meeting->floor_microphones_max);
    }
    floor_close_microphone(outcome, ending);
    speakers_remove_participant(outcome, speaker->id);
    floor_open_microphone(outcome, speaker, true);
    return ERR_NONE;
}

// The newest microphone of someone who is not a chair; NULL for none.
static const struct floor_microphone *floor_yielding(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = meeting->floor_count; i-- > 0;) {
        const struct floor_microphone *open = &meeting->floor[i];
        const struct participant *speaker = meeting_find_participant(state, open->participant);
        if (!capacity_can(speaker->capacity, ABILITY_PRESIDES)) {
            return open;
        }
    }
    return NULL;
}

static const struct feed *floor_yielding_feed(const struct meeting *meeting)
{
    for (uint32_t i = meeting->feeds_count; i-- > 0;) {
        if (meeting->feeds[i].target == FEED_TARGET_FLOOR) {
            return &meeting->feeds[i];
        }
    }
    return NULL;
}

// A microphone makes room for a chair's, else a feed does.
static enum err floor_make_room(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    while (floor_is_full(meeting)) {
        const struct floor_microphone *open = floor_yielding(outcome->state);
        const struct feed *feed = floor_yielding_feed(meeting);
        if (open != NULL) {
            floor_close(outcome, open, CLOSING_NONE);
        } else if (feed != NULL) {
            feed_leave_floor(outcome, feed);
        } else {
            return outcome_refuse_most(outcome, REFUSAL_MICROPHONES_ALL_OPEN,
                                       meeting->floor_microphones_max);
        }
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
    if (meeting_find_floor(outcome->state, outcome->caller->id) != NULL) {
        return outcome_refuse(outcome, REFUSAL_YOU_HAVE_FLOOR_ALREADY);
    }
    err = floor_make_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    speakers_remove_participant(outcome, outcome->caller->id);
    floor_open_microphone(outcome, outcome->caller, false);
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
    if (meeting_find_floor(outcome->state, speaker->id) == NULL) {
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
    if (meeting_find_floor(outcome->state, outcome->caller->id) == NULL) {
        return outcome_refuse(outcome, REFUSAL_YOU_HAVE_NO_FLOOR);
    }
    floor_close_microphone(outcome, outcome->caller->id);
    return ERR_NONE;
}
