// Talkback: interpreters speak to their partners and to the technicians, technicians to a booth. It
// has a track of its own that no channel can carry; and who talks is not on the air, so that nobody
// takes the one for the other.
#include "meeting/meeting_priv.h"

#include <string.h>

static void talkback_emit(struct outcome *outcome, const char *participant, enum talk_to to,
                          enum language booth)
{
    struct event_talk_changed *changed =
        &outcome_draft(outcome, EVENT_TALK_CHANGED)->as.talk_changed;
    id_copy(changed->participant, participant);
    changed->to = to;
    changed->booth = booth;
    outcome_emit(outcome);
}

void talkback_end(struct outcome *outcome, const char *participant)
{
    const struct participant *talker = meeting_find_participant(outcome->state, participant);
    if (talker != NULL && talker->talks_to != TALK_TO_NONE) {
        talkback_emit(outcome, participant, TALK_TO_NONE, LANGUAGE_NONE);
    }
}

static enum err talkback_of_interpreter(struct outcome *outcome, enum talk_to to)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    enum err err = outcome_need_desk(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    if (to == TALK_TO_BOOTH) {
        return outcome_refuse(outcome, REFUSAL_TALK_TO_OWN);
    }
    if (desk->microphone == MICROPHONE_ON) {
        return outcome_refuse(outcome, REFUSAL_MICROPHONE_ON_AIR);
    }
    return ERR_NONE;
}

static enum err talkback_of_technician(struct outcome *outcome, enum talk_to to,
                                       enum language booth)
{
    if (to != TALK_TO_BOOTH || booth_in(&outcome->state->meeting, booth) == NULL) {
        return outcome_refuse(outcome, REFUSAL_TALK_NEEDS_BOOTH);
    }
    return ERR_NONE;
}

enum err talkback_set(struct outcome *outcome)
{
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    const struct participant *caller = outcome->caller;
    enum talk_to to = outcome->command->as.talk_set.to;
    if (to == TALK_TO_NONE) {
        talkback_end(outcome, caller->id);
        return ERR_NONE;
    }
    bool interpreter = capacity_can(caller->capacity, ABILITY_HAS_DESK);
    enum language booth = interpreter ? LANGUAGE_NONE : outcome->command->as.talk_set.booth;
    err = interpreter ? talkback_of_interpreter(outcome, to)
                      : talkback_of_technician(outcome, to, booth);
    if (err == ERR_NONE && (caller->talks_to != to || caller->talks_to_booth != booth)) {
        talkback_emit(outcome, caller->id, to, booth);
    }
    return err;
}

static bool talkback_reaches(const struct participant *talker, const struct participant *hearer)
{
    bool interpreter = capacity_can(hearer->capacity, ABILITY_HAS_DESK);
    switch (talker->talks_to) {
    case TALK_TO_PARTNERS: return interpreter && hearer->language == talker->language;
    case TALK_TO_TECHNICIANS: return capacity_can(hearer->capacity, ABILITY_ROUTES_SOUND);
    case TALK_TO_BOOTH: return interpreter && hearer->language == talker->talks_to_booth;
    case TALK_TO_NONE:
    case TALK_TO_COUNT: break;
    }
    return false;
}

const char *meeting_talker(const struct meeting_state *state, const char *participant)
{
    const struct participant *hearer = meeting_find_participant(state, participant);
    const struct participant *found = NULL;
    for (uint32_t i = 0; hearer != NULL && i < state->meeting.participants_count; i++) {
        const struct participant *talker = &state->meeting.participants[i];
        if (talker != hearer && talkback_reaches(talker, hearer) &&
            (found == NULL || talker->talks_since > found->talks_since)) {
            found = talker;
        }
    }
    return found != NULL ? found->id : NULL;
}
