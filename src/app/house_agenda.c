// Delegations and agenda of a planned meeting.
#include <string.h>

#include "app/house_priv.h"
#include "app/secret.h"
#include "base/text.h"
#include "meeting/setup.h"

enum err app_delegations(struct app *app, struct house *house, const char *meeting,
                         struct plan_delegations *ret_delegations)
{
    struct app_meeting *found = NULL;
    ret_delegations->delegations_count = 0;
    enum err err = house_meeting(app, house, meeting, &found);
    if (err == ERR_NONE) {
        const struct meeting *state = &found->told.meeting;
        ret_delegations->delegations_count = state->delegations_count;
        memcpy(ret_delegations->delegations, state->delegations,
               state->delegations_count * sizeof(state->delegations[0]));
    }
    return err;
}

static enum err put_delegation(struct app *app, struct house *house, const char *meeting,
                               const struct delegation *wish,
                               enum err (*decide)(struct meeting_state *, const struct delegation *,
                                                  time_ms, struct event_list *, struct refusal *),
                               const char *act)
{
    struct app_meeting *found = NULL;
    struct delegation delegation = *wish;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    if (err == ERR_NONE && !house_fill(delegation.name[0], sizeof(delegation.name[0]))) {
        err = house_refuse_field(house, ERR_INVALID, "name");
    }
    err = err == ERR_NONE ? decide(&found->decided, &delegation, app_meeting_time(app, found),
                                   &app->events, &house->refusal)
                          : err;
    return err == ERR_NONE ? house_commit(app, house, found, act, wish->id) : err;
}

enum err app_delegation_add(struct app *app, struct house *house, const char *meeting,
                            const struct delegation *wish)
{
    return put_delegation(app, house, meeting, wish, meeting_add_delegation, "delegation.added");
}

enum err app_delegation_change(struct app *app, struct house *house, const char *meeting,
                               const struct delegation *wish)
{
    return put_delegation(app, house, meeting, wish, meeting_change_delegation,
                          "delegation.changed");
}

enum err app_delegation_remove(struct app *app, struct house *house, const char *meeting,
                               const char *id)
{
    struct app_meeting *found = NULL;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE
              ? meeting_remove_delegation(&found->decided, id, app_meeting_time(app, found),
                                          &app->events, &house->refusal)
              : err;
    return err == ERR_NONE ? house_commit(app, house, found, "delegation.removed", id) : err;
}

// ---- Agenda

enum err app_agenda(struct app *app, struct house *house, const char *meeting,
                    struct plan_agenda *ret_agenda)
{
    struct app_meeting *found = NULL;
    ret_agenda->items_count = 0;
    enum err err = house_meeting(app, house, meeting, &found);
    if (err == ERR_NONE) {
        const struct meeting *state = &found->told.meeting;
        ret_agenda->items_count = state->agenda_count;
        memcpy(ret_agenda->items, state->agenda, state->agenda_count * sizeof(state->agenda[0]));
    }
    return err;
}

static enum err item_fill(struct house *house, const char *id, const struct item_wish *wish,
                          struct agenda_item *item)
{
    *item = (struct agenda_item){.state = ITEM_STATE_PENDING};
    text_copy_cut(item->id, sizeof(item->id), id);
    memcpy(item->number, wish->number, sizeof(item->number));
    memcpy(item->title, wish->title, sizeof(item->title));
    memcpy(item->document, wish->document, sizeof(item->document));
    item->purpose = wish->purpose;
    item->minutes = wish->minutes;
    return house_fill(item->title[0], sizeof(item->title[0]))
               ? ERR_NONE
               : house_refuse_field(house, ERR_INVALID, "title");
}

static const struct agenda_item *item_of(const struct meeting *meeting, const char *id)
{
    for (uint32_t i = 0; i < meeting->agenda_count; i++) {
        if (text_equal(meeting->agenda[i].id, id)) {
            return &meeting->agenda[i];
        }
    }
    return NULL;
}

static enum err put_item(struct app *app, struct house *house, const char *meeting,
                         struct agenda_item *item,
                         enum err (*decide)(struct meeting_state *, const struct agenda_item *,
                                            time_ms, struct event_list *, struct refusal *),
                         const char *act)
{
    struct app_meeting *found = NULL;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE ? decide(&found->decided, item, app_meeting_time(app, found),
                                   &app->events, &house->refusal)
                          : err;
    err = err == ERR_NONE ? house_commit(app, house, found, act, item->id) : err;
    const struct agenda_item *put = err == ERR_NONE ? item_of(&found->told.meeting, item->id)
                                                    : NULL;
    if (put != NULL) {
        *item = *put;
    }
    return err;
}

enum err app_item_add(struct app *app, struct house *house, const char *meeting,
                      const struct item_wish *wish, struct agenda_item *ret_item)
{
    char id[CONTRACT_ID_MAX + 1];
    if (wish->id[0] == '\0') {
        secret_make_id("item-", id);
    } else {
        memcpy(id, wish->id, sizeof(id));
    }
    enum err err = item_fill(house, id, wish, ret_item);
    return err == ERR_NONE ? put_item(app, house, meeting, ret_item, meeting_add_item, "item.added")
                           : err;
}

enum err app_item_change(struct app *app, struct house *house, const char *meeting, const char *id,
                         const struct item_wish *wish, struct agenda_item *ret_item)
{
    enum err err = item_fill(house, id, wish, ret_item);
    return err == ERR_NONE
               ? put_item(app, house, meeting, ret_item, meeting_change_item, "item.changed")
               : err;
}

enum err app_item_move(struct app *app, struct house *house, const char *meeting, const char *id,
                       const char *before)
{
    struct app_meeting *found = NULL;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE
              ? meeting_move_item(&found->decided, id, before, app_meeting_time(app, found),
                                  &app->events, &house->refusal)
              : err;
    return err == ERR_NONE ? house_commit(app, house, found, "item.moved", id) : err;
}

enum err app_item_remove(struct app *app, struct house *house, const char *meeting, const char *id)
{
    struct app_meeting *found = NULL;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE ? meeting_remove_item(&found->decided, id, app_meeting_time(app, found),
                                                &app->events, &house->refusal)
                          : err;
    return err == ERR_NONE ? house_commit(app, house, found, "item.removed", id) : err;
}
