// The booths as they are: the interpreters of each language, how they work and what is under way
// between them.
#include "meeting/presence.h"
#include "meeting/state.h"
#include "meeting/timing.h"

#include <string.h>

bool booth_desk_on_air(const struct desk *desk)
{
    return desk->microphone != MICROPHONE_OFF;
}

enum desk_state booth_desk_state(const struct meeting_state *state, const struct desk *desk)
{
    if (booth_desk_on_air(desk)) {
        return DESK_STATE_ON_AIR;
    }
    const struct participant *interpreter = meeting_find_participant(state, desk->participant);
    bool there = interpreter != NULL && interpreter->presence == PRESENCE_PRESENT;
    return there && !desk->resting ? DESK_STATE_STANDBY : DESK_STATE_ABSENT;
}

const struct booth *booth_in(const struct meeting *meeting, enum language language)
{
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        if (meeting->booths[i].language == language) {
            return &meeting->booths[i];
        }
    }
    return NULL;
}

const struct desk *booth_desk(const struct booth *booth, const char *participant)
{
    for (uint32_t i = 0; booth != NULL && i < booth->desks_count; i++) {
        if (strcmp(booth->desks[i].participant, participant) == 0) {
            return &booth->desks[i];
        }
    }
    return NULL;
}

bool booth_find_desk(const struct meeting_state *state, const char *participant,
                     const struct booth **ret_booth, const struct desk **ret_desk)
{
    const struct participant *interpreter = meeting_find_participant(state, participant);
    bool has_one = interpreter != NULL && capacity_can(interpreter->capacity, ABILITY_HAS_DESK);
    *ret_booth = has_one ? booth_in(&state->meeting, interpreter->language) : NULL;
    *ret_desk = booth_desk(*ret_booth, participant);
    return *ret_desk != NULL;
}

const struct desk *meeting_find_desk(const struct meeting_state *state, const char *participant)
{
    const struct booth *booth;
    const struct desk *desk;
    return booth_find_desk(state, participant, &booth, &desk) ? desk : NULL;
}

const struct desk *booth_newest(const struct booth *booth, const char *except)
{
    const struct desk *newest = NULL;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        const struct desk *desk = &booth->desks[i];
        if (booth_desk_on_air(desk) && strcmp(desk->participant, except) != 0 &&
            (newest == NULL || desk->opened > newest->opened)) {
            newest = desk;
        }
    }
    return newest;
}

// ---- Both open ----

uint32_t booth_open_count(const struct booth *booth)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        count += booth_desk_on_air(&booth->desks[i]);
    }
    return count;
}

time_ms booth_both_since(const struct booth *booth)
{
    time_ms first = PRESENCE_NEVER;
    time_ms second = PRESENCE_NEVER;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        time_ms at = booth->desks[i].opened_at;
        if (booth_desk_on_air(&booth->desks[i]) && at < second) {
            second = at < first ? first : at;
            first = at < first ? at : first;
        }
    }
    return second;
}

time_ms booth_alarm_due(const struct booth *booth)
{
    // A handover has a deadline of its own for this.
    if (booth->alarm_since != 0 || booth_open_count(booth) < 2 ||
        booth->handover.state == HANDOVER_STATE_SWITCHING) {
        return PRESENCE_NEVER;
    }
    return booth_both_since(booth) + HANDOVER_OVERLAP_MS;
}

// ---- Desks come and go ----

struct booth *booth_of(struct meeting_state *state, enum language language)
{
    struct booth *booth = (struct booth *)booth_in(&state->meeting, language);
    ASSERT(booth != NULL);
    return booth;
}

struct desk *booth_desk_of(struct meeting_state *state, enum language booth,
                           const char *participant)
{
    struct desk *desk = (struct desk *)booth_desk(booth_in(&state->meeting, booth), participant);
    ASSERT(desk != NULL);
    return desk;
}

// The booth of a language, made when there is none. Booths stand in the order of the languages.
static struct booth *booth_need(struct meeting *meeting, enum language language)
{
    struct booth *booths = meeting->booths;
    uint32_t at = 0;
    while (at < meeting->booths_count && booths[at].language < language) {
        at++;
    }
    if (at == meeting->booths_count || booths[at].language != language) {
        ASSERT(meeting->booths_count < MEETING_BOOTHS_MAX);
        memmove(&booths[at + 1], &booths[at], (meeting->booths_count - at) * sizeof booths[0]);
        memset(&booths[at], 0, sizeof booths[0]);
        booths[at].language = language;
        meeting->booths_count++;
    }
    return &booths[at];
}

void booth_apply_added(struct meeting_state *state, const struct event *event)
{
    const struct participant *participant = &event->as.participant_added.participant;
    if (!capacity_can(participant->capacity, ABILITY_HAS_DESK)) {
        return;
    }
    struct booth *booth = booth_need(&state->meeting, participant->language);
    ASSERT(booth->desks_count < BOOTH_DESKS_MAX);
    struct desk *desk = &booth->desks[booth->desks_count++];
    id_copy(desk->participant, participant->id);
    desk->microphone = MICROPHONE_OFF;
    desk->preselects_count = DESK_PRESELECTS_MAX;
    hours_add_line(&state->meeting, participant);
}

