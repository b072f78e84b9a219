// A booth: the interpreters of one language. Opening one microphone closes the partner's
// (override), or both may be open (mixed). Cough keeps the channel, silently: neither the partner
// nor the floor bursts in.
#include "meeting/hearing_priv.h"
#include "meeting/lost.h"
#include "meeting/meeting_priv.h"
#include "meeting/presence.h"
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

struct booth *booth_of(struct booth *booths, uint32_t count, enum language language)
{
    for (uint32_t i = 0; i < count; i++) {
        if (booths[i].language == language) {
            return &booths[i];
        }
    }
    return NULL;
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

const struct desk *meeting_find_desk(const struct meeting_state *state, const char *participant)
{
    const struct participant *interpreter = meeting_find_participant(state, participant);
    return interpreter != NULL && interpreter->capacity == CAPACITY_INTERPRETER
               ? booth_desk((struct booth *)booth_in(&state->meeting, interpreter->language),
                            participant)
               : NULL;
}

struct desk *booth_desk(struct booth *booth, const char *participant)
{
    for (uint32_t i = 0; booth != NULL && i < booth->desks_count; i++) {
        if (strcmp(booth->desks[i].participant, participant) == 0) {
            return &booth->desks[i];
        }
    }
    return NULL;
}

struct desk *booth_newest(struct booth *booth, const char *except)
{
    struct desk *newest = NULL;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        struct desk *desk = &booth->desks[i];
        if (booth_desk_on_air(desk) && strcmp(desk->participant, except) != 0 &&
            (newest == NULL || desk->opened > newest->opened)) {
            newest = desk;
        }
    }
    return newest;
}

enum err booth_of_caller(struct outcome *outcome, struct booth **ret_booth, struct desk **ret_desk)
{
    enum err err = outcome_need_in_room(outcome);
    return err != ERR_NONE ? err : booth_of_listener(outcome, ret_booth, ret_desk);
}

