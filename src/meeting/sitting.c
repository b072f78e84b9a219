// A sitting: closed → open ⇄ suspended → closed. The floor is open only while the sitting is; a
// sitting that ends or pauses also takes the interpreters off the air, so that nothing said in the
// pause is heard.
#include "meeting/meeting_priv.h"

static void sitting_emit(struct outcome *outcome, enum sitting_state sitting, int64_t number)
{
    struct event *event = outcome_draft(outcome, EVENT_SITTING_CHANGED);
    event->as.sitting_changed.state = sitting;
    event->as.sitting_changed.number = number;
    outcome_emit(outcome);
}

// When it is to go on; 0 when there is nothing to say any more.
static void sitting_say_return(struct outcome *outcome, time_ms resumes_at)
{
    if (outcome->state->meeting.resumes_at != resumes_at) {
        outcome_draft(outcome, EVENT_SITTING_ANNOUNCED)->as.sitting_announced.resumes_at =
            resumes_at;
        outcome_emit(outcome);
    }
}

enum err sitting_open(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    if (meeting->sitting == SITTING_STATE_OPEN) {
        return outcome_refuse(outcome, REFUSAL_SITTING_OPEN_ALREADY);
    }
    if (meeting_life_is_over(meeting->life)) {
        return outcome_refuse(outcome, REFUSAL_MEETING_IS_OVER);
    }
    // A suspended sitting resumes under its own number.
    bool resumes = meeting->sitting == SITTING_STATE_SUSPENDED;
    sitting_emit(outcome, SITTING_STATE_OPEN, meeting->sitting_number + (resumes ? 0 : 1));
    sitting_say_return(outcome, 0);
    return ERR_NONE;
}

enum err sitting_suspend(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    if (meeting->sitting != SITTING_STATE_OPEN) {
        return outcome_refuse(outcome, REFUSAL_SITTING_NOT_OPEN);
    }
    floor_close_all(outcome);
    booth_close_all(outcome);
    sitting_emit(outcome, SITTING_STATE_SUSPENDED, meeting->sitting_number);
    return ERR_NONE;
}

enum err sitting_announce(struct outcome *outcome)
{
    if (outcome->state->meeting.sitting != SITTING_STATE_SUSPENDED) {
        return outcome_refuse(outcome, REFUSAL_SITTING_NOT_SUSPENDED);
    }
    int64_t minutes = outcome->command->as.sitting_announce.minutes;
    sitting_say_return(outcome, outcome->now + minutes * 60 * 1000);
    return ERR_NONE;
}

enum err sitting_close(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    if (meeting->sitting == SITTING_STATE_CLOSED) {
        return outcome_refuse(outcome, REFUSAL_SITTING_CLOSED_ALREADY);
    }
    floor_close_all(outcome);
    booth_close_all(outcome);
    speakers_clear(outcome);
    sitting_emit(outcome, SITTING_STATE_CLOSED, meeting->sitting_number);
    sitting_say_return(outcome, 0);
    return ERR_NONE;
}
