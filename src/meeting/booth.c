// A booth as a whole: its desks close together, its alarm, and whose turn it is.
#include "meeting/meeting_priv.h"

void booth_close_desk(struct outcome *outcome, const char *participant)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    if (!booth_find_desk(outcome->state, participant, &booth, &desk)) {
        return;
    }
    hearing_end(outcome, booth, desk, false);
    if (booth_desk_on_air(desk)) {
        desk_close(outcome, booth, desk, "");
    }
    handover_tell(outcome, booth, HANDOVER_OFF, participant);
    handover_tell(outcome, booth, HANDOVER_GONE, participant);
}

static void booth_close_down(struct outcome *outcome, const struct booth *booth)
{
    handover_tell(outcome, booth, HANDOVER_END, "");
    hearing_end_all(outcome, booth);
    desk_close_all(outcome, booth);
}

void booth_close_all(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        booth_close_down(outcome, &meeting->booths[i]);
    }
}

enum err booth_suspend(struct outcome *outcome)
{
    const struct command_interpretation_suspend *command =
        &outcome->command->as.interpretation_suspend;
    const struct booth *booth = NULL;
    enum err err = suspension_booth(outcome, command->language, &booth);
    if (err != ERR_NONE) {
        return err;
    }
    booth_close_down(outcome, booth);
    suspension_emit(outcome, booth, true, command->announcement);
    return ERR_NONE;
}

void booth_chime(struct outcome *outcome, const struct booth *booth, const struct desk *desk)
{
    struct event *event = outcome_draft(outcome, EVENT_DESK_CHIMED);
    id_copy(event->as.desk_chimed.participant, desk->participant);
    event->as.desk_chimed.language = booth->language;
    outcome_emit(outcome);
    const struct desk *next = rota_next(outcome->state, booth, desk->participant,
                                        desk->participant);
    if (booth->setting.rota && booth->handover.state == HANDOVER_STATE_NONE && next != NULL) {
        const struct handover_step step = {
            .input = HANDOVER_OFFER, .who = desk->participant, .to = next->participant};
        enum err err = handover_feed(outcome, booth, &step);
        ASSERT(err == ERR_NONE);
    }
}

static void booth_emit_alarm(struct outcome *outcome, const struct booth *booth, time_ms since)
{
    struct event *event = outcome_draft(outcome, EVENT_BOOTH_ALARMED);
    event->as.booth_alarmed.language = booth->language;
    event->as.booth_alarmed.since = since;
    outcome_emit(outcome);
}

void booth_alarm(struct outcome *outcome, const struct booth *booth)
{
    booth_emit_alarm(outcome, booth, booth_both_since(booth));
}

void booth_settle(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        if (booth->alarm_since != 0 && booth_open_count(booth) < 2) {
            booth_emit_alarm(outcome, booth, 0);
        }
    }
}
