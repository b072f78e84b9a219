// The team of interpreters: who leads it, who sits where, how each booth works. A team leader may
// arrange what moderators and technicians may.
#include "meeting/hearing_priv.h"
#include "meeting/meeting_priv.h"

#include <string.h>

static enum err team_need_leader(struct outcome *outcome)
{
    if (outcome->caller != NULL && outcome->caller->capacity == CAPACITY_INTERPRETER &&
        strcmp(outcome->state->meeting.team_leader, outcome->caller->id) != 0) {
        return outcome_refuse(outcome, REFUSAL_NOT_TEAM_LEAD);
    }
    return ERR_NONE;
}

static bool team_lists(const struct booth_setting *setting, enum language language, uint32_t before)
{
    for (uint32_t i = 0; i < before; i++) {
        if (setting->allowed[i].language == language) {
            return true;
        }
    }
    return false;
}

static enum refusal_reason team_setting_fault(enum language booth,
                                              const struct booth_setting *setting)
{
    for (uint32_t i = 0; i < setting->allowed_count; i++) {
        enum language language = setting->allowed[i].language;
        if (language == LANGUAGE_NONE || language == booth || team_lists(setting, language, i)) {
            return REFUSAL_OUTPUTS_NOT_DISTINCT;
        }
    }
    enum language preset[2] = {setting->output_b, setting->output_c};
    for (int i = 0; i < 2; i++) {
        if (preset[i] != LANGUAGE_NONE && !team_lists(setting, preset[i], setting->allowed_count)) {
            return REFUSAL_OUTPUTS_NOT_ALLOWED;
        }
    }
    return setting->rota && setting->turn_minutes == 0 ? REFUSAL_ROTA_NEEDS_TURN : REFUSAL_NONE;
}

// Zeros where nothing stands, so that equal settings are equal bytes.
static void team_copy_setting(struct booth_setting *to, const struct booth_setting *from)
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

// A booth that becomes an override booth keeps the microphone that opened last.
static void team_keep_newest(struct outcome *outcome, struct booth *booth)
{
    const struct desk *newest = booth_newest(booth, "");
    for (uint32_t i = 0; i < booth->desks_count && newest != NULL; i++) {
        struct desk *desk = &booth->desks[i];
        if (desk != newest && booth_desk_on_air(desk)) {
            handover_tell(outcome, booth, HANDOVER_OVERRIDE, desk->participant);
            booth_close(outcome, booth, desk, "");
        }
    }
}

