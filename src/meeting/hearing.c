// A desk's press takes nothing from anybody before it is heard: the microphone is opening until
// then, and the press is undone when nothing comes.
#include "meeting/meeting_priv.h"

bool hearing_is_opening(const struct desk *desk)
{
    return desk->opening_since != 0;
}

static struct event_desk_opening *hearing_draft(struct outcome *outcome, const struct booth *booth,
                                                const struct desk *desk)
{
    struct event_desk_opening *opening =
        &outcome_draft(outcome, EVENT_DESK_OPENING)->as.desk_opening;
    id_copy(opening->participant, desk->participant);
    opening->language = booth->language;
    return opening;
}

void hearing_begin(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                   enum output output, enum language target)
{
    bool same = hearing_is_opening(desk) && desk->opening_target == target &&
                desk->opening_output == output;
    if (same) {
        return;
    }
    struct event_desk_opening *opening = hearing_draft(outcome, booth, desk);
    opening->since = outcome->now;
    opening->output = output;
    opening->target = target;
    outcome_emit(outcome);
}

void hearing_end(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                 bool undone)
{
    if (hearing_is_opening(desk)) {
        hearing_draft(outcome, booth, desk)->undone = undone;
        outcome_emit(outcome);
    }
}

void hearing_end_all(struct outcome *outcome, const struct booth *booth)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        hearing_end(outcome, booth, &booth->desks[i], false);
    }
}
