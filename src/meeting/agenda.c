// The agenda: at most one item is current; starting another makes it done. A done item may be taken
// up again.
#include "meeting/meeting_priv.h"
#include "meeting/setup.h"

#include <string.h>

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
    event->as.agenda_item_added.item.started_at = 0;
    outcome_emit(&outcome);
    return ERR_NONE;
}

enum err meeting_change_item(struct meeting_state *state, const struct agenda_item *item,
                             time_ms now, struct event_list *ret_events,
                             struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct agenda_item *is = meeting_find_item(state, item->id);
    if (is == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_ITEM);
    }
    struct agenda_item wish = *item;
    wish.state = is->state;
    wish.started_at = is->started_at;
    if (memcmp(is, &wish, sizeof wish) != 0) {
        struct outcome outcome;
        outcome_begin(&outcome, state, now, ret_events);
        outcome_draft(&outcome, EVENT_AGENDA_ITEM_CHANGED)->as.agenda_item_changed.item = wish;
        outcome_emit(&outcome);
    }
    return ERR_NONE;
}

// Whether it stands there already.
static bool stands_before(const struct meeting *meeting, const struct agenda_item *item,
                          const struct agenda_item *before)
{
    const struct agenda_item *next = item + 1;
    bool last = next == meeting->agenda + meeting->agenda_count;
    return before == NULL ? last : before == item || before == next;
}

enum err meeting_move_item(struct meeting_state *state, const char *item, const char *before,
                           time_ms now, struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct agenda_item *moved = meeting_find_item(state, item);
    const struct agenda_item *other = meeting_find_item(state, before);
    if (moved == NULL || (other == NULL && before[0] != '\0')) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_ITEM);
    }
    if (!stands_before(&state->meeting, moved, other)) {
        struct outcome outcome;
        outcome_begin(&outcome, state, now, ret_events);
        struct event *event = outcome_draft(&outcome, EVENT_AGENDA_ITEM_MOVED);
        id_copy(event->as.agenda_item_moved.item, item);
        id_copy(event->as.agenda_item_moved.before, before);
        outcome_emit(&outcome);
    }
    return ERR_NONE;
}

// Whether a request for the floor, a time or a document is of it.
static bool is_referred_to(const struct meeting *meeting, const char *item)
{
    bool found = false;
    for (uint32_t i = 0; i < meeting->requests_count; i++) {
        found |= strcmp(meeting->requests[i].item, item) == 0;
    }
    for (uint32_t i = 0; i < meeting->speaking_times_count; i++) {
        found |= strcmp(meeting->speaking_times[i].item, item) == 0;
    }
    for (uint32_t i = 0; i < meeting->documents_count; i++) {
        found |= strcmp(meeting->documents[i].item, item) == 0;
    }
    return found;
}

enum err meeting_remove_item(struct meeting_state *state, const char *item, time_ms now,
                             struct event_list *ret_events, struct refusal *ret_refusal)
{
    ret_events->count = 0;
    *ret_refusal = (struct refusal){0};
    const struct agenda_item *removed = meeting_find_item(state, item);
    if (removed == NULL) {
        return refuse(ret_refusal, REFUSAL_NO_SUCH_ITEM);
    }
    if (removed->state != ITEM_STATE_PENDING) {
        return refuse(ret_refusal, REFUSAL_ITEM_TAKEN_UP);
    }
    if (is_referred_to(&state->meeting, item)) {
        return refuse(ret_refusal, REFUSAL_ITEM_IN_USE);
    }
    struct outcome outcome;
    outcome_begin(&outcome, state, now, ret_events);
    id_copy(outcome_draft(&outcome, EVENT_AGENDA_ITEM_REMOVED)->as.agenda_item_removed.item, item);
    outcome_emit(&outcome);
    return ERR_NONE;
}
