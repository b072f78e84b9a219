#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/house_priv.h"
#include "app/people_priv.h"
#include "app/secret.h"
#include "app/table_priv.h"
#include "base/text.h"

struct export
{
    struct sheet *sheet; // owned until it is given out
    uint32_t row;
    enum err err; // sticky
};

static void put(struct export *export, uint32_t column, const char *text)
{
    struct sheet_refusal refusal;
    if (export->err == ERR_NONE) {
        export->err = sheet_add(export->sheet, export->row, column, text, strlen(text), &refusal);
    }
}

static void put_headings(struct export *export, enum house_table table, enum language language)
{
    const struct table_description *description = &table_descriptions[table];
    for (uint32_t i = 0; i < description->count; i++) {
        put(export, i, description->columns[i].headings[language - LANGUAGE_AR]);
    }
    export->row++;
}

static void put_people(struct export *export, const struct meeting *meeting,
                       const struct house_contacts *contacts)
{
    for (uint32_t i = 0; i < meeting->participants_count; i++) {
        const struct participant *person = &meeting->participants[i];
        const struct contact_row *contact = house_contact(contacts, person->id);
        if (person->audience) {
            continue;
        }
        put(export, PEOPLE_NAME, person->name);
        put(export, PEOPLE_CAPACITY, capacity_text(person->capacity));
        put(export, PEOPLE_DELEGATION, person->delegation);
        put(export, PEOPLE_LANGUAGE,
            person->language != LANGUAGE_NONE ? language_text(person->language) : "");
        put(export, PEOPLE_TITLE, person->title);
        put(export, PEOPLE_ADDRESS, contact != NULL ? contact->address : "");
        put(export, PEOPLE_ACCOUNT, contact != NULL ? contact->account : "");
        export->row++;
    }
}

static void put_delegations(struct export *export, const struct meeting *meeting)
{
    for (uint32_t i = 0; i < meeting->delegations_count; i++, export->row++) {
        const struct delegation *delegation = &meeting->delegations[i];
        put(export, DELEGATIONS_ID, delegation->id);
        put(export, DELEGATIONS_CODE, delegation->code);
        put(export, DELEGATIONS_KIND, delegation_kind_text(delegation->kind));
        for (uint32_t j = 0; j < CONTRACT_LANGUAGES; j++) {
            put(export, DELEGATIONS_NAME + j, delegation->name[j]);
        }
    }
}

static void put_agenda(struct export *export, const struct meeting *meeting)
{
    char minutes[24];
    for (uint32_t i = 0; i < meeting->agenda_count; i++, export->row++) {
        const struct agenda_item *item = &meeting->agenda[i];
        snprintf(minutes, sizeof(minutes), "%lld", (long long)item->minutes);
        put(export, AGENDA_NUMBER, item->number);
        put(export, AGENDA_DOCUMENT, item->document);
        put(export, AGENDA_PURPOSE,
            item->purpose != ITEM_PURPOSE_NONE ? item_purpose_text(item->purpose) : "");
        put(export, AGENDA_MINUTES, item->minutes > 0 ? minutes : "");
        for (uint32_t j = 0; j < CONTRACT_LANGUAGES; j++) {
            put(export, AGENDA_TITLE + j, item->title[j]);
        }
    }
}

static void put_table(struct app *app, struct house *house, const struct app_meeting *meeting,
                      enum house_table table, struct export *export)
{
    struct house_contacts contacts;
    switch (table) {
    case HOUSE_TABLE_PEOPLE:
        export->err = house_contacts_read(app, house, meeting->id, &contacts);
        if (export->err == ERR_NONE) {
            put_people(export, &meeting->told.meeting, &contacts);
            house_contacts_free(&contacts);
        }
        break;
    case HOUSE_TABLE_DELEGATIONS: put_delegations(export, &meeting->told.meeting); break;
    case HOUSE_TABLE_AGENDA: put_agenda(export, &meeting->told.meeting); break;
    case HOUSE_TABLE_COUNT: break;
    }
}

enum err app_table_export(struct app *app, struct house *house, const char *meeting,
                          enum house_table table, enum language language, struct sheet **ret_sheet)
{
    struct app_meeting *found = NULL;
    struct sheet_refusal refusal;
    enum err err = house_meeting(app, house, meeting, &found);
    if (err != ERR_NONE) {
        return err;
    }
    struct export export = {.sheet = sheet_create()};
    if (export.sheet == NULL) {
        return ERR_FULL;
    }
    put_headings(&export, table, language);
    put_table(app, house, found, table, &export);
    if (export.err == ERR_NONE) {
        export.err = sheet_settle(export.sheet, &refusal);
    }
    if (export.err != ERR_NONE) {
        sheet_destroy(export.sheet);
        return export.err;
    }
    *ret_sheet = export.sheet;
    return ERR_NONE;
}

// ---- Links

// Who has neither a link that works nor an account.
static bool needs_link(const struct house_contacts *contacts, const struct participant *person)
{
    return !person->audience && !house_can_come(house_contact(contacts, person->id));
}

static void link_fill(const struct house_contacts *contacts, const struct participant *person,
                      struct new_link *link, struct token_row *row)
{
    const struct contact_row *contact = house_contact(contacts, person->id);
    *link = (struct new_link){.capacity = person->capacity};
    memcpy(link->participant, person->id, sizeof(link->participant));
    memcpy(link->name, person->name, sizeof(link->name));
    memcpy(link->delegation, person->delegation, sizeof(link->delegation));
    memcpy(link->title, person->title, sizeof(link->title));
    text_copy_cut(link->address, sizeof(link->address), contact != NULL ? contact->address : "");
    house_link_fill(person, row, link->token);
}

static enum err make_links(struct app *app, struct house *house, const struct app_meeting *meeting,
                           int64_t days, const struct house_contacts *contacts,
                           struct new_links *ret_links)
{
    const struct meeting *state = &meeting->told.meeting;
    struct token_row *rows = calloc(state->participants_count + 1, sizeof(*rows));
    if (rows == NULL) {
        return ERR_FULL;
    }
    for (uint32_t i = 0; i < state->participants_count; i++) {
        if (needs_link(contacts, &state->participants[i])) {
            struct token_row *row = &rows[ret_links->links_count];
            row->created_at = house->wall;
            row->expires_at = house->wall + days * 24 * 3600 * 1000;
            text_copy_cut(row->meeting, sizeof(row->meeting), meeting->id);
            link_fill(contacts, &state->participants[i],
                      &ret_links->links[ret_links->links_count++], row);
        }
    }
    const struct house_act act = house_act_of(house, "links.made", meeting->id, "");
    enum err err = tokens_add(app->store, rows, ret_links->links_count);
    err = err == ERR_NONE ? house_note(app->store, &act) : err;
    free(rows);
    return err;
}

enum err app_links_make(struct app *app, struct house *house, const char *meeting, int64_t days,
                        struct new_links *ret_links)
{
    struct app_meeting *found = NULL;
    struct house_contacts contacts;
    ret_links->links_count = 0;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE ? house_contacts_read(app, house, meeting, &contacts) : err;
    if (err == ERR_NONE) {
        err = make_links(app, house, found, days, &contacts, ret_links);
        house_contacts_free(&contacts);
        house_recount(app, house, found);
    }
    return err;
}
