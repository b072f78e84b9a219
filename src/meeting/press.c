// What an interpreter presses: the microphone's key, and the outputs. Opening one microphone closes
// the partner's (override), or both may be open (mixed). Cough keeps the channel, silently: neither
// the partner nor the floor bursts in.
#include "meeting/meeting_priv.h"

static enum err press_closed(struct outcome *outcome, const struct booth *booth,
                             const struct desk *desk)
{
    if (handover_awaits(booth, desk)) {
        enum output theirs;
        enum language fed = handover_feeds(booth, &theirs);
        if (fed != LANGUAGE_NONE) {
            hearing_begin(outcome, booth, desk, theirs, fed);
            return ERR_NONE;
        }
    }
    enum output output = output_chosen(desk);
    enum language target = output_target(booth, desk, output);
    if (target == LANGUAGE_NONE) {
        return outcome_refuse(outcome, REFUSAL_OUTPUT_NEEDS_LANGUAGE);
    }
    enum err err = interlock_judge(outcome, booth, desk, output, target);
    if (err == ERR_NONE) {
        hearing_begin(outcome, booth, desk, output, target);
    }
    return err;
}

void press_heard(struct outcome *outcome, const struct booth *booth, const struct desk *desk)
{
    enum output output = desk->opening_output;
    enum language target = desk->opening_target;
    if (handover_awaits(booth, desk)) {
        handover_tell(outcome, booth, HANDOVER_TAKE, desk->participant);
        return;
    }
    // Since the press another booth may have taken the channel, or the language been taken away.
    if (!output_may_feed(booth, output, target) ||
        interlock_clear(outcome, booth, desk, output, target) != ERR_NONE) {
        hearing_end(outcome, booth, desk, false);
        return;
    }
    // What was asked or offered has come about.
    handover_tell(outcome, booth, HANDOVER_TAKE, desk->participant);
    handover_end_vacant(outcome, booth);
    desk_open(outcome, booth, desk, output, target);
}

// The key pressed while the microphone opens.
static enum err press_again(struct outcome *outcome, const struct booth *booth,
                            const struct desk *desk, enum microphone microphone)
{
    if (microphone == MICROPHONE_COUGH) {
        return outcome_refuse(outcome, REFUSAL_MICROPHONE_NOT_HEARD);
    }
    if (microphone == MICROPHONE_OFF) {
        hearing_end(outcome, booth, desk, false);
        if (handover_awaits(booth, desk)) {
            handover_tell(outcome, booth, HANDOVER_GONE, desk->participant);
        }
    }
    return ERR_NONE;
}

enum err press_microphone(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    enum err err = outcome_need_desk(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    enum microphone microphone = outcome->command->as.desk_microphone.state;
    if (hearing_is_opening(desk)) {
        return press_again(outcome, booth, desk, microphone);
    }
    if (microphone == desk->microphone) {
        return ERR_NONE;
    }
    if (!booth_desk_on_air(desk)) {
        return microphone == MICROPHONE_ON ? press_closed(outcome, booth, desk)
                                           : outcome_refuse(outcome, REFUSAL_MICROPHONE_OFF);
    }
    if (microphone == MICROPHONE_OFF) {
        booth_close_desk(outcome, desk->participant);
        return ERR_NONE;
    }
    struct desk wish = *desk;
    wish.microphone = microphone;
    desk_put(outcome, booth, &wish);
    return ERR_NONE;
}

static enum err press_output_refusal(struct outcome *outcome, const struct booth *booth,
                                     const struct desk *wish, enum language language)
{
    enum output output = output_chosen(wish);
    bool fixed = output == OUTPUT_A;
    if (fixed && language != LANGUAGE_NONE && language != booth->language) {
        return outcome_refuse(outcome, REFUSAL_OUTPUT_A_IS_OWN);
    }
    if (!fixed && language != LANGUAGE_NONE && !output_is_allowed(booth, language)) {
        return outcome_refuse(outcome, REFUSAL_BOOTH_NOT_INTO_LANGUAGE);
    }
    if (output_target(booth, wish, output) == LANGUAGE_NONE) {
        return outcome_refuse(outcome, REFUSAL_OUTPUT_NEEDS_LANGUAGE);
    }
    return ERR_NONE;
}

enum err press_output(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    enum err err = outcome_need_desk(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    const struct command_desk_output *command = &outcome->command->as.desk_output;
    struct desk wish = *desk;
    wish.output = command->output;
    if (command->language != LANGUAGE_NONE && command->output == OUTPUT_B) {
        wish.language_b = command->language;
    } else if (command->language != LANGUAGE_NONE && command->output == OUTPUT_C) {
        wish.language_c = command->language;
    }
    err = press_output_refusal(outcome, booth, &wish, command->language);
    if (err != ERR_NONE) {
        return err;
    }
    enum language target = output_target(booth, &wish, command->output);
    bool moves = booth_desk_on_air(desk) &&
                 (target != desk->target || command->output != output_chosen(desk));
    if (moves) {
        err = interlock_clear(outcome, booth, desk, command->output, target);
    }
    // A microphone that opens goes there, unless it takes over by a handover.
    bool opens = hearing_is_opening(desk) && !handover_awaits(booth, desk);
    if (err == ERR_NONE && opens) {
        err = interlock_judge(outcome, booth, desk, command->output, target);
    }
    if (err != ERR_NONE) {
        return err;
    }
    if (moves) {
        desk_open(outcome, booth, desk, command->output, target);
    } else if (opens) {
        hearing_begin(outcome, booth, desk, command->output, target);
    }
    desk_choose(outcome, booth, desk, &wish);
    return ERR_NONE;
}
