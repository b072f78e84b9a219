// The agenda: at most one item is current; starting another makes it done. A done item may be taken
// up again.
#include "meeting/meeting_priv.h"
#include "meeting/setup.h"

enum err agenda_start(struct outcome *outcome)
{
    const struct agenda_item *item = meeting_find_item(outcome->state,
                                                       outcome->command->as.item_start.item);
    if (item == NULL) {
        return outcome_refuse(outcome, REFUSAL_NO_SUCH_ITEM);
    }
    if (item->state != ITEM_STATE_CURRENT) {
        id_copy(outcome_draft(outcome, EVENT_ITEM_STARTED)->as.item_started.item, item->id);
        outcome_emit(outcome);
    }
    return ERR_NONE;
}

enum err meeting_add_item(struct meeting_state *state, const struct agenda_item *item, time_ms now,
                          struct event_list *ret_events, struct refusal *ret_refusal)
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
    struct event *event = outcome_draft(&outcome, EVENT_AGENDA_ITEM_ADDED);
    event->as.agenda_item_added.item = *item;
    event->as.agenda_item_added.item.state = ITEM_STATE_PENDING;
    outcome_emit(&outcome);
    return ERR_NONE;
}
