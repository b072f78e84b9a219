// The desks as they are: what each interpreter's microphone does, and what each chose.
#include "meeting/section.h"
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
    const struct event_desk_changed *as = &event->as.desk_changed;
    enum language target = as->target != LANGUAGE_NONE ? as->target : booth->language;
    if (!was_open) {
        desk->opened_at = event->at;
        desk->resting = false;
    }
    if (desk->target != target) {
        desk->opened = (int64_t)event->seq;
    }
    desk->output = as->output;
    desk->target = target;
}

static void desk_take(struct booth *booth, struct desk *desk, const struct event *event)
{
    const struct event_desk_changed *as = &event->as.desk_changed;
    bool was_open = booth_desk_on_air(desk);
    desk->microphone = as->microphone;
    desk->lost_at = as->lost ? event->at : 0;
    desk->opening_since = 0;
    desk->opening_output = OUTPUT_NONE;
    desk->opening_target = LANGUAGE_NONE;
    desk->undone_at = 0;
    desk->silence = as->silence;
    desk->silent_since = as->silent_since;
    desk->displaced_by = as->displaced_by;
    id_copy(desk->overridden_by, as->overridden_by);
    if (booth_desk_on_air(desk)) {
        desk_put_on_air(booth, desk, was_open, event);
    } else {
        desk_take_off_air(booth, desk);
    }
}

static void changed(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_changed *as = &event->as.desk_changed;
    struct desk *desk = booth_desk_of(state, as->language, as->participant);
    time_ms opened_at = desk->opened_at;
    desk_take(booth_of(state, as->language), desk, event);
    if (!booth_desk_on_air(desk) && opened_at > 0) {
        hours_count_turn(&state->meeting, desk->participant, event->at - opened_at);
    }
}

static void opening(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_opening *as = &event->as.desk_opening;
    struct desk *desk = booth_desk_of(state, as->language, as->participant);
    desk->opening_since = as->since;
    desk->opening_output = as->output;
    desk->opening_target = as->target;
    desk->undone_at = as->undone ? event->at : 0;
}

static void chosen(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_chosen *as = &event->as.desk_chosen;
    struct desk *desk = booth_desk_of(state, as->language, as->participant);
    desk->output = as->output;
    desk->language_b = as->language_b;
    desk->language_c = as->language_c;
    desk->source = as->source;
    desk->original = as->original;
    desk->resting = as->resting;
}

static void preselected(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_preselected *as = &event->as.desk_preselected;
    const struct participant *interpreter = participant_of(state, as->participant);
    struct desk *desk = booth_desk_of(state, interpreter->language, interpreter->id);
    desk->preselects[as->position - 1].channel = as->channel;
}

static void chimed(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_chimed *as = &event->as.desk_chimed;
    booth_desk_of(state, as->language, as->participant)->chimed = true;
}

bool desk_goes_before(const struct desk *desk, const struct desk *other)
{
    bool speaks = desk->microphone == MICROPHONE_ON;
    bool other_speaks = other->microphone == MICROPHONE_ON;
    if (speaks != other_speaks) {
        return speaks;
    }
    bool heard = desk->silence == SILENCE_NONE;
    bool other_heard = other->silence == SILENCE_NONE;
    return heard != other_heard ? heard : desk->opened > other->opened;
}

bool desk_is_mute(const struct meeting_state *state, const char *participant)
{
    const struct desk *desk = meeting_find_desk(state, participant);
    return desk != NULL && desk->silence != SILENCE_NONE;
}

// Of an interpreter; whoever else is silent is so on the floor.
static void silent(struct meeting_state *state, const struct event *event)
{
    const struct event_microphone_silent *as = &event->as.microphone_silent;
    struct desk *desk = (struct desk *)meeting_find_desk(state, as->participant);
    if (desk != NULL) {
        desk->silence = as->silence;
        desk->silent_since = as->since;
    }
}

section_apply *const booths_apply[EVENT_COUNT] = {
    [EVENT_PARTICIPANT_ADDED] = booth_apply_added,
    [EVENT_PARTICIPANT_REMOVED] = booth_apply_removed,
    [EVENT_PARTICIPANT_CHANGED] = booth_apply_named,
    [EVENT_SITTING_CHANGED] = booth_apply_sitting,
    [EVENT_MICROPHONE_SILENT] = silent,
    [EVENT_DESK_OPENING] = opening,
    [EVENT_DESK_CHANGED] = changed,
    [EVENT_DESK_CHOSEN] = chosen,
    [EVENT_DESK_PRESELECTED] = preselected,
    [EVENT_DESK_ASSIGNED] = booth_apply_assigned,
    [EVENT_DESK_CHIMED] = chimed,
    [EVENT_BOOTH_CHANGED] = booth_apply_setting,
    [EVENT_BOOTH_ALARMED] = booth_apply_alarmed,
    [EVENT_HANDOVER_CHANGED] = booth_apply_handover,
    [EVENT_INTERPRETATION_CHANGED] = booth_apply_suspended,
};
