// Turns: the order of a booth's desks, the chime when a turn is over, and the hours sheet.
#include "meeting/meeting_priv.h"
#include "meeting/presence.h"

#include <string.h>

#define ROTA_MINUTE_MS INT64_C(60000)

struct desk *rota_next(const struct outcome *outcome, struct booth *booth, const char *after,
                       const char *last)
{
    uint32_t count = booth->desks_count;
    uint32_t at = 0;
    while (at < count && strcmp(booth->desks[at].participant, after) != 0) {
        at++;
    }
    for (uint32_t i = 1; i < count; i++) {
        struct desk *desk = &booth->desks[(at + i) % count];
        if (strcmp(desk->participant, last) == 0) {
            break;
        }
        if (booth_desk_state(outcome->state, desk) == DESK_STATE_STANDBY) {
            return desk;
        }
    }
    return NULL;
}

time_ms rota_chime_due(const struct booth *booth, const struct desk *desk)
{
    if (booth->setting.turn_minutes == 0 || !booth_desk_on_air(desk) || desk->chimed) {
        return PRESENCE_NEVER;
    }
    return desk->opened_at + booth->setting.turn_minutes * ROTA_MINUTE_MS;
}

void rota_chime(struct outcome *outcome, struct booth *booth, struct desk *desk)
{
    struct event *event = outcome_emit(outcome, EVENT_DESK_CHIMED);
    id_copy(event->as.desk_chimed.participant, desk->participant);
    event->as.desk_chimed.language = booth->language;
    desk->chimed = true;
    const struct desk *next = rota_next(outcome, booth, desk->participant, desk->participant);
    if (booth->setting.rota && booth->handover.state == HANDOVER_STATE_NONE && next != NULL) {
        const struct handover_step step = {
            .input = HANDOVER_OFFER, .who = desk->participant, .to = next->participant};
        enum err err = handover_feed(outcome, booth, &step);
        ASSERT(err == ERR_NONE);
    }
}

void rota_apply_chimed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct desk *desk = booth_desk(
        booth_of(meeting->booths, meeting->booths_count, event->as.desk_chimed.language),
        event->as.desk_chimed.participant);
    ASSERT(desk != NULL);
    desk->chimed = true;
}

// ---- The hours sheet ----

static struct hours *rota_line(struct meeting *meeting, const char *participant)
{
    for (uint32_t i = 0; i < meeting->hours_count; i++) {
        if (strcmp(meeting->hours[i].participant, participant) == 0) {
            return &meeting->hours[i];
        }
    }
    return NULL;
}

bool rota_has_room(const struct meeting *meeting, const char *participant)
{
    return meeting->hours_count < MEETING_HOURS_MAX ||
           rota_line((struct meeting *)meeting, participant) != NULL;
}

// The line stays when the interpreter is removed: the hours were worked.
void rota_add_line(struct meeting *meeting, const struct participant *participant)
{
    struct hours *line = rota_line(meeting, participant->id);
    if (line == NULL) {
        ASSERT(meeting->hours_count < MEETING_HOURS_MAX);
        line = &meeting->hours[meeting->hours_count++];
        id_copy(line->participant, participant->id);
        memcpy(line->name, participant->name, sizeof line->name);
    }
    line->language = participant->language;
}

void rota_count_turn(struct meeting *meeting, const char *participant, time_ms air_ms)
{
    struct hours *line = rota_line(meeting, participant);
    ASSERT(line != NULL);
    line->air_ms += air_ms;
    line->turns++;
}
