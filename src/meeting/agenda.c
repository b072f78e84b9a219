// The agenda: at most one item is current; starting another makes it done. A done item may be taken
// up again.
#include "meeting/meeting_priv.h"
#include "meeting/setup.h"

#include <string.h>

static uint32_t agenda_find(const struct meeting *meeting, const char *id)
{
    uint32_t at = 0;
    while (at < meeting->agenda_count && strcmp(meeting->agenda[at].id, id) != 0) {
        at++;
    }
    return at;
}

const struct agenda_item *meeting_find_item(const struct meeting_state *state, const char *id)
{
    uint32_t at = agenda_find(&state->meeting, id);
    return at < state->meeting.agenda_count ? &state->meeting.agenda[at] : NULL;
}

const struct agenda_item *meeting_current_item(const struct meeting_state *state)
{
    for (uint32_t i = 0; i < state->meeting.agenda_count; i++) {
        if (state->meeting.agenda[i].state == ITEM_STATE_CURRENT) {
            return &state->meeting.agenda[i];
        }
    }
    return NULL;
}

enum err agenda_start(struct outcome *outcome)
{
    const struct agenda_item *item = meeting_find_item(outcome->state,
                                                       outcome->command->as.item_start.item);
    if (item == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_ITEM);
    }
    if (item->state != ITEM_STATE_CURRENT) {
        id_copy(outcome_emit(outcome, EVENT_ITEM_STARTED)->as.item_started.item, item->id);
    }
    return ERR_NONE;
}

enum err meeting_add_item(const struct meeting_state *state, const struct agenda_item *item,
                          time_ms now, struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    if (!id_is_valid(item->id)) {
        return refuse(ret_refusal, REFUSAL_ITEM_NEEDS_ID);
    }
    if (meeting_find_item(state, item->id) != NULL) {
        return refuse(ret_refusal, REFUSAL_ITEM_EXISTS);
    }
    if (state->meeting.agenda_count >= MEETING_AGENDA_MAX) {
        return refuse_most(ret_refusal, REFUSAL_AGENDA_FULL, MEETING_AGENDA_MAX);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    struct event *event = outcome_emit(&outcome, EVENT_AGENDA_ITEM_ADDED);
    event->as.agenda_item_added.item = *item;
    event->as.agenda_item_added.item.state = ITEM_STATE_PENDING;
    return ERR_NONE;
}

void agenda_apply_started(struct meeting_state *state, const struct event *event)
{
    struct meeting *meeting = &state->meeting;
    uint32_t at = agenda_find(meeting, event->as.item_started.item);
    ASSERT(at < meeting->agenda_count);
    for (uint32_t i = 0; i < meeting->agenda_count; i++) {
        if (meeting->agenda[i].state == ITEM_STATE_CURRENT) {
            meeting->agenda[i].state = ITEM_STATE_DONE;
        }
    }
    meeting->agenda[at].state = ITEM_STATE_CURRENT;
}
