// The desks as they are: what each interpreter's microphone does, and what each chose.
#include "meeting/state.h"

#include <string.h>

// Who is off the air overrides nobody.
static void desk_forget_overrides(struct booth *booth, const char *participant)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        if (strcmp(booth->desks[i].overridden_by, participant) == 0) {
            id_copy(booth->desks[i].overridden_by, "");
        }
    }
}

static void desk_take_off_air(struct booth *booth, struct desk *desk)
{
    desk->target = LANGUAGE_NONE;
    desk->opened_at = 0;
    desk->opened = 0;
    desk->chimed = false;
    desk_forget_overrides(booth, desk->participant);
}

static void desk_put_on_air(const struct booth *booth, struct desk *desk, bool was_open,
                            const struct event *event)
{
    const struct event_desk_changed *changed = &event->as.desk_changed;
    enum language target = changed->target != LANGUAGE_NONE ? changed->target : booth->language;
    if (!was_open) {
        desk->opened_at = event->at;
        desk->resting = false;
    }
    if (desk->target != target) {
        desk->opened = (int64_t)event->seq;
    }
    desk->output = changed->output;
    desk->target = target;
}

static void desk_take(struct booth *booth, struct desk *desk, const struct event *event)
{
    const struct event_desk_changed *changed = &event->as.desk_changed;
    bool was_open = booth_desk_on_air(desk);
    desk->microphone = changed->microphone;
    desk->lost_at = changed->lost ? event->at : 0;
    desk->opening_since = 0;
    desk->opening_output = OUTPUT_NONE;
    desk->opening_target = LANGUAGE_NONE;
    desk->undone_at = 0;
    desk->silence = SILENCE_NONE;
    desk->silent_since = 0;
    id_copy(desk->overridden_by, changed->overridden_by);
    if (booth_desk_on_air(desk)) {
        desk_put_on_air(booth, desk, was_open, event);
    } else {
        desk_take_off_air(booth, desk);
    }
}

void desk_apply_changed(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_changed *changed = &event->as.desk_changed;
    struct participant *interpreter = participant_of(state, changed->participant);
    struct desk *desk = booth_desk_of(state, changed->language, changed->participant);
    time_ms opened_at = desk->opened_at;
    desk_take(booth_of(state, changed->language), desk, event);
    interpreter->microphone = changed->microphone;
    interpreter->microphone_since = desk->opened_at;
    if (!booth_desk_on_air(desk) && opened_at > 0) {
        hours_count_turn(&state->meeting, interpreter->id, event->at - opened_at);
    }
}

void desk_apply_opening(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_opening *opening = &event->as.desk_opening;
    struct desk *desk = booth_desk_of(state, opening->language, opening->participant);
    desk->opening_since = opening->since;
    desk->opening_output = opening->output;
    desk->opening_target = opening->target;
    desk->undone_at = opening->undone ? event->at : 0;
}

void desk_apply_chosen(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_chosen *chosen = &event->as.desk_chosen;
    struct desk *desk = booth_desk_of(state, chosen->language, chosen->participant);
    desk->output = chosen->output;
    desk->language_b = chosen->language_b;
    desk->language_c = chosen->language_c;
    desk->source = chosen->source;
    desk->original = chosen->original;
    desk->resting = chosen->resting;
}

void desk_apply_preselected(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_preselected *preselected = &event->as.desk_preselected;
    const struct participant *interpreter = participant_of(state, preselected->participant);
    struct desk *desk = booth_desk_of(state, interpreter->language, interpreter->id);
    desk->preselects[preselected->position - 1].channel = preselected->channel;
}

void desk_apply_chimed(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_chimed *chimed = &event->as.desk_chimed;
    booth_desk_of(state, chimed->language, chimed->participant)->chimed = true;
}

bool desk_is_mute(const struct meeting_state *state, const char *participant)
{
    const struct desk *desk = meeting_find_desk(state, participant);
    return desk != NULL && desk->silence != SILENCE_NONE;
}
