// Whether a microphone that is open is heard; what media says of it comes in here. A desk's press
// takes nothing from anybody before it is heard: the microphone is opening until then, and the
// press is undone when nothing comes. A microphone that is on the air or on the floor and falls
// silent keeps its place; one of the floor, or of two open in a booth, gives way to the other that
// is heard, and one of the floor is closed when its time is over.
#include "meeting/hearing_priv.h"
#include "meeting/presence.h"
#include "meeting/timing.h"

#include <string.h>

// ---- A press that is not heard yet ----

static void hearing_put_opening(struct desk *desk, const struct event *event)
{
    const struct event_desk_opening *opening = &event->as.desk_opening;
    desk->opening_since = opening->since;
    desk->opening_output = opening->output;
    desk->opening_target = opening->target;
    desk->undone_at = opening->undone ? event->at : 0;
}

bool hearing_is_opening(const struct desk *desk)
{
    return desk->opening_since != 0;
}

static struct event *hearing_emit_opening(struct outcome *outcome, const struct booth *booth,
                                          const struct desk *desk)
{
    struct event *event = outcome_emit(outcome, EVENT_DESK_OPENING);
    id_copy(event->as.desk_opening.participant, desk->participant);
    event->as.desk_opening.language = booth->language;
    return event;
}

void hearing_begin(struct outcome *outcome, const struct booth *booth, struct desk *desk,
                   enum output output, enum language target)
{
    bool same = hearing_is_opening(desk) && desk->opening_target == target &&
                desk->opening_output == output;
    if (same) {
        return;
    }
    struct event *event = hearing_emit_opening(outcome, booth, desk);
    event->as.desk_opening.since = outcome->now;
    event->as.desk_opening.output = output;
    event->as.desk_opening.target = target;
    hearing_put_opening(desk, event);
}

void hearing_end(struct outcome *outcome, const struct booth *booth, struct desk *desk, bool undone)
{
    if (hearing_is_opening(desk)) {
        struct event *event = hearing_emit_opening(outcome, booth, desk);
        event->as.desk_opening.undone = undone;
        hearing_put_opening(desk, event);
    }
}

void hearing_end_all(struct outcome *outcome, struct booth *booth)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        hearing_end(outcome, booth, &booth->desks[i], false);
    }
}

void hearing_apply_opening(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_desk_opening *opening = &event->as.desk_opening;
    struct desk *desk = booth_desk(
        booth_of(meeting->booths, meeting->booths_count, opening->language), opening->participant);
    ASSERT(desk != NULL);
    hearing_put_opening(desk, event);
}

// The participant's booth and desk; NULL for who has none.
static struct desk *hearing_desk(struct outcome *outcome, const char *participant,
                                 struct booth **ret_booth)
{
    for (uint32_t i = 0; i < outcome->booth_count; i++) {
        struct desk *desk = booth_desk(&outcome->booths[i], participant);
        if (desk != NULL) {
            *ret_booth = &outcome->booths[i];
            return desk;
        }
    }
    return NULL;
}

static enum err hearing_opened(const struct meeting_state *state, const char *participant,
                               bool heard, time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    if (meeting_find_participant(state, participant) == NULL) {
        return ERR_NOT_FOUND;
    }
    struct booth *booth = NULL;
    struct desk *desk = hearing_desk(&outcome, participant, &booth);
    if (desk == NULL || !hearing_is_opening(desk)) {
        return ERR_NONE;
    }
    if (heard) {
        booth_heard(&outcome, booth, desk);
    } else {
        hearing_end(&outcome, booth, desk, true);
        handover_tell(&outcome, booth, HANDOVER_GONE, participant);
    }
    outcome_settle(&outcome);
    return ERR_NONE;
}

enum err meeting_source_heard(const struct meeting_state *state, const char *participant,
                              time_ms now, struct event_list *ret_events)
{
    return hearing_opened(state, participant, true, now, ret_events);
}

enum err meeting_source_unheard(const struct meeting_state *state, const char *participant,
                                time_ms now, struct event_list *ret_events)
{
    return hearing_opened(state, participant, false, now, ret_events);
}

// ---- An open microphone that falls silent ----

void hearing_put_floor(struct floor_microphone *floor, uint32_t count,
                       const struct event_microphone_silent *silent)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(floor[i].participant, silent->participant) == 0) {
            floor[i].silence = silent->silence;
            floor[i].silent_since = silent->since;
            floor[i].closes_at = silent->closes_at;
        }
    }
}

static void hearing_put_desk(struct desk *desk, const struct event_microphone_silent *silent)
{
    desk->silence = silent->silence;
    desk->silent_since = silent->since;
}

static bool hearing_changes(const struct outcome *outcome, const struct desk *desk,
                            const struct meeting_silence *silence)
{
    for (uint32_t i = 0; i < outcome->floor_count; i++) {
        if (strcmp(outcome->floor[i].participant, silence->participant) == 0) {
            return outcome->floor[i].silence != silence->silence;
        }
    }
    return desk != NULL && desk->microphone == MICROPHONE_ON && desk->silence != silence->silence;
}

enum err meeting_source_silent(const struct meeting_state *state,
                               const struct meeting_silence *silence, time_ms now,
                               struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    if (meeting_find_participant(state, silence->participant) == NULL) {
        return ERR_NOT_FOUND;
    }
    struct booth *booth = NULL;
    struct desk *desk = hearing_desk(&outcome, silence->participant, &booth);
    if (!hearing_changes(&outcome, desk, silence)) {
        return ERR_NONE;
    }
    bool silent = silence->silence != SILENCE_NONE;
    struct event *event = outcome_emit(&outcome, EVENT_MICROPHONE_SILENT);
    struct event_microphone_silent *changed = &event->as.microphone_silent;
    id_copy(changed->participant, silence->participant);
    changed->silence = silence->silence;
    changed->since = silent ? silence->since : 0;
    changed->closes_at = silent && desk == NULL ? silence->closes_at : 0;
    if (desk != NULL) {
        hearing_put_desk(desk, changed);
    } else {
        floor_silence(&outcome, changed);
    }
    outcome_settle(&outcome);
    return ERR_NONE;
}

void hearing_apply_silent(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_microphone_silent *silent = &event->as.microphone_silent;
    const struct participant *participant = participant_of(state, silent->participant);
    struct desk *desk = participant->capacity == CAPACITY_INTERPRETER
                            ? booth_desk(booth_of(meeting->booths, meeting->booths_count,
                                                  participant->language),
                                         participant->id)
                            : NULL;
    if (desk != NULL) {
        hearing_put_desk(desk, silent);
    } else {
        hearing_put_floor(meeting->floor, meeting->floor_count, silent);
    }
}