enum err booth_of_listener(struct outcome *outcome, struct booth **ret_booth,
                           struct desk **ret_desk)
{
    enum err err = outcome_need_participant(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    *ret_booth = booth_of(outcome->booths, outcome->booth_count, outcome->caller->language);
    *ret_desk = booth_desk(*ret_booth, outcome->caller->id);
    return *ret_desk != NULL ? ERR_NONE : outcome_refuse(outcome, REFUSAL_NO_DESK);
}

// ---- The microphone ----

// What desk.changed does to a booth: the same in a decision in the making and in the state.
static void booth_take(struct booth *booth, const struct event *event)
{
    const struct event_desk_changed *changed = &event->as.desk_changed;
    struct desk *desk = booth_desk(booth, changed->participant);
    ASSERT(desk != NULL);
    bool was_open = booth_desk_on_air(desk);
    desk->microphone = changed->microphone;
    desk->lost_at = changed->lost ? event->at : 0;
    desk->opening_since = 0;
    desk->opening_output = OUTPUT_NONE;
    desk->opening_target = LANGUAGE_NONE;
    desk->undone_at = 0;
    desk->silence = SILENCE_NONE;
    desk->silent_since = 0;
    id_copy(desk->overridden_by, changed->overridden_by);
    if (!booth_desk_on_air(desk)) {
        desk->target = LANGUAGE_NONE;
        desk->opened_at = 0;
        desk->opened = 0;
        desk->chimed = false;
        for (uint32_t i = 0; i < booth->desks_count; i++) {
            if (strcmp(booth->desks[i].overridden_by, desk->participant) == 0) {
                id_copy(booth->desks[i].overridden_by, "");
            }
        }
        return;
    }
    enum language target = changed->target != LANGUAGE_NONE ? changed->target : booth->language;
    if (!was_open) {
        desk->opened_at = event->at;
        desk->resting = false;
    }
    if (desk->target != target) {
        desk->opened = (int64_t)event->seq;
    }
    desk->output = changed->output;
    desk->target = target;
}

void booth_put(struct outcome *outcome, struct booth *booth, const struct desk *wish)
{
    if (wish->microphone == MICROPHONE_ON) {
        talkback_end(outcome, wish->participant); // first: what is said aside is never on the air
    }
    struct event *event = outcome_emit(outcome, EVENT_DESK_CHANGED);
    struct event_desk_changed *changed = &event->as.desk_changed;
    id_copy(changed->participant, wish->participant);
    changed->language = booth->language;
    changed->microphone = wish->microphone;
    id_copy(changed->overridden_by, wish->overridden_by);
    changed->lost = wish->lost_at != 0;
    if (booth_desk_on_air(wish) && output_chosen(wish) != OUTPUT_A) {
        changed->output = wish->output;
        changed->target = wish->target;
    }
    booth_take(booth, event);
}

void booth_open(struct outcome *outcome, struct booth *booth, struct desk *desk, enum output output,
                enum language target)
{
    suspension_end(outcome, booth);
    struct desk wish = *desk;
    wish.microphone = booth_desk_on_air(desk) ? desk->microphone : MICROPHONE_ON;
    wish.output = output;
    wish.target = target;
    wish.lost_at = 0;
    id_copy(wish.overridden_by, "");
    booth_put(outcome, booth, &wish);
}

void booth_close(struct outcome *outcome, struct booth *booth, struct desk *desk,
                 const char *overridden_by)
{
    struct desk wish = *desk;
    wish.microphone = MICROPHONE_OFF;
    id_copy(wish.overridden_by, overridden_by);
    booth_put(outcome, booth, &wish);
}

// The participant's booth and desk; false for others than interpreters.
static bool booth_find(struct outcome *outcome, const char *participant, struct booth **ret_booth,
                       struct desk **ret_desk)
{
    const struct participant *interpreter = meeting_find_participant(outcome->state, participant);
    if (interpreter->capacity != CAPACITY_INTERPRETER) {
        return false;
    }
    *ret_booth = booth_of(outcome->booths, outcome->booth_count, interpreter->language);
    *ret_desk = booth_desk(*ret_booth, participant);
    ASSERT(*ret_desk != NULL);
    return true;
}

void booth_close_desk(struct outcome *outcome, const char *participant)
{
    struct booth *booth = NULL;
    struct desk *desk = NULL;
    if (!booth_find(outcome, participant, &booth, &desk)) {
        return;
    }
    hearing_end(outcome, booth, desk, false);
    if (booth_desk_on_air(desk)) {
        booth_close(outcome, booth, desk, "");
    }
    handover_tell(outcome, booth, HANDOVER_OFF, participant);
    handover_tell(outcome, booth, HANDOVER_GONE, participant);
}

void booth_close_all(struct outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->booth_count; i++) {
        struct booth *booth = &outcome->booths[i];
        handover_tell(outcome, booth, HANDOVER_END, "");
        hearing_end_all(outcome, booth);
        for (uint32_t j = 0; j < booth->desks_count; j++) {
            if (booth_desk_on_air(&booth->desks[j])) {
                booth_close(outcome, booth, &booth->desks[j], "");
            }
        }
    }
}

static enum err booth_press(struct outcome *outcome, struct booth *booth, struct desk *desk)
{
    if (handover_awaits(booth, desk)) {
        // Who was cut off feeds nothing any more: then what the desk would feed counts.
        const struct desk *from = booth_desk(booth, booth->handover.from);
        enum output theirs = output_chosen(from);
        enum language fed = from->target != LANGUAGE_NONE ? from->target
                                                          : output_target(booth, from, theirs);
        if (fed != LANGUAGE_NONE) {
            hearing_begin(outcome, booth, desk, theirs, fed);
            return ERR_NONE;
        }
    }
    enum output output = output_chosen(desk);
    enum language target = output_target(booth, desk, output);
    if (target == LANGUAGE_NONE) {
        return outcome_refuse(outcome, REFUSAL_OUTPUT_NEEDS_LANGUAGE);
    }
    enum err err = interlock_judge(outcome, booth, desk, output, target);
    if (err == ERR_NONE) {
        hearing_begin(outcome, booth, desk, output, target);
    }
    return err;
}

