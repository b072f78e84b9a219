// What an interpreter presses: the microphone's key, and the outputs. Opening one microphone closes
// the partner's (override), or both may be open (mixed). Cough keeps the channel, silently: neither
// the partner nor the floor bursts in. An output that is turned on the air is a press as well: the
// microphone stays where it is carried until it is heard, and when it is not, it has not moved.
#include "meeting/meeting_priv.h"

// Whatever was pressed: it takes nothing before it is heard, and is not begun where it may not
// take.
static enum err press_begin(struct outcome *outcome, const struct booth *booth,
                            const struct desk *desk, enum output output, enum language target)
{
    enum err err = interlock_judge(outcome, booth, desk, output, target);
    if (err == ERR_NONE) {
        hearing_begin(outcome, booth, desk, output, target);
    }
    return err;
}

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
    return press_begin(outcome, booth, desk, output, target);
}

// What was chosen with the press is chosen now that it has come about.
static void press_move(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                       enum output output, enum language target)
{
    desk_open(outcome, booth, desk, output, target);
    struct desk wish = *desk;
    if (output_target(booth, desk, output) != target) {
        *(output == OUTPUT_B ? &wish.language_b : &wish.language_c) = target;
    }
    desk_choose(outcome, booth, desk, &wish);
}

// The desk is told which booth was faster. One that only turned is on the air as it was.
static void press_overtaken(struct outcome *outcome, const struct booth *booth,
                            const struct desk *desk)
{
    const struct booth *by = interlock_holder(outcome->state, booth, desk, desk->opening_output,
                                              desk->opening_target);
    if (by != NULL && !booth_desk_on_air(desk)) {
        desk_displace(outcome, booth, desk, by->language);
    } else {
        hearing_end(outcome, booth, desk, false);
    }
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
        press_overtaken(outcome, booth, desk);
        return;
    }
    if (booth_desk_on_air(desk)) {
        press_move(outcome, booth, desk, output, target);
        return;
    }
    // What was asked or offered has come about.
    handover_tell(outcome, booth, HANDOVER_TAKE, desk->participant);
    handover_end_vacant(outcome, booth);
    desk_open(outcome, booth, desk, output, target);
}

// The key pressed while the microphone opens, and is not on the air.
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

// Into a cough, and out of it. A turned output waits for its end, and is then awaited anew.
static void press_cough(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                        enum microphone microphone)
{
    struct desk wish = *desk;
    wish.microphone = microphone;
    desk_put(outcome, booth, &wish);
    if (hearing_is_opening(&wish)) {
        hearing_begin(outcome, booth, desk, wish.opening_output, wish.opening_target);
    }
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
    if (hearing_is_opening(desk) && !booth_desk_on_air(desk)) {
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
    press_cough(outcome, booth, desk, microphone);
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

// On the air. The output that is fed already takes back a turn that has not come about.
static enum err press_turn(struct outcome *outcome, const struct booth *booth,
                           const struct desk *desk, const struct desk *wish, enum language target)
{
    enum output output = output_chosen(wish);
    if (target == desk->target && output == output_chosen(desk)) {
        hearing_end(outcome, booth, desk, false);
        desk_choose(outcome, booth, desk, wish);
        return ERR_NONE;
    }
    return press_begin(outcome, booth, desk, output, target);
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
    if (booth_desk_on_air(desk)) {
        return press_turn(outcome, booth, desk, &wish, target);
    }
    // A microphone that opens goes there, unless it takes over by a handover.
    if (hearing_is_opening(desk) && !handover_awaits(booth, desk)) {
        err = press_begin(outcome, booth, desk, command->output, target);
        if (err != ERR_NONE) {
            return err;
        }
    }
    desk_choose(outcome, booth, desk, &wish);
    return ERR_NONE;
}
