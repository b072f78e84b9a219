// A booth: the interpreters of one language. At most one desk is on the air: opening one closes the
// partner's (override). Cough keeps the channel, silently: neither the partner nor the floor bursts
// in.
#include "meeting/meeting_priv.h"

#include <string.h>

bool booth_desk_on_air(const struct desk *desk)
{
    return desk->microphone != MICROPHONE_OFF;
}

const struct booth *booth_of(const struct booth *booths, uint32_t count, enum language language)
{
    for (uint32_t i = 0; i < count; i++) {
        if (booths[i].language == language) {
            return &booths[i];
        }
    }
    return NULL;
}

static struct desk *booth_desk(struct booth *booths, uint32_t count, enum language language,
                               const char *participant)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; booths[i].language == language && j < booths[i].desks_count; j++) {
            if (strcmp(booths[i].desks[j].participant, participant) == 0) {
                return &booths[i].desks[j];
            }
        }
    }
    return NULL;
}

static void booth_set_desk(struct outcome *outcome, enum language language, struct desk *desk,
                           enum microphone microphone)
{
    if (desk->microphone == microphone) {
        return;
    }
    desk->microphone = microphone;
    struct event *event = outcome_emit(outcome, EVENT_DESK_CHANGED);
    id_copy(event->as.desk_changed.participant, desk->participant);
    event->as.desk_changed.language = language;
    event->as.desk_changed.microphone = microphone;
}

void booth_close_desk(struct outcome *outcome, const char *participant)
{
    const struct participant *interpreter = meeting_find_participant(outcome->state, participant);
    if (interpreter->capacity != CAPACITY_INTERPRETER) {
        return;
    }
    struct desk *desk = booth_desk(outcome->booths, outcome->booth_count, interpreter->language,
                                   interpreter->id);
    ASSERT(desk != NULL);
    booth_set_desk(outcome, interpreter->language, desk, MICROPHONE_OFF);
}

static void booth_close_others(struct outcome *outcome, struct booth *booth,
                               const struct desk *except)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        if (&booth->desks[i] != except) {
            booth_set_desk(outcome, booth->language, &booth->desks[i], MICROPHONE_OFF);
        }
    }
}

void booth_close_all(struct outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->booth_count; i++) {
        booth_close_others(outcome, &outcome->booths[i], NULL);
    }
}

enum err booth_microphone(struct outcome *outcome)
{
    enum err err = outcome_need_in_room(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    enum language language = outcome->caller->language;
    struct desk *desk = booth_desk(outcome->booths, outcome->booth_count, language,
                                   outcome->caller->id);
    if (desk == NULL) {
        return outcome_refuse(outcome, ERR_CONFLICT, "you have no desk");
    }
    enum microphone microphone = outcome->command->as.desk_microphone.state;
    if (microphone == MICROPHONE_COUGH && desk->microphone == MICROPHONE_OFF) {
        return outcome_refuse(outcome, ERR_CONFLICT, "your microphone is off");
    }
    if (microphone == MICROPHONE_ON && desk->microphone == MICROPHONE_OFF) {
        struct booth *booth = (struct booth *)booth_of(outcome->booths, outcome->booth_count,
                                                       language);
        booth_close_others(outcome, booth, desk);
    }
    booth_set_desk(outcome, language, desk, microphone);
    return ERR_NONE;
}

void booth_apply_desk(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct participant *interpreter = participant_of(state, event->as.desk_changed.participant);
    struct desk *desk = booth_desk(meeting->booths, meeting->booths_count,
                                   event->as.desk_changed.language, interpreter->id);
    ASSERT(desk != NULL);
    enum microphone microphone = event->as.desk_changed.microphone;
    if (microphone == MICROPHONE_OFF) {
        interpreter->microphone_since = 0;
    } else if (desk->microphone == MICROPHONE_OFF) {
        interpreter->microphone_since = event->at;
    }
    desk->microphone = microphone;
    interpreter->microphone = microphone;
}

// Booths stand in the order of the languages; the first interpreter of a language brings theirs.
void booth_add_desk(struct meeting_state *state, const struct participant *participant)
{
    struct meeting *meeting = &state->meeting;
    uint32_t at = 0;
    while (at < meeting->booths_count && meeting->booths[at].language < participant->language) {
        at++;
    }
    if (at == meeting->booths_count || meeting->booths[at].language != participant->language) {
        ASSERT(meeting->booths_count < MEETING_BOOTHS_MAX);
        memmove(&meeting->booths[at + 1], &meeting->booths[at],
                (meeting->booths_count - at) * sizeof meeting->booths[0]);
        memset(&meeting->booths[at], 0, sizeof meeting->booths[0]);
        meeting->booths[at].language = participant->language;
        meeting->booths_count++;
    }
    struct booth *booth = &meeting->booths[at];
    ASSERT(booth->desks_count < BOOTH_DESKS_MAX);
    struct desk *desk = &booth->desks[booth->desks_count++];
    id_copy(desk->participant, participant->id);
    desk->microphone = MICROPHONE_OFF;
}

// The booth stays, even empty: its language was foreseen.
void booth_remove_desk(struct meeting_state *state, const struct participant *participant)
{
    struct meeting *meeting = &state->meeting;
    struct booth *booth = (struct booth *)booth_of(meeting->booths, meeting->booths_count,
                                                   participant->language);
    ASSERT(booth != NULL);
    struct desk *desk = booth_desk(meeting->booths, meeting->booths_count, participant->language,
                                   participant->id);
    ASSERT(desk != NULL && !booth_desk_on_air(desk));
    uint32_t at = (uint32_t)(desk - booth->desks);
    booth->desks_count--;
    memmove(desk, desk + 1, (booth->desks_count - at) * sizeof *desk);
    memset(&booth->desks[booth->desks_count], 0, sizeof *desk);
}