void booth_heard(struct outcome *outcome, struct booth *booth, struct desk *desk)
{
    enum output output = desk->opening_output;
    enum language target = desk->opening_target;
    if (handover_awaits(booth, desk)) {
        handover_tell(outcome, booth, HANDOVER_TAKE, desk->participant);
        return;
    }
    // Since the press another booth may have taken the channel, or the language been taken away.
    bool allowed = output == OUTPUT_A ? target == booth->language
                                      : output_is_allowed(booth, target);
    if (!allowed || interlock_clear(outcome, booth, desk, output, target) != ERR_NONE) {
        hearing_end(outcome, booth, desk, false);
        return;
    }
    // What was asked or offered has come about.
    handover_tell(outcome, booth, HANDOVER_TAKE, desk->participant);
    lost_end_vacant(outcome, booth);
    booth_open(outcome, booth, desk, output, target);
}

// The key pressed while the microphone opens.
static enum err booth_press_again(struct outcome *outcome, struct booth *booth, struct desk *desk,
                                  enum microphone microphone)
{
    if (microphone == MICROPHONE_COUGH) {
        return outcome_refuse(outcome, REFUSAL_MICROPHONE_NOT_HEARD);
    }
    if (microphone == MICROPHONE_OFF) {
        hearing_end(outcome, booth, desk, false);
        if (handover_awaits(booth, desk)) {
            handover_tell(outcome, booth, HANDOVER_GONE, desk->participant);
        }
    }
    return ERR_NONE;
}

enum err booth_microphone(struct outcome *outcome)
{
    struct booth *booth = NULL;
    struct desk *desk = NULL;
    enum err err = booth_of_caller(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    enum microphone microphone = outcome->command->as.desk_microphone.state;
    if (hearing_is_opening(desk)) {
        return booth_press_again(outcome, booth, desk, microphone);
    }
    if (microphone == desk->microphone) {
        return ERR_NONE;
    }
    if (!booth_desk_on_air(desk)) {
        return microphone == MICROPHONE_ON ? booth_press(outcome, booth, desk)
                                           : outcome_refuse(outcome, REFUSAL_MICROPHONE_OFF);
    }
    if (microphone == MICROPHONE_OFF) {
        booth_close_desk(outcome, desk->participant);
        return ERR_NONE;
    }
    struct desk wish = *desk;
    wish.microphone = microphone;
    booth_put(outcome, booth, &wish);
    return ERR_NONE;
}

void booth_apply_desk(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_desk_changed *changed = &event->as.desk_changed;
    struct participant *interpreter = participant_of(state, changed->participant);
    struct booth *booth = booth_of(meeting->booths, meeting->booths_count, changed->language);
    const struct desk *desk = booth_desk(booth, interpreter->id);
    ASSERT(desk != NULL);
    time_ms opened_at = desk->opened_at;
    booth_take(booth, event);
    interpreter->microphone = changed->microphone;
    interpreter->microphone_since = desk->opened_at;
    if (!booth_desk_on_air(desk) && opened_at > 0) {
        rota_count_turn(meeting, interpreter->id, event->at - opened_at);
    }
}

// ---- Both open ----

static uint32_t booth_open_count(const struct booth *booth)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        count += booth_desk_on_air(&booth->desks[i]);
    }
    return count;
}

// The moment when the second of the open microphones opened.
static time_ms booth_both_since(const struct booth *booth)
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

static void booth_emit_alarm(struct outcome *outcome, struct booth *booth, time_ms since)
{
    struct event *event = outcome_emit(outcome, EVENT_BOOTH_ALARMED);
    event->as.booth_alarmed.language = booth->language;
    event->as.booth_alarmed.since = since;
    booth->alarm_since = since;
}

void booth_alarm(struct outcome *outcome, struct booth *booth)
{
    booth_emit_alarm(outcome, booth, booth_both_since(booth));
}

