// How long interventions may last: what is said of an item, of a kind of delegation, of both or of
// neither. Who reads it takes the narrowest that fits; nobody is cut off by it.
#include "meeting/meeting_priv.h"

#include <string.h>

static const struct speaking_time *said_of(const struct meeting *meeting, const char *item,
                                           enum speaker_kind kind)
{
    for (uint32_t i = 0; i < meeting->speaking_times_count; i++) {
        const struct speaking_time *one = &meeting->speaking_times[i];
        if (one->kind == kind && strcmp(one->item, item) == 0) {
            return one;
        }
    }
    return NULL;
}

// Of one that is taken back the number may be given again: nothing else names it.
static int64_t next_number(const struct meeting *meeting)
{
    int64_t highest = 0;
    for (uint32_t i = 0; i < meeting->speaking_times_count; i++) {
        int64_t id = meeting->speaking_times[i].id;
        highest = id > highest ? id : highest;
    }
    return highest + 1;
}

static enum err take_back(struct outcome *outcome, const struct speaking_time *said)
{
    if (said != NULL) {
        outcome_draft(outcome, EVENT_TIME_LIFTED)->as.time_lifted.speaking_time = said->id;
        outcome_emit(outcome);
    }
    return ERR_NONE;
}

static void write_down(struct outcome *outcome, const struct speaking_time *said)
{
    const struct command_time_allow *wanted = &outcome->command->as.time_allow;
    struct speaking_time time = {.id = said != NULL ? said->id
                                                    : next_number(&outcome->state->meeting),
                                 .kind = wanted->kind,
                                 .seconds = wanted->seconds};
    id_copy(time.item, wanted->item);
    if (said != NULL) {
        outcome_draft(outcome, EVENT_TIME_CHANGED)->as.time_changed.speaking_time = time;
    } else {
        outcome_draft(outcome, EVENT_TIME_ALLOWED)->as.time_allowed.speaking_time = time;
    }
    outcome_emit(outcome);
}

enum err speaking_time_allow(struct outcome *outcome)
{
    const struct command_time_allow *wanted = &outcome->command->as.time_allow;
    const struct meeting *meeting = &outcome->state->meeting;
    if (wanted->item[0] != '\0' && meeting_find_item(outcome->state, wanted->item) == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_ITEM);
    }
    const struct speaking_time *said = said_of(meeting, wanted->item, wanted->kind);
    if (wanted->as_wider) {
        return take_back(outcome, said);
    }
    if (said != NULL && said->seconds == wanted->seconds) {
        return ERR_NONE;
    }
    if (said == NULL && meeting->speaking_times_count >= MEETING_SPEAKING_TIMES_MAX) {
        return outcome_refuse_most(outcome, REFUSAL_TIMES_FULL, MEETING_SPEAKING_TIMES_MAX);
    }
    write_down(outcome, said);
    return ERR_NONE;
}
