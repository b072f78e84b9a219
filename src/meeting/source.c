// What media tells of microphones: heard, not heard, silent, lost and back.
#include "meeting/meeting_priv.h"
#include "meeting/timing.h"

enum silence meeting_silence_of(const struct meeting_state *state, const char *participant)
{
    const struct floor_microphone *floor = meeting_find_floor(state, participant);
    const struct desk *desk = meeting_find_desk(state, participant);
    return floor != NULL ? floor->silence : desk != NULL ? desk->silence : SILENCE_NONE;
}

// What follows when the microphone lacks this, or is heard.
static void source_emit(struct outcome *outcome, const struct meeting_silence *silence, bool desk)
{
    const struct floor_microphone *carried = floor_newest(&outcome->state->meeting);
    bool silent = silence->silence != SILENCE_NONE;
    struct event_microphone_silent *changed =
        &outcome_draft(outcome, EVENT_MICROPHONE_SILENT)->as.microphone_silent;
    id_copy(changed->participant, silence->participant);
    changed->silence = silence->silence;
    changed->since = silent ? silence->since : 0;
    changed->closes_at = silent && !desk ? silence->closes_at : 0;
    outcome_emit(outcome);
    if (floor_newest(&outcome->state->meeting) != carried) {
        floor_follow_language(outcome);
    }
    outcome_settle(outcome);
}

static enum err source_opened(struct meeting_state *state, const char *participant, bool heard,
                              time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    if (meeting_find_participant(state, participant) == NULL) {
        return ERR_NOT_FOUND;
    }
    const struct floor_microphone *open = meeting_find_floor(state, participant);
    if (open != NULL && open->awaited && heard) {
        source_emit(&outcome, &(struct meeting_silence){.participant = participant}, false);
        return ERR_NONE;
    }
    if (heard) {
        channel_hear(&outcome, participant, 0);
    }
    const struct booth *booth;
    const struct desk *desk;
    if (!booth_find_desk(state, participant, &booth, &desk) || !hearing_is_opening(desk) ||
        desk->microphone == MICROPHONE_COUGH) {
        return ERR_NONE;
    }
    if (heard) {
        press_heard(&outcome, booth, desk);
    } else if (booth_desk_on_air(desk)) {
        hearing_end(&outcome, booth, desk, true);
    } else {
        // Where the countdown opened it nobody pressed, and nothing is undone of theirs.
        hearing_end(&outcome, booth, desk, !handover_waits_for(booth, desk));
        handover_tell(&outcome, booth, HANDOVER_GONE, participant);
    }
    outcome_settle(&outcome);
    return ERR_NONE;
}

enum err meeting_source_heard(struct meeting_state *state, const char *participant, time_ms now,
                              struct event_list *ret_events)
{
    return source_opened(state, participant, true, now, ret_events);
}

enum err meeting_source_unheard(struct meeting_state *state, const char *participant, time_ms now,
                                struct event_list *ret_events)
{
    return source_opened(state, participant, false, now, ret_events);
}

// ---- An open microphone that falls silent keeps its place; one of the floor, or of two open in a
// booth, gives way to the other that is heard, and one of the floor is closed when its time is
// over.

static bool source_changes(const struct meeting_state *state, const struct desk *desk,
                           const struct meeting_silence *silence)
{
    const struct floor_microphone *open = meeting_find_floor(state, silence->participant);
    if (open != NULL) {
        return open->silence != silence->silence;
    }
    return desk != NULL && desk->microphone == MICROPHONE_ON && desk->silence != silence->silence;
}

enum err meeting_source_silent(struct meeting_state *state, const struct meeting_silence *silence,
                               time_ms now, struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    if (meeting_find_participant(state, silence->participant) == NULL) {
        return ERR_NOT_FOUND;
    }
    const struct desk *desk = meeting_find_desk(state, silence->participant);
    if (silence->silence != SILENCE_NONE) {
        channel_hear(&outcome, silence->participant, silence->since);
    }
    if (!source_changes(state, desk, silence)) {
        return ERR_NONE;
    }
    source_emit(&outcome, silence, desk != NULL);
    return ERR_NONE;
}

// ---- A microphone that is lost, and back

static enum err source_tell(struct meeting_state *state, const char *participant,
                            const struct handover_step *step, time_ms now,
                            struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    if (meeting_find_participant(state, participant) == NULL) {
        return ERR_NOT_FOUND;
    }
    const struct booth *booth;
    const struct desk *desk;
    if (!booth_find_desk(state, participant, &booth, &desk) || !booth_desk_on_air(desk)) {
        return ERR_NONE;
    }
    enum err err = handover_feed(&outcome, booth, step);
    outcome_settle(&outcome);
    return err;
}

enum err meeting_source_lost(struct meeting_state *state, const char *participant, time_ms since,
                             time_ms now, struct event_list *ret_events)
{
    const struct handover_step step = {
        .input = HANDOVER_LOST, .who = participant, .to = "", .at = since + HANDOVER_LOST_MS};
    return source_tell(state, participant, &step, now, ret_events);
}

enum err meeting_source_back(struct meeting_state *state, const char *participant, time_ms now,
                             struct event_list *ret_events)
{
    const struct handover_step step = {.input = HANDOVER_BACK, .who = participant, .to = ""};
    return source_tell(state, participant, &step, now, ret_events);
}

void meeting_taker_gone(struct meeting_state *state, const char *participant, time_ms now,
                        struct event_list *ret_events)
{
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    const struct booth *booth;
    const struct desk *desk;
    if (booth_find_desk(state, participant, &booth, &desk) && handover_awaits(booth, desk) &&
        rota_next(state, booth, participant, booth->handover.from) != NULL) {
        handover_tell(&outcome, booth, HANDOVER_GONE, participant);
        outcome_settle(&outcome);
    }
}
