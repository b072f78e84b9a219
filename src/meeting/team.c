// The team of interpreters: who leads it, who sits where, how each booth works. A team leader may
// arrange what moderators and technicians may.
#include "meeting/meeting_priv.h"

#include <string.h>

static enum err team_need_leader(struct outcome *outcome)
{
    if (outcome->caller != NULL && capacity_can(outcome->caller->capacity, ABILITY_HAS_DESK) &&
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

static const struct desk *team_preferred(const struct booth *booth)
{
    const struct desk *preferred = NULL;
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        const struct desk *desk = &booth->desks[i];
        if (booth_desk_on_air(desk) && (preferred == NULL || desk_goes_before(desk, preferred))) {
            preferred = desk;
        }
    }
    return preferred;
}

// A booth that becomes an override booth keeps the microphone that a channel would carry: the
// newest that is heard.
static void team_keep_one(struct outcome *outcome, const struct booth *booth)
{
    const struct desk *kept = team_preferred(booth);
    for (uint32_t i = 0; i < booth->desks_count && kept != NULL; i++) {
        const struct desk *desk = &booth->desks[i];
        if (desk != kept && booth_desk_on_air(desk)) {
            handover_tell(outcome, booth, HANDOVER_OVERRIDE, desk->participant);
            desk_displace(outcome, booth, desk, booth->language);
        }
    }
}

enum err team_set_booth(struct outcome *outcome)
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
    struct event_booth_changed *changed =
        &outcome_draft(outcome, EVENT_BOOTH_CHANGED)->as.booth_changed;
    changed->language = command->language;
    booth_copy_setting(&changed->setting, &command->setting);
    outcome_emit(outcome);
    const struct booth *booth = booth_in(&outcome->state->meeting, command->language);
    if (booth->setting.mode == BOOTH_MODE_OVERRIDE &&
        booth->handover.state != HANDOVER_STATE_SWITCHING) {
        team_keep_one(outcome, booth);
    }
    return ERR_NONE;
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
        if (!capacity_can(leader->capacity, ABILITY_HAS_DESK)) {
            return outcome_refuse(outcome, REFUSAL_LEAD_IS_INTERPRETER);
        }
    }
    if (strcmp(outcome->state->meeting.team_leader, id) != 0) {
        id_copy(outcome_draft(outcome, EVENT_TEAM_CHANGED)->as.team_changed.participant, id);
        outcome_emit(outcome);
    }
    return ERR_NONE;
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
    if (!capacity_can(interpreter->capacity, ABILITY_HAS_DESK)) {
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
        lost_vacate(outcome, interpreter->id);
    }
    int64_t last = moves ? (int64_t)desks + 1 : (int64_t)desks;
    struct event_desk_assigned *assigned =
        &outcome_draft(outcome, EVENT_DESK_ASSIGNED)->as.desk_assigned;
    id_copy(assigned->participant, interpreter->id);
    assigned->language = command->language;
    assigned->position = command->position < last ? command->position : last;
    outcome_emit(outcome);
    return ERR_NONE;
}

enum err team_rest(struct outcome *outcome)
{
    const struct booth *booth = NULL;
    const struct desk *desk = NULL;
    enum err err = outcome_need_desk(outcome, &booth, &desk);
    if (err != ERR_NONE) {
        return err;
    }
    struct desk wish = *desk;
    wish.resting = outcome->command->as.desk_rest.on;
    if (wish.resting && booth_desk_on_air(desk)) {
        return outcome_refuse(outcome, REFUSAL_MICROPHONE_OPEN);
    }
    desk_choose(outcome, booth, desk, &wish);
    if (wish.resting) {
        hearing_end(outcome, booth, desk, false);
        handover_tell(outcome, booth, HANDOVER_GONE, desk->participant);
    }
    return ERR_NONE;
}
