// Interpretation into a language is suspended, with an announcement that everyone reads, until
// someone resumes it or opens a microphone of its booth.
#include "meeting/hearing_priv.h"
#include "meeting/meeting_priv.h"

#include <string.h>

static void suspension_put(struct booth *booth, const struct event *event)
{
    const struct event_interpretation_changed *changed = &event->as.interpretation_changed;
    booth->suspended_since = changed->suspended ? event->at : 0;
    memcpy(booth->announcement, changed->announcement, sizeof booth->announcement);
}

static void suspension_emit(struct outcome *outcome, struct booth *booth, bool suspended,
                            const char *announcement)
{
    struct event *event = outcome_emit(outcome, EVENT_INTERPRETATION_CHANGED);
    struct event_interpretation_changed *changed = &event->as.interpretation_changed;
    changed->language = booth->language;
    changed->suspended = suspended;
    memcpy(changed->announcement, announcement, strlen(announcement));
    suspension_put(booth, event);
}

void suspension_end(struct outcome *outcome, struct booth *booth)
{
    if (booth->suspended_since != 0) {
        suspension_emit(outcome, booth, false, "");
    }
}

static enum err suspension_booth(struct outcome *outcome, enum language language,
                                 struct booth **ret_booth)
{
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (outcome->caller->capacity == CAPACITY_INTERPRETER &&
        outcome->caller->language != language) {
        return outcome_refuse(outcome, REFUSAL_NOT_YOUR_BOOTH);
    }
    *ret_booth = booth_of(outcome->booths, outcome->booth_count, language);
    return *ret_booth != NULL ? ERR_NONE : outcome_refuse(outcome, REFUSAL_NO_SUCH_BOOTH);
}

enum err suspension_begin(struct outcome *outcome)
{
    const struct command_interpretation_suspend *command =
        &outcome->command->as.interpretation_suspend;
    struct booth *booth = NULL;
    enum err err = suspension_booth(outcome, command->language, &booth);
    if (err != ERR_NONE) {
        return err;
    }
    handover_tell(outcome, booth, HANDOVER_END, "");
    hearing_end_all(outcome, booth);
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        if (booth_desk_on_air(&booth->desks[i])) {
            booth_close(outcome, booth, &booth->desks[i], "");
        }
    }
    suspension_emit(outcome, booth, true, command->announcement);
    return ERR_NONE;
}

enum err suspension_resume(struct outcome *outcome)
{
    struct booth *booth = NULL;
    enum err err = suspension_booth(outcome, outcome->command->as.interpretation_resume.language,
                                    &booth);
    if (err == ERR_NONE) {
        suspension_end(outcome, booth);
    }
    return err;
}

void suspension_apply_changed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct booth *booth = booth_of(meeting->booths, meeting->booths_count,
                                   event->as.interpretation_changed.language);
    ASSERT(booth != NULL);
    suspension_put(booth, event);
}
