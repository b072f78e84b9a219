// The interlock, in one place: who may open a microphone into a channel that another desk holds.
// Within a booth the booth's mode decides, across booths the meeting's mode for the pressed output.
// An output never has holders of two booths.
#include "meeting/meeting_priv.h"

#include <string.h>

static bool interlock_overrides(enum interlock_mode mode, enum output pressed, enum output held)
{
    bool a = pressed == OUTPUT_A;
    switch (mode) {
    case INTERLOCK_MODE_OVERRIDE_ALLOWED: return true;
    case INTERLOCK_MODE_A_OVERRIDES_A: return a && held == OUTPUT_A;
    case INTERLOCK_MODE_A_OVERRIDES_BC: return a && held != OUTPUT_A;
    case INTERLOCK_MODE_A_OVERRIDES_ABC: return a;
    case INTERLOCK_MODE_NO_OVERRIDE:
    case INTERLOCK_MODE_COUNT: break;
    }
    return false;
}

// Whether this desk on the air stands in the way of a press.
static bool interlock_in_the_way(const struct booth *booth, const struct desk *desk,
                                 const struct booth *other_booth, const struct desk *other,
                                 enum language target)
{
    if (other == desk || !booth_desk_on_air(other)) {
        return false;
    }
    return other_booth == booth ? booth->setting.mode == BOOTH_MODE_OVERRIDE
                                : other->target == target;
}

// A partner opened over this desk, and is heard: one who is not holds nothing against a press.
static bool interlock_is_overridden(const struct booth *booth, const struct desk *desk)
{
    const struct desk *by = booth_desk(booth, desk->overridden_by);
    return booth->setting.mode == BOOTH_MODE_OVERRIDE && by != NULL && by->silence == SILENCE_NONE;
}

const struct booth *interlock_holder(const struct meeting_state *state, const struct booth *booth,
                                     const struct desk *desk, enum output output,
                                     enum language target)
{
    const struct meeting *meeting = &state->meeting;
    enum interlock_mode mode = output == OUTPUT_A ? meeting->interlock_a : meeting->interlock_bc;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *other = &meeting->booths[i];
        for (uint32_t j = 0; other != booth && j < other->desks_count; j++) {
            const struct desk *held = &other->desks[j];
            // One that is not heard is in the way, and holds nothing against a press.
            if (held->silence == SILENCE_NONE &&
                interlock_in_the_way(booth, desk, other, held, target) &&
                !interlock_overrides(mode, output, output_chosen(held))) {
                return other;
            }
        }
    }
    return NULL;
}

enum err interlock_judge(struct outcome *outcome, const struct booth *booth,
                         const struct desk *desk, enum output output, enum language target)
{
    if (interlock_is_overridden(booth, desk)) {
        return outcome_refuse_naming(outcome, REFUSAL_PARTNER_OPENED_OVER, desk->overridden_by);
    }
    return interlock_holder(outcome->state, booth, desk, output, target) != NULL
               ? outcome_refuse(outcome, REFUSAL_OUTPUT_HELD)
               : ERR_NONE;
}

static void interlock_push_out(struct outcome *outcome, const struct booth *booth,
                               const struct desk *desk, const struct booth *other_booth,
                               const struct desk *other)
{
    bool partner = other_booth == booth;
    bool takes = partner && strcmp(booth->handover.to, desk->participant) == 0;
    handover_tell(outcome, other_booth, takes ? HANDOVER_TAKE : HANDOVER_OVERRIDE,
                  takes ? desk->participant : other->participant);
    if (partner) {
        desk_close(outcome, other_booth, other, desk->participant);
    } else {
        desk_displace(outcome, other_booth, other, booth->language);
    }
}

enum err interlock_clear(struct outcome *outcome, const struct booth *booth,
                         const struct desk *desk, enum output output, enum language target)
{
    enum err err = interlock_judge(outcome, booth, desk, output, target);
    if (err != ERR_NONE) {
        return err;
    }
    const struct meeting *meeting = &outcome->state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *other = &meeting->booths[i];
        for (uint32_t j = 0; j < other->desks_count; j++) {
            if (interlock_in_the_way(booth, desk, other, &other->desks[j], target)) {
                interlock_push_out(outcome, booth, desk, other, &other->desks[j]);
            }
        }
    }
    return ERR_NONE;
}

// Who is on the air stays: the modes judge presses.
enum err interlock_set(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    const struct command_interlock_set *command = &outcome->command->as.interlock_set;
    if (command->a != meeting->interlock_a || command->bc != meeting->interlock_bc) {
        struct event *event = outcome_draft(outcome, EVENT_INTERLOCK_CHANGED);
        event->as.interlock_changed.a = command->a;
        event->as.interlock_changed.bc = command->bc;
        outcome_emit(outcome);
    }
    return ERR_NONE;
}
