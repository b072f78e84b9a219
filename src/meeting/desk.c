// One desk: its microphone and what it chose. Opening one is a decision of press.c or handover.c;
// here stands what goes with it.
#include "meeting/meeting_priv.h"

#include <string.h>

void desk_put(struct outcome *outcome, const struct booth *booth, const struct desk *wish)
{
    if (wish->microphone == MICROPHONE_ON) {
        talkback_end(outcome, wish->participant); // first: what is said aside is never on the air
    }
    struct event_desk_changed *changed =
        &outcome_draft(outcome, EVENT_DESK_CHANGED)->as.desk_changed;
    id_copy(changed->participant, wish->participant);
    changed->language = booth->language;
    changed->microphone = wish->microphone;
    id_copy(changed->overridden_by, wish->overridden_by);
    changed->lost = wish->lost_at != 0;
    changed->displaced_by = wish->displaced_by;
    if (booth_desk_on_air(wish)) {
        changed->silence = wish->silence;
        changed->silent_since = wish->silent_since;
    }
    if (booth_desk_on_air(wish) && output_chosen(wish) != OUTPUT_A) {
        changed->output = wish->output;
        changed->target = wish->target;
    }
    outcome_emit(outcome);
}

void desk_open(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
               enum output output, enum language target)
{
    suspension_end(outcome, booth);
    struct desk wish = *desk;
    wish.microphone = booth_desk_on_air(desk) ? desk->microphone : MICROPHONE_ON;
    wish.output = output;
    wish.target = target;
    wish.lost_at = 0;
    wish.silence = SILENCE_NONE;
    wish.silent_since = 0;
    wish.displaced_by = LANGUAGE_NONE;
    id_copy(wish.overridden_by, "");
    desk_put(outcome, booth, &wish);
}

void desk_close(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                const char *overridden_by)
{
    struct desk wish = *desk;
    wish.microphone = MICROPHONE_OFF;
    id_copy(wish.overridden_by, overridden_by);
    desk_put(outcome, booth, &wish);
}

void desk_displace(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                   enum language by)
{
    struct desk wish = *desk;
    wish.microphone = MICROPHONE_OFF;
    wish.displaced_by = by;
    desk_put(outcome, booth, &wish);
}

void desk_cut(struct outcome *outcome, const struct booth *booth, const struct desk *desk)
{
    struct desk wish = *desk;
    wish.microphone = MICROPHONE_OFF;
    wish.lost_at = outcome->now;
    desk_put(outcome, booth, &wish);
}

void desk_close_all(struct outcome *outcome, const struct booth *booth)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        if (booth_desk_on_air(&booth->desks[i])) {
            desk_close(outcome, booth, &booth->desks[i], "");
        }
    }
}

void desk_choose(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                 const struct desk *wish)
{
    if (output_chosen(desk) == output_chosen(wish) && desk->language_b == wish->language_b &&
        desk->language_c == wish->language_c && desk->source == wish->source &&
        desk->original == wish->original && desk->resting == wish->resting) {
        return;
    }
    struct event_desk_chosen *chosen = &outcome_draft(outcome, EVENT_DESK_CHOSEN)->as.desk_chosen;
    id_copy(chosen->participant, desk->participant);
    chosen->language = booth->language;
    chosen->output = output_chosen(wish) == OUTPUT_A ? OUTPUT_NONE : wish->output;
    chosen->language_b = wish->language_b;
    chosen->language_c = wish->language_c;
    chosen->source = wish->source;
    chosen->original = wish->original;
    chosen->resting = wish->resting;
    outcome_emit(outcome);
}