void booth_settle(struct outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->booth_count; i++) {
        struct booth *booth = &outcome->booths[i];
        if (booth->alarm_since != 0 && booth_open_count(booth) < 2) {
            booth_emit_alarm(outcome, booth, 0);
        }
    }
}

void booth_apply_alarmed(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct booth *booth = booth_of(meeting->booths, meeting->booths_count,
                                   event->as.booth_alarmed.language);
    ASSERT(booth != NULL);
    booth->alarm_since = event->as.booth_alarmed.since;
}

// ---- What a desk chooses ----

static void booth_put_choice(struct desk *desk, const struct event_desk_chosen *chosen)
{
    desk->output = chosen->output;
    desk->language_b = chosen->language_b;
    desk->language_c = chosen->language_c;
    desk->source = chosen->source;
    desk->original = chosen->original;
    desk->resting = chosen->resting;
}

void booth_choose(struct outcome *outcome, struct booth *booth, struct desk *desk,
                  const struct desk *wish)
{
    if (output_chosen(desk) == output_chosen(wish) && desk->language_b == wish->language_b &&
        desk->language_c == wish->language_c && desk->source == wish->source &&
        desk->original == wish->original && desk->resting == wish->resting) {
        return;
    }
    struct event_desk_chosen *chosen = &outcome_emit(outcome, EVENT_DESK_CHOSEN)->as.desk_chosen;
    id_copy(chosen->participant, desk->participant);
    chosen->language = booth->language;
    chosen->output = output_chosen(wish) == OUTPUT_A ? OUTPUT_NONE : wish->output;
    chosen->language_b = wish->language_b;
    chosen->language_c = wish->language_c;
    chosen->source = wish->source;
    chosen->original = wish->original;
    chosen->resting = wish->resting;
    booth_put_choice(desk, chosen);
}

void booth_apply_chosen(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_desk_chosen *chosen = &event->as.desk_chosen;
    struct desk *desk = booth_desk(
        booth_of(meeting->booths, meeting->booths_count, chosen->language), chosen->participant);
    ASSERT(desk != NULL);
    booth_put_choice(desk, chosen);
}

// ---- Desks come and go ----

struct booth *booth_need(struct booth *booths, uint32_t *count, enum language language)
{
    uint32_t at = 0;
    while (at < *count && booths[at].language < language) {
        at++;
    }
    if (at == *count || booths[at].language != language) {
        ASSERT(*count < MEETING_BOOTHS_MAX);
        memmove(&booths[at + 1], &booths[at], (*count - at) * sizeof booths[0]);
        memset(&booths[at], 0, sizeof booths[0]);
        booths[at].language = language;
        (*count)++;
    }
    return &booths[at];
}

void booth_add_desk(struct meeting_state *state, const struct participant *participant)
{
    struct meeting *meeting = &state->meeting;
    struct booth *booth = booth_need(meeting->booths, &meeting->booths_count,
                                     participant->language);
    ASSERT(booth->desks_count < BOOTH_DESKS_MAX);
    struct desk *desk = &booth->desks[booth->desks_count++];
    id_copy(desk->participant, participant->id);
    desk->microphone = MICROPHONE_OFF;
    desk->preselects_count = DESK_PRESELECTS_MAX;
}

// The booth stays, even empty: its language was foreseen.
void booth_remove_desk(struct meeting_state *state, const struct participant *participant)
{
    struct meeting *meeting = &state->meeting;
    struct booth *booth = booth_of(meeting->booths, meeting->booths_count, participant->language);
    ASSERT(booth != NULL);
    struct desk *desk = booth_desk(booth, participant->id);
    ASSERT(desk != NULL && !booth_desk_on_air(desk));
    uint32_t at = (uint32_t)(desk - booth->desks);
    booth->desks_count--;
    memmove(desk, desk + 1, (booth->desks_count - at) * sizeof *desk);
    memset(&booth->desks[booth->desks_count], 0, sizeof *desk);
}
