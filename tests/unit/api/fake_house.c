// The secretariat's work as the api's tests need it: who may is asked as the app does, and what was
// wished comes back.
#include <string.h>

#include "app/house_tables.h"
#include "base/text.h"
#include "fake_app.h"

static enum err admit(struct app *app, struct house *house)
{
    app->house_asked++;
    if (!house->who->secretariat) {
        return ERR_FORBIDDEN;
    }
    house->refusal.reason = app->house_refusal;
    return app->house_refusal != REFUSAL_NONE ? refusal_reason_err(app->house_refusal) : ERR_NONE;
}

enum err app_bodies(struct app *app, struct house *house, struct bodies *ret_bodies)
{
    ret_bodies->bodies_count = 0;
    return admit(app, house);
}

enum err app_body_add(struct app *app, struct house *house, const struct body_wish *wish,
                      struct body *ret_body)
{
    *ret_body = (struct body){.id = "body-1"};
    memcpy(ret_body->code, wish->code, sizeof(ret_body->code));
    memcpy(ret_body->name, wish->name, sizeof(ret_body->name));
    return admit(app, house);
}

enum err app_body_change(struct app *app, struct house *house, const char *id,
                         const struct body_wish *wish, struct body *ret_body)
{
    (void)id;
    return app_body_add(app, house, wish, ret_body);
}

enum err app_body_remove(struct app *app, struct house *house, const char *id)
{
    (void)id;
    return admit(app, house);
}

enum err app_plans(struct app *app, struct house *house, const char *query, const char *after,
                   struct plans *ret_plans)
{
    (void)query;
    (void)after;
    ret_plans->plans_count = 0;
    return admit(app, house);
}

static void plan_of(const char (*title)[PLAN_TITLE_SIZE], struct plan *ret_plan)
{
    *ret_plan = (struct plan){
        .id = "m-1", .form = MEETING_FORM_REMOTE, .life = MEETING_LIFE_PLANNED};
    if (title != NULL) {
        memcpy(ret_plan->title, title, sizeof(ret_plan->title));
    }
}

enum err app_plan(struct app *app, struct house *house, const char *id, struct plan *ret_plan)
{
    (void)id;
    plan_of(NULL, ret_plan);
    return admit(app, house);
}

enum err app_plan_add(struct app *app, struct house *house, const struct plan_wish *wish,
                      struct plan *ret_plan)
{
    plan_of(wish->title, ret_plan);
    return admit(app, house);
}

enum err app_plan_change(struct app *app, struct house *house, const char *id,
                         const struct plan_wish *wish, struct plan *ret_plan)
{
    (void)id;
    return app_plan_add(app, house, wish, ret_plan);
}

enum err app_plan_copy(struct app *app, struct house *house, const char *id,
                       const struct plan_copy *wish, struct plan *ret_plan)
{
    (void)id;
    plan_of(wish->title, ret_plan);
    return admit(app, house);
}

enum err app_delegations(struct app *app, struct house *house, const char *meeting,
                         struct plan_delegations *ret_delegations)
{
    (void)meeting;
    ret_delegations->delegations_count = 0;
    return admit(app, house);
}

enum err app_delegation_add(struct app *app, struct house *house, const char *meeting,
                            const struct delegation *wish)
{
    (void)meeting;
    (void)wish;
    return admit(app, house);
}

enum err app_delegation_change(struct app *app, struct house *house, const char *meeting,
                               const struct delegation *wish)
{
    return app_delegation_add(app, house, meeting, wish);
}

enum err app_delegation_remove(struct app *app, struct house *house, const char *meeting,
                               const char *id)
{
    (void)meeting;
    (void)id;
    return admit(app, house);
}

enum err app_agenda(struct app *app, struct house *house, const char *meeting,
                    struct plan_agenda *ret_agenda)
{
    (void)meeting;
    ret_agenda->items_count = 0;
    return admit(app, house);
}

enum err app_item_add(struct app *app, struct house *house, const char *meeting,
                      const struct item_wish *wish, struct agenda_item *ret_item)
{
    (void)meeting;
    *ret_item = (struct agenda_item){.id = "item-1", .state = ITEM_STATE_PENDING};
    memcpy(ret_item->title, wish->title, sizeof(ret_item->title));
    return admit(app, house);
}

