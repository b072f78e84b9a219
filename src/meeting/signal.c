// Signals from the booths: one press that the speaker, the chair and the technicians see, and not
// from whom. Bad sound alone names the booth, because the technician must know where to listen.
#include "meeting/meeting_priv.h"

#include <string.h>

#define SIGNAL_AGAIN_MS 5000 // the same press of two booths is one signal

static bool signal_is_shown(const struct outcome *outcome, enum signal_kind kind,
                            const char *speaker)
{
    const struct meeting *meeting = &outcome->state->meeting;
    for (uint32_t i = 0; i < meeting->signals_count; i++) {
        const struct signal *signal = &meeting->signals[i];
        if (signal->kind == kind && strcmp(signal->participant, speaker) == 0 &&
            outcome->now - signal->at < SIGNAL_AGAIN_MS) {
            return true;
        }
    }
    return false;
}

enum err signal_send(struct outcome *outcome)
{
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    enum signal_kind kind = outcome->command->as.signal_send.kind;
    if (!floor_is_heard(outcome) && kind != SIGNAL_KIND_MICROPHONE_OFF) {
        return outcome_refuse(outcome, REFUSAL_NOBODY_HAS_FLOOR);
    }
    // A feed that is heard is nobody's to be told.
    bool spoken = outcome->floor_count > 0 && floor_feed(outcome) == NULL;
    const char *speaker = spoken ? outcome->floor[outcome->floor_count - 1].participant : "";
    bool named = kind == SIGNAL_KIND_BAD_SOUND;
    if (!named && signal_is_shown(outcome, kind, speaker)) {
        return ERR_NONE;
    }
    struct event *event = outcome_emit(outcome, EVENT_SIGNAL_RAISED);
    event->as.signal_raised.kind = kind;
    id_copy(event->as.signal_raised.participant, speaker);
    if (named) {
        event->as.signal_raised.language = outcome->caller->language;
    } else {
        id_copy(event->by, "");
    }
    return ERR_NONE;
}

void signal_apply_raised(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    if (meeting->signals_count == MEETING_SIGNALS_MAX) {
        meeting->signals_count--;
        memmove(&meeting->signals[0], &meeting->signals[1],
                meeting->signals_count * sizeof meeting->signals[0]);
    }
    struct signal *signal = &meeting->signals[meeting->signals_count++];
    memset(signal, 0, sizeof *signal);
    signal->kind = event->as.signal_raised.kind;
    id_copy(signal->participant, event->as.signal_raised.participant);
    signal->language = event->as.signal_raised.language;
    signal->at = event->at;
}
