// Calls for help: none → asked → handled → none, and what caller and helper write to each other
// meanwhile. One of the audience is listed no longer than that.
#include "meeting/meeting_priv.h"

#include <string.h>

#define LINES_WITHIN_MS 10000 // so many lines of one person at most in such a time

void help_emit(struct outcome *outcome, const struct participant *participant,
               const struct help_call *wish, enum help_state help)
{
    const struct help_call *now = help_call_of(&outcome->state->meeting, participant->id);
    if (participant->help == help &&
        (now == NULL || (now->reason == wish->reason && strcmp(now->helper, wish->helper) == 0))) {
        return;
    }
    struct event *event = outcome_draft(outcome, EVENT_HELP_CHANGED);
    id_copy(event->as.help_changed.participant, participant->id);
    event->as.help_changed.state = help;
    event->as.help_changed.reason = wish->reason;
    id_copy(event->as.help_changed.helper, wish->helper);
    outcome_emit(outcome);
    if (help == HELP_STATE_NONE && participant->audience) {
        audience_unlist(outcome, participant);
    }
}

static void help_end(struct outcome *outcome, const struct participant *participant)
{
    static const struct help_call over;
    if (participant->help != HELP_STATE_NONE) {
        help_emit(outcome, participant, &over, HELP_STATE_NONE);
    }
}

// What the call is about stays what it was.
static void help_take(struct outcome *outcome, const struct participant *participant,
                      const struct help_call *call)
{
    struct help_call taken = *call;
    id_copy(taken.helper, outcome->caller->id);
    help_emit(outcome, participant, &taken, HELP_STATE_HANDLED);
}

enum err help_ask(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    const struct help_call *call = help_call_of(&outcome->state->meeting, outcome->caller->id);
    struct help_call asked = {.reason = outcome->command->as.help_ask.reason};
    if (asked.reason == HELP_REASON_NONE && call != NULL) {
        asked.reason = call->reason;
    }
    help_emit(outcome, outcome->caller, &asked, HELP_STATE_ASKED);
    return ERR_NONE;
}

enum err help_cancel(struct outcome *outcome)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    help_end(outcome, outcome->caller);
    return ERR_NONE;
}

// Two who press in the same moment: the first has it, and the second is told who that is. Whoever
// is away has left it to others.
static enum err help_need_free(struct outcome *outcome, const struct help_call *call,
                               const char *instead_of)
{
    const struct participant *helper = meeting_find_participant(outcome->state, call->helper);
    if (helper == NULL || helper == outcome->caller || helper->presence == PRESENCE_AWAY ||
        strcmp(helper->id, instead_of) == 0) {
        return ERR_NONE;
    }
    return outcome_refuse_naming(outcome, REFUSAL_CALL_IS_TAKEN, call->helper);
}

enum err help_handle(struct outcome *outcome)
{
    const struct command_help_handle *command = &outcome->command->as.help_handle;
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    const struct participant *participant = outcome_participant(outcome, command->participant,
                                                                &err);
    if (participant == NULL) {
        return err;
    }
    if (command->state == HELP_STATE_ASKED) {
        return outcome_refuse(outcome, REFUSAL_CALL_STATE_UNKNOWN);
    }
    if (command->state == HELP_STATE_NONE) {
        help_end(outcome, participant);
        return ERR_NONE;
    }
    const struct help_call *call = help_call_of(&outcome->state->meeting, participant->id);
    if (call == NULL) {
        return outcome_refuse(outcome, REFUSAL_HAS_NOT_CALLED);
    }
    err = help_need_free(outcome, call, command->instead_of);
    if (err == ERR_NONE) {
        help_take(outcome, participant, call);
    }
    return err;
}

static bool writes_too_fast(const struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    uint32_t lately = 0;
    for (uint32_t i = 0; i < meeting->help_lines_count; i++) {
        const struct help_line *line = &meeting->help_lines[i];
        lately += outcome->now - line->at < LINES_WITHIN_MS &&
                  strcmp(line->author, outcome->caller->id) == 0;
    }
    return lately >= HELP_LINES_AT_ONCE;
}

// Whether the caller of the command may write there; takes somebody's call that nobody has taken.
static enum err help_need_part(struct outcome *outcome, const struct participant *participant)
{
    const struct command_help_say *command = &outcome->command->as.help_say;
    const struct help_call *call = help_call_of(&outcome->state->meeting, participant->id);
    bool own = participant == outcome->caller;
    if (!own && !capacity_can(outcome->caller->capacity, ABILITY_RUNS_CONSOLE)) {
        return outcome_refuse(outcome, REFUSAL_CAPACITY_FORBIDS);
    }
    if (own && command->suggestion != HELP_SUGGESTION_NONE) {
        return outcome_refuse(outcome, REFUSAL_SUGGESTIONS_BY_HELPER);
    }
    if (call == NULL) {
        return outcome_refuse(outcome, own ? REFUSAL_CALL_IS_OVER : REFUSAL_HAS_NOT_CALLED);
    }
    enum err err = own ? ERR_NONE : help_need_free(outcome, call, "");
    if (err == ERR_NONE && writes_too_fast(outcome)) {
        err = outcome_refuse(outcome, REFUSAL_LINES_TOO_FAST);
    }
    if (err == ERR_NONE && !own) {
        help_take(outcome, participant, call);
    }
    return err;
}

enum err help_say(struct outcome *outcome)
{
    const struct command_help_say *command = &outcome->command->as.help_say;
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    const struct participant *participant = outcome->caller;
    if (command->participant[0] != '\0') {
        participant = outcome_participant(outcome, command->participant, &err);
    }
    if (participant == NULL) {
        return err;
    }
    if (command->text[0] == '\0' && command->suggestion == HELP_SUGGESTION_NONE) {
        return outcome_refuse(outcome, REFUSAL_CHAT_NEEDS_WORDS);
    }
    err = help_need_part(outcome, participant);
    if (err != ERR_NONE) {
        return err;
    }
    struct event_help_said *said = &outcome_draft(outcome, EVENT_HELP_SAID)->as.help_said;
    id_copy(said->participant, participant->id);
    memcpy(said->text, command->text, sizeof said->text);
    said->suggestion = command->suggestion;
    outcome_emit(outcome);
    return ERR_NONE;
}