enum err booth_set(struct outcome *outcome)
{
    const struct command_booth_set *command = &outcome->command->as.booth_set;
    enum err err = team_need_leader(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    enum refusal_reason fault = command->language == LANGUAGE_NONE
                                    ? REFUSAL_BOOTH_NEEDS_LANGUAGE
                                    : team_setting_fault(command->language, &command->setting);
    if (fault != REFUSAL_NONE) {
        return outcome_refuse(outcome, fault);
    }
    struct booth *booth = booth_need(outcome->booths, &outcome->booth_count, command->language);
    struct booth_setting setting;
    team_copy_setting(&setting, &command->setting);
    struct event_booth_changed *changed =
        &outcome_emit(outcome, EVENT_BOOTH_CHANGED)->as.booth_changed;
    changed->language = command->language;
    changed->setting = setting;
    booth->setting = setting;
    if (setting.mode == BOOTH_MODE_OVERRIDE && booth->handover.state != HANDOVER_STATE_SWITCHING) {
        team_keep_newest(outcome, booth);
    }
    return ERR_NONE;
}

void team_apply_setting(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    struct booth *booth = booth_need(meeting->booths, &meeting->booths_count,
                                     event->as.booth_changed.language);
    team_copy_setting(&booth->setting, &event->as.booth_changed.setting);
}

enum err team_lead(struct outcome *outcome)
{
    const char *id = outcome->command->as.team_lead.participant;
    enum err err = team_need_leader(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    if (id[0] != '\0') {
        const struct participant *leader = outcome_participant(outcome, id, &err);
        if (leader == NULL) {
            return err;
        }
        if (leader->capacity != CAPACITY_INTERPRETER) {
            return outcome_refuse(outcome, REFUSAL_LEAD_IS_INTERPRETER);
        }
    }
    if (strcmp(outcome->state->meeting.team_leader, id) != 0) {
        id_copy(outcome_emit(outcome, EVENT_TEAM_CHANGED)->as.team_changed.participant, id);
    }
    return ERR_NONE;
}

void team_apply_leader(struct meeting_state *state, const struct event *event)
{
    id_copy(state->meeting.team_leader, event->as.team_changed.participant);
}

enum err team_assign(struct outcome *outcome)
{
    const struct command_desk_assign *command = &outcome->command->as.desk_assign;
    enum err err = team_need_leader(outcome);
    if (err != ERR_NONE) {
        return err;
    }
    const struct participant *interpreter = outcome_participant(outcome, command->participant,
                                                                &err);
    if (interpreter == NULL) {
        return err;
    }
    if (interpreter->capacity != CAPACITY_INTERPRETER) {
        return outcome_refuse(outcome, REFUSAL_DESKS_FOR_INTERPRETERS);
    }
    if (command->language == LANGUAGE_NONE) {
        return outcome_refuse(outcome, REFUSAL_BOOTH_NEEDS_LANGUAGE);
    }
    const struct booth *booth = booth_in(&outcome->state->meeting, command->language);
    bool moves = interpreter->language != command->language;
    uint32_t desks = booth != NULL ? booth->desks_count : 0;
    if (moves && desks >= BOOTH_DESKS_MAX) {
        return outcome_refuse_most(outcome, REFUSAL_BOOTH_FULL, BOOTH_DESKS_MAX);
    }
    if (moves) {
        booth_close_desk(outcome, interpreter->id);
    }
    int64_t last = moves ? (int64_t)desks + 1 : (int64_t)desks;
    struct event_desk_assigned *assigned =
        &outcome_emit(outcome, EVENT_DESK_ASSIGNED)->as.desk_assigned;
    id_copy(assigned->participant, interpreter->id);
    assigned->language = command->language;
    assigned->position = command->position < last ? command->position : last;
    return ERR_NONE;
}

static void team_insert(struct booth *booth, const struct desk *desk, uint32_t at)
{
    ASSERT(booth->desks_count < BOOTH_DESKS_MAX && at <= booth->desks_count);
    memmove(&booth->desks[at + 1], &booth->desks[at],
            (booth->desks_count - at) * sizeof booth->desks[0]);
    booth->desks[at] = *desk;
    booth->desks_count++;
}

void team_apply_assigned(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    const struct event_desk_assigned *assigned = &event->as.desk_assigned;
    struct participant *interpreter = participant_of(state, assigned->participant);
    struct booth *from = booth_of(meeting->booths, meeting->booths_count, interpreter->language);
    struct desk *found = booth_desk(from, interpreter->id);
    ASSERT(found != NULL);
    struct desk desk = *found;
    memmove(found, found + 1,
            (size_t)(&from->desks[from->desks_count] - (found + 1)) * sizeof *found);
    memset(&from->desks[--from->desks_count], 0, sizeof *found);
    if (interpreter->language != assigned->language) {
        // In another booth the outputs are others.
        ASSERT(!booth_desk_on_air(&desk));
        desk.output = OUTPUT_NONE;
        desk.language_b = LANGUAGE_NONE;
        desk.language_c = LANGUAGE_NONE;
        id_copy(desk.overridden_by, "");
    }
    struct booth *to = booth_need(meeting->booths, &meeting->booths_count, assigned->language);
    uint32_t at = (uint32_t)assigned->position - 1;
    team_insert(to, &desk, at < to->desks_count ? at : to->desks_count);
    interpreter->language = assigned->language;
    rota_add_line(meeting, interpreter);
}

enum err team_rest(struct outcome *outcome)
{
    struct booth *booth = NULL;
    struct desk *desk = NULL;
    enum err err = booth_of_caller(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    struct desk wish = *desk;
    wish.resting = outcome->command->as.desk_rest.on;
    if (wish.resting && booth_desk_on_air(desk)) {
        return outcome_refuse(outcome, REFUSAL_MICROPHONE_OPEN);
    }
    booth_choose(outcome, booth, desk, &wish);
    if (wish.resting) {
        hearing_end(outcome, booth, desk, false);
        handover_tell(outcome, booth, HANDOVER_GONE, desk->participant);
    }
    return ERR_NONE;
}
