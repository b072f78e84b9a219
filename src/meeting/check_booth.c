// What must be true of booths. Stated again from the desks, not by calling the functions that
// decide: one of the two would show the other's mistake.
#include "meeting/section.h"
#include "meeting/state.h"

#include <string.h>

static bool check_on_air(const struct desk *desk)
{
    return desk->microphone != MICROPHONE_OFF;
}

static const struct desk *check_find(const struct booth *booth, const char *participant)
{
    for (uint32_t i = 0; i < booth->desks_count; i++) {
        if (strcmp(booth->desks[i].participant, participant) == 0) {
            return &booth->desks[i];
        }
    }
    return NULL;
}

static const char *check_override(const struct booth *booth, const struct desk *desk)
{
    if (desk->overridden_by[0] == '\0') {
        return NULL;
    }
    const struct desk *by = check_find(booth, desk->overridden_by);
    return !check_on_air(desk) && by != NULL && check_on_air(by)
               ? NULL
               : "a desk is overridden by nobody on the air";
}

static const char *check_desk(const struct meeting_state *state, const struct booth *booth,
                              const struct desk *desk)
{
    const struct participant *interpreter = meeting_find_participant(state, desk->participant);
    if (interpreter == NULL || !capacity_can(interpreter->capacity, ABILITY_HAS_DESK) ||
        interpreter->language != booth->language) {
        return "a desk belongs to nobody of its booth";
    }
    if (interpreter->microphone != desk->microphone ||
        interpreter->microphone_since != desk->opened_at) {
        return "a desk and its interpreter disagree";
    }
    if (check_on_air(desk) && interpreter->presence != PRESENCE_PRESENT) {
        return "a desk is on the air for someone who is not in the room";
    }
    if (check_on_air(desk) != (desk->target != LANGUAGE_NONE) ||
        check_on_air(desk) != (desk->opened > 0)) {
        return "a desk on the air feeds nothing, or one off the air something";
    }
    bool a = desk->output == OUTPUT_NONE || desk->output == OUTPUT_A;
    if (check_on_air(desk) && a != (desk->target == booth->language)) {
        return "output A feeds another language, or B and C the booth's own";
    }
    if (desk->lost_at != 0 && check_on_air(desk)) {
        return "a desk on the air is said to be cut off";
    }
    if (desk->resting && check_on_air(desk)) {
        return "a resting interpreter is on the air";
    }
    bool opens = desk->opening_since != 0;
    bool there = check_on_air(desk) && desk->opening_target == desk->target &&
                 (desk->opening_output == desk->output || desk->target == booth->language);
    if (opens != (desk->opening_target != LANGUAGE_NONE) || (opens && there) ||
        (opens && interpreter->presence != PRESENCE_PRESENT)) {
        return "a desk opens where it is on the air, or for someone who is not in the room";
    }
    if (desk->displaced_by != LANGUAGE_NONE && check_on_air(desk)) {
        return "a desk on the air is said to be displaced";
    }
    if ((desk->silence != SILENCE_NONE) != (desk->silent_since != 0) ||
        (desk->silence != SILENCE_NONE && !check_on_air(desk))) {
        return "a microphone that is not open is silent";
    }
    return NULL;
}

static const char *check_handover(const struct booth *booth)
{
    const struct handover *handover = &booth->handover;
    if (handover->state == HANDOVER_STATE_NONE) {
        return handover->from[0] == '\0' && handover->to[0] == '\0' && handover->deadline == 0
                   ? NULL
                   : "a handover that is none has parties";
    }
    const struct desk *from = check_find(booth, handover->from);
    const struct desk *to = check_find(booth, handover->to);
    // Whoever is counted down may be closed already, or gone, with nobody else's microphone open
    // instead. Journals from before such a countdown kept the channel have a desk that was cut off.
    bool counting = handover->state == HANDOVER_STATE_COUNTING;
    bool open = from != NULL && check_on_air(from);
    bool keeps = handover->target != LANGUAGE_NONE;
    if (!open && !(counting && (keeps || (from != NULL && from->lost_at != 0)))) {
        return "a handover from someone off the air";
    }
    if (keeps && (open || !counting)) {
        return "a handover keeps the channel of a desk that is on the air";
    }
    if (to == NULL) {
        return counting && handover->to[0] == '\0' ? NULL : "a handover to nobody";
    }
    if (to->resting) {
        return "a handover to someone who rests";
    }
    bool armed = handover->state == HANDOVER_STATE_ARMED;
    bool came = (counting || (armed && handover->moment != 0)) && handover->deadline == 0;
    bool timeless = armed && handover->moment == 0;
    if (came ? to->opening_since == 0 : timeless != (handover->deadline == 0)) {
        return "a handover without its deadline";
    }
    return check_on_air(to) == (handover->state == HANDOVER_STATE_SWITCHING)
               ? NULL
               : "the one to take over is on the air too early, or not yet";
}

static const char *check_booth(const struct booth *booth)
{
    uint32_t on_air = 0;
    const char *broken = NULL;
    for (uint32_t i = 0; i < booth->desks_count && broken == NULL; i++) {
        broken = check_override(booth, &booth->desks[i]);
        on_air += check_on_air(&booth->desks[i]);
    }
    bool switching = booth->handover.state == HANDOVER_STATE_SWITCHING;
    if (broken == NULL && on_air > 1 && booth->setting.mode == BOOTH_MODE_OVERRIDE && !switching) {
        return "two desks of one booth are on the air";
    }
    return broken;
}

const char *check_desks(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 1; i < meeting->booths_count; i++) {
        if (meeting->booths[i - 1].language >= meeting->booths[i].language) {
            return "the booths are not in the order of the languages";
        }
    }
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            const struct desk *desk = &meeting->booths[i].desks[j];
            const char *broken = check_desk(state, &meeting->booths[i], desk);
            if (broken != NULL) {
                return broken;
            }
        }
    }
    return NULL;
}

const char *check_booths_at_rest(const struct meeting_state *state)
{
    const struct meeting *meeting = &state->meeting;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        const struct booth *booth = &meeting->booths[i];
        const char *broken = check_booth(booth);
        broken = broken != NULL ? broken : check_handover(booth);
        if (broken != NULL) {
            return broken;
        }
    }
    return NULL;
}
