// A meeting that begins as another one.
#include <stdlib.h>
#include <string.h>

#include "app/house_plans.h"
#include "app/house_priv.h"
#include "app/loading.h"
#include "app/people_priv.h"
#include "meeting/setup.h"
#include "store/people.h"

// The other as it was when the copy was asked for: it may leave memory for the new one.
struct copy {
    struct app *app;
    struct house *house;
    struct meeting_state *from; // owned
    struct app_meeting *to;
};

// The journal takes what was decided; when no more can wait, it is waited for.
static enum err copy_step(struct copy *copy, enum err err)
{
    if (err != ERR_NONE) {
        return err;
    }
    app_record(copy->app, copy->to, NULL);
    if (!outbox_has_room(&copy->app->outbox)) {
        link_wait(copy->app);
    }
    return copy->app->outbox.closed ? ERR_STORAGE : ERR_NONE;
}

static enum err copy_delegations(struct copy *copy)
{
    const struct meeting *from = &copy->from->meeting;
    struct app *app = copy->app;
    enum err err = ERR_NONE;
    for (uint32_t i = 0; i < from->delegations_count && err == ERR_NONE; i++) {
        err = copy_step(copy, meeting_add_delegation(&copy->to->decided, &from->delegations[i],
                                                     app_meeting_time(app, copy->to), &app->events,
                                                     &copy->house->refusal));
    }
    for (uint32_t i = 0; i < from->offices_count && err == ERR_NONE; i++) {
        err = copy_step(copy, meeting_add_office(&copy->to->decided, &from->offices[i],
                                                 app_meeting_time(app, copy->to), &app->events,
                                                 &copy->house->refusal));
    }
    return err;
}

static enum err copy_agenda(struct copy *copy)
{
    const struct meeting *from = &copy->from->meeting;
    struct app *app = copy->app;
    enum err err = ERR_NONE;
    for (uint32_t i = 0; i < from->agenda_count && err == ERR_NONE; i++) {
        err = copy_step(copy, meeting_add_item(&copy->to->decided, &from->agenda[i],
                                               app_meeting_time(app, copy->to), &app->events,
                                               &copy->house->refusal));
    }
    return err;
}

static enum err copy_people(struct copy *copy)
{
    const struct meeting *from = &copy->from->meeting;
    struct app *app = copy->app;
    enum err err = ERR_NONE;
    for (uint32_t i = 0; i < from->participants_count && err == ERR_NONE; i++) {
        if (!from->participants[i].audience) {
            err = copy_step(copy,
                            meeting_add_participant(&copy->to->decided, &from->participants[i],
                                                    app_meeting_time(app, copy->to), &app->events,
                                                    &copy->house->refusal));
        }
    }
    return err;
}

static enum err copy_contacts(struct copy *copy)
{
    struct app *app = copy->app;
    struct house_contacts contacts;
    enum err err = house_contacts_read(app, copy->house, copy->from->meeting.id, &contacts);
    if (err != ERR_NONE) {
        return err;
    }
    for (uint32_t i = 0; i < contacts.count && err == ERR_NONE; i++) {
        const struct contact_row *row = &contacts.rows[i];
        if (meeting_find_participant(&copy->to->decided, row->participant) == NULL) {
            continue; // removed there, or of the audience
        }
        err = address_set(app->store, copy->to->id, row->participant, row->address);
        if (err == ERR_NONE && row->account[0] != '\0') {
            err = account_set_participant(app->store, row->account, copy->to->id, row->participant);
        }
    }
    house_contacts_free(&contacts);
    return err;
}

static enum err copy_all(struct copy *copy)
{
    enum err err = copy_delegations(copy);
    err = err == ERR_NONE ? copy_agenda(copy) : err;
    err = err == ERR_NONE ? copy_people(copy) : err;
    uint64_t seq = copy->to->decided.seq;
    link_wait(copy->app);
    err = err == ERR_NONE && copy->to->told.seq < seq ? ERR_STORAGE : err;
    return err == ERR_NONE ? copy_contacts(copy) : err;
}

static void wish_fill(const struct plan *from, const struct plan_copy *copy, struct plan_wish *wish)
{
    *wish = (struct plan_wish){.form = from->form,
                               .floor_microphones_max = from->floor_microphones_max,
                               .rehearsal = from->rehearsal};
    memcpy(wish->body, from->body, sizeof(wish->body));
    memcpy(wish->title, copy->title, sizeof(wish->title));
    memcpy(wish->first_day, copy->first_day, sizeof(wish->first_day));
    memcpy(wish->last_day, copy->last_day, sizeof(wish->last_day));
    memcpy(wish->zone, from->zone, sizeof(wish->zone));
    memcpy(wish->place, from->place, sizeof(wish->place));
}

static enum err take_source(struct app *app, struct house *house, const char *id, struct copy *copy,
                            struct plan *ret_plan)
{
    struct app_meeting *meeting = NULL;
    enum err err = house_meeting_to_change(app, house, id, &meeting);
    err = err == ERR_NONE ? plan_get(app->store, id, ret_plan) : err;
    copy->from = err == ERR_NONE ? calloc(1, sizeof(*copy->from)) : NULL;
    if (copy->from != NULL) {
        meeting_state_copy(copy->from, &meeting->told);
    }
    return err == ERR_NONE && copy->from == NULL ? ERR_FULL : err;
}

enum err app_plan_copy(struct app *app, struct house *house, const char *id,
                       const struct plan_copy *wish, struct plan *ret_plan)
{
    struct copy copy = {.app = app, .house = house};
    struct plan from;
    struct plan_wish made;
    enum err err = take_source(app, house, id, &copy, &from);
    if (err == ERR_NONE) {
        wish_fill(&from, wish, &made);
        err = house_plan_make(app, house, &made, ret_plan);
    }
    err = err == ERR_NONE ? loading_find(app, ret_plan->id, &copy.to) : err;
    err = err == ERR_NONE ? copy_all(&copy) : err;
    if (err == ERR_NONE) {
        house_count(app, house, copy.to, ret_plan);
        err = house_plan_keep(app, house, ret_plan);
    }
    free(copy.from);
    return err;
}
