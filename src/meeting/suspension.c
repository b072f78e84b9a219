// Interpretation into a language is suspended, with an announcement that everyone reads, until
// someone resumes it or opens a microphone of its booth.
#include "meeting/meeting_priv.h"

#include <string.h>

void suspension_emit(struct outcome *outcome, const struct booth *booth, bool suspended,
                     const char *announcement)
{
    struct event *event = outcome_draft(outcome, EVENT_INTERPRETATION_CHANGED);
    struct event_interpretation_changed *changed = &event->as.interpretation_changed;
    changed->language = booth->language;
    changed->suspended = suspended;
    memcpy(changed->announcement, announcement, strlen(announcement));
    outcome_emit(outcome);
}

void suspension_end(struct outcome *outcome, const struct booth *booth)
{
    if (booth->suspended_since != 0) {
        suspension_emit(outcome, booth, false, "");
    }
}

enum err suspension_booth(struct outcome *outcome, enum language language,
                          const struct booth **ret_booth)
{
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (capacity_can(outcome->caller->capacity, ABILITY_HAS_DESK) &&
        outcome->caller->language != language) {
        return outcome_refuse(outcome, REFUSAL_NOT_YOUR_BOOTH);
    }
    *ret_booth = booth_in(&outcome->state->meeting, language);
    return *ret_booth != NULL ? ERR_NONE : outcome_refuse(outcome, REFUSAL_NO_SUCH_BOOTH);
}

enum err suspension_resume(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    enum err err = suspension_booth(outcome, outcome->command->as.interpretation_resume.language,
                                    &booth);
    if (err == ERR_NONE) {
        suspension_end(outcome, booth);
    }
    return err;
}