// Where the participant's desk stands, also of one who is in no list any more or was assigned to
// another booth by the same event; NULL for nobody's.
static struct booth *booth_around(struct meeting *meeting, const char *participant)
{
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        if (booth_desk(&meeting->booths[i], participant) != NULL) {
            return &meeting->booths[i];
        }
    }
    return NULL;
}

static void booth_take_out(struct booth *booth, const struct desk *desk)
{
    uint32_t at = (uint32_t)(desk - booth->desks);
    booth->desks_count--;
    memmove(&booth->desks[at], &booth->desks[at + 1],
            (booth->desks_count - at) * sizeof booth->desks[0]);
    memset(&booth->desks[booth->desks_count], 0, sizeof booth->desks[0]);
}

// The booth stays, even empty: its language was foreseen.
void booth_apply_removed(struct meeting_state *state, const struct event *event)
{
    const char *participant = event->as.participant_removed.participant;
    struct booth *booth = booth_around(&state->meeting, participant);
    if (booth != NULL) {
        const struct desk *desk = booth_desk(booth, participant);
        ASSERT(!booth_desk_on_air(desk));
        booth_take_out(booth, desk);
    }
}

// On the sheet of hours, where the name stands of who worked.
void booth_apply_named(struct meeting_state *state, const struct event *event)
{
    const struct event_participant_changed *as = &event->as.participant_changed;
    hours_name_line(&state->meeting, as->participant, as->name);
}

static void booth_insert(struct booth *booth, const struct desk *desk, uint32_t at)
{
    ASSERT(booth->desks_count < BOOTH_DESKS_MAX && at <= booth->desks_count);
    memmove(&booth->desks[at + 1], &booth->desks[at],
            (booth->desks_count - at) * sizeof booth->desks[0]);
    booth->desks[at] = *desk;
    booth->desks_count++;
}

void booth_apply_assigned(struct meeting_state *state, const struct event *event)
{
    const struct event_desk_assigned *assigned = &event->as.desk_assigned;
    struct booth *from = booth_around(&state->meeting, assigned->participant);
    ASSERT(from != NULL);
    const enum language before = from->language;
    const struct desk *found = booth_desk(from, assigned->participant);
    struct desk desk = *found;
    booth_take_out(from, found);
    if (before != assigned->language) {
        // In another booth the outputs are others.
        ASSERT(!booth_desk_on_air(&desk));
        desk.output = OUTPUT_NONE;
        desk.language_b = LANGUAGE_NONE;
        desk.language_c = LANGUAGE_NONE;
        desk.displaced_by = LANGUAGE_NONE;
        id_copy(desk.overridden_by, "");
    }
    struct booth *to = booth_need(&state->meeting, assigned->language);
    uint32_t at = (uint32_t)assigned->position - 1;
    booth_insert(to, &desk, at < to->desks_count ? at : to->desks_count);
    hours_add_line(&state->meeting, participant_of(state, assigned->participant));
}

// ---- How they work, and what is under way ----

void booth_copy_setting(struct booth_setting *to, const struct booth_setting *from)
{
    memset(to, 0, sizeof *to);
    to->mode = from->mode;
    to->allowed_count = from->allowed_count;
    for (uint32_t i = 0; i < from->allowed_count; i++) {
        to->allowed[i].language = from->allowed[i].language;
    }
    to->output_b = from->output_b;
    to->output_c = from->output_c;
    to->auto_relay = from->auto_relay;
    to->turn_minutes = from->turn_minutes;
    to->rota = from->rota;
}

void booth_apply_setting(struct meeting_state *state, const struct event *event)
{
    const struct event_booth_changed *changed = &event->as.booth_changed;
    booth_copy_setting(&booth_need(&state->meeting, changed->language)->setting, &changed->setting);
}

void booth_apply_alarmed(struct meeting_state *state, const struct event *event)
{
    booth_of(state, event->as.booth_alarmed.language)->alarm_since = event->as.booth_alarmed.since;
}

void booth_apply_handover(struct meeting_state *state, const struct event *event)
{
    const struct handover *from = &event->as.handover_changed.handover;
    struct handover *handover = &booth_of(state, event->as.handover_changed.language)->handover;
    handover->state = from->state;
    handover->moment = from->moment;
    handover->deadline = from->deadline;
    id_copy(handover->from, from->from);
    id_copy(handover->to, from->to);
    handover->output = from->output;
    handover->target = from->target;
    id_copy(handover->first, from->first);
}

// With the sitting it is forgotten which desks were cut off or displaced, and when.
void booth_apply_sitting(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    if (event->as.sitting_changed.state != SITTING_STATE_CLOSED) {
        return;
    }
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            meeting->booths[i].desks[j].lost_at = 0;
            meeting->booths[i].desks[j].displaced_by = LANGUAGE_NONE;
        }
    }
}

void booth_apply_suspended(struct meeting_state *state, const struct event *event)
{
    const struct event_interpretation_changed *changed = &event->as.interpretation_changed;
    struct booth *booth = booth_of(state, changed->language);
    booth->suspended_since = changed->suspended ? event->at : 0;
    memcpy(booth->announcement, changed->announcement, sizeof booth->announcement);
}
