// Calls for help: none → asked → handled → none. One of the audience is listed no longer than that.
#include "meeting/meeting_priv.h"

#include <stddef.h>

void help_emit(struct outcome *outcome, const struct participant *participant, enum help_state help)
{
    if (participant->help == help) {
        return;
    }
    struct event *event = outcome_draft(outcome, EVENT_HELP_CHANGED);
    id_copy(event->as.help_changed.participant, participant->id);
    event->as.help_changed.state = help;
    outcome_emit(outcome);
    if (help == HELP_STATE_NONE && participant->audience) {
        audience_unlist(outcome, participant);
    }
}

enum err help_ask(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    help_emit(outcome, outcome->caller, HELP_STATE_ASKED);
    return ERR_NONE;
}

enum err help_cancel(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    help_emit(outcome, outcome->caller, HELP_STATE_NONE);
    return ERR_NONE;
}

enum err help_handle(struct outcome *outcome)
{
    enum err err = ERR_NONE;
    const struct participant *participant = outcome_participant(
        outcome, outcome->command->as.help_handle.participant, &err);
    if (participant == NULL) {
        return err;
    }
    enum help_state help = outcome->command->as.help_handle.state;
    if (help == HELP_STATE_ASKED) {
        return outcome_refuse(outcome, REFUSAL_CALL_STATE_UNKNOWN);
    }
    if (help == HELP_STATE_HANDLED && participant->help == HELP_STATE_NONE) {
        return outcome_refuse(outcome, REFUSAL_HAS_NOT_CALLED);
    }
    help_emit(outcome, participant, help);
    return ERR_NONE;
}