enum err app_item_change(struct app *app, struct house *house, const char *meeting, const char *id,
                         const struct item_wish *wish, struct agenda_item *ret_item)
{
    (void)id;
    return app_item_add(app, house, meeting, wish, ret_item);
}

enum err app_item_move(struct app *app, struct house *house, const char *meeting, const char *id,
                       const char *before)
{
    (void)meeting;
    (void)id;
    (void)before;
    return admit(app, house);
}

enum err app_item_remove(struct app *app, struct house *house, const char *meeting, const char *id)
{
    return app_item_move(app, house, meeting, id, "");
}

enum err app_people(struct app *app, struct house *house, const char *meeting, const char *query,
                    const char *after, struct people *ret_people)
{
    (void)meeting;
    (void)query;
    (void)after;
    ret_people->people_count = 0;
    return admit(app, house);
}

enum err app_person_add(struct app *app, struct house *house, const char *meeting,
                        const struct person_wish *wish, struct person *ret_person)
{
    (void)meeting;
    *ret_person = (struct person){.id = "person-1", .capacity = wish->capacity};
    memcpy(ret_person->name, wish->name, sizeof(ret_person->name));
    return admit(app, house);
}

enum err app_person_change(struct app *app, struct house *house, const char *meeting,
                           const char *id, const struct person_wish *wish,
                           struct person *ret_person)
{
    (void)id;
    return app_person_add(app, house, meeting, wish, ret_person);
}

enum err app_person_remove(struct app *app, struct house *house, const char *meeting,
                           const char *id)
{
    return app_item_move(app, house, meeting, id, "");
}

enum err app_person_link(struct app *app, struct house *house, const char *meeting, const char *id,
                         int64_t days, struct person *ret_person)
{
    (void)meeting;
    (void)id;
    *ret_person = (struct person){.id = "person-1", .name = "Ana", .token = "TOKEN"};
    app->house_days = days;
    return admit(app, house);
}

enum err app_person_unlink(struct app *app, struct house *house, const char *meeting,
                           const char *id)
{
    return app_item_move(app, house, meeting, id, "");
}

// ---- Tables

bool house_table_from_text(const char *text, enum house_table *ret_table)
{
    *ret_table = HOUSE_TABLE_PEOPLE;
    return text_equal(text, "people");
}

void app_table_unread(const struct sheet_refusal *why, struct import_report *ret_report)
{
    *ret_report = (struct import_report){.fault_count = 1, .faults_count = 1};
    ret_report->faults[0] = (struct import_fault){.row = why->row, .why = IMPORT_WHY_FILE};
}

enum err app_table_import(struct app *app, struct house *house, const char *meeting,
                          enum house_table table, const struct sheet *sheet, bool dry,
                          struct import_report *ret_report)
{
    (void)meeting;
    (void)table;
    *ret_report = (struct import_report){.rows = sheet_rows(sheet), .added = dry ? 0 : 1};
    return admit(app, house);
}

enum err app_table_export(struct app *app, struct house *house, const char *meeting,
                          enum house_table table, enum language language, struct sheet **ret_sheet)
{
    struct sheet_refusal refusal;
    (void)meeting;
    (void)table;
    enum err err = admit(app, house);
    if (err != ERR_NONE) {
        return err;
    }
    *ret_sheet = sheet_create();
    if (*ret_sheet == NULL) {
        return ERR_FULL;
    }
    const char *heading = language_text(language);
    err = sheet_add(*ret_sheet, 0, 0, heading, strlen(heading), &refusal);
    return err == ERR_NONE ? sheet_settle(*ret_sheet, &refusal) : err;
}

enum err app_links_make(struct app *app, struct house *house, const char *meeting, int64_t days,
                        struct new_links *ret_links)
{
    (void)meeting;
    ret_links->links_count = 0;
    app->house_days = days;
    return admit(app, house);
}

enum err app_letters_send(struct app *app, struct house *house, const char *meeting,
                          const struct letter_wish *wish, struct letters *ret_letters)
{
    (void)meeting;
    (void)wish;
    *ret_letters = (struct letters){.posted = 1};
    return admit(app, house);
}
