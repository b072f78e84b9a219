// The outputs of a desk. A feeds the booth's own language. B and C feed one of the languages that
// the booth is allowed to work into: the desk's choice, else the booth's.
#include "meeting/hearing_priv.h"
#include "meeting/meeting_priv.h"

#include <stddef.h>

enum output output_chosen(const struct desk *desk)
{
    return desk->output == OUTPUT_NONE ? OUTPUT_A : desk->output;
}

bool output_is_allowed(const struct booth *booth, enum language language)
{
    for (uint32_t i = 0; i < booth->setting.allowed_count; i++) {
        if (booth->setting.allowed[i].language == language) {
            return true;
        }
    }
    return false;
}

enum language output_target(const struct booth *booth, const struct desk *desk, enum output output)
{
    if (output == OUTPUT_A) {
        return booth->language;
    }
    const struct booth_setting *setting = &booth->setting;
    enum language own = output == OUTPUT_B ? desk->language_b : desk->language_c;
    enum language language = own != LANGUAGE_NONE ? own
                             : output == OUTPUT_B ? setting->output_b
                                                  : setting->output_c;
    return output_is_allowed(booth, language) ? language : LANGUAGE_NONE;
}

static enum err output_refusal(struct outcome *outcome, const struct booth *booth,
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

enum err output_choose(struct outcome *outcome)
{
    struct booth *booth = NULL;
    struct desk *desk = NULL;
    enum err err = booth_of_caller(outcome, &booth, &desk);
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
    err = output_refusal(outcome, booth, &wish, command->language);
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
        booth_open(outcome, booth, desk, command->output, target);
    } else if (opens) {
        hearing_begin(outcome, booth, desk, command->output, target);
    }
    booth_choose(outcome, booth, desk, &wish);
    return ERR_NONE;
}
