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
    const struct meeting *meeting = &outcome->state->meeting;
    if (!floor_is_heard(meeting) && kind != SIGNAL_KIND_MICROPHONE_OFF) {
        return outcome_refuse(outcome, REFUSAL_NOBODY_HAS_FLOOR);
    }
    // Whom the booths hear; a feed that is heard is nobody's to be told.
    bool spoken = meeting->floor_count > 0 && floor_feed(meeting) == NULL;
    const char *speaker = spoken ? floor_newest(meeting)->participant : "";
    bool named = kind == SIGNAL_KIND_BAD_SOUND;
    if (!named && signal_is_shown(outcome, kind, speaker)) {
        return ERR_NONE;
    }
    struct event *event = outcome_draft(outcome, EVENT_SIGNAL_RAISED);
    event->as.signal_raised.kind = kind;
    id_copy(event->as.signal_raised.participant, speaker);
    if (named) {
        event->as.signal_raised.language = outcome->caller->language;
    } else {
        id_copy(event->by, "");
    }
    outcome_emit(outcome);
    return ERR_NONE;
}
