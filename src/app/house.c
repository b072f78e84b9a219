// What all of the secretariat's work has in common: who may, which meeting, and how a change comes
// to the disk.
#include "app/house.h"

#include <stdlib.h>
#include <string.h>

#include "app/house_priv.h"
#include "app/loading.h"
#include "app/people_priv.h"
#include "base/log.h"
#include "base/text.h"

enum err house_admit(struct app *app, const struct house *house)
{
    app_date(app, house->wall);
    if (!house->who->secretariat || house->who->account[0] == '\0') {
        return ERR_FORBIDDEN;
    }
    return app->stopping ? ERR_UNAVAILABLE : ERR_NONE;
}

enum err house_refuse(struct house *house, enum refusal_reason reason)
{
    house->refusal = (struct refusal){.reason = reason};
    return refusal_reason_err(reason);
}

enum err house_refuse_field(struct house *house, enum err err, const char *field)
{
    house->field = field;
    return err;
}

struct house_act house_act_of(const struct house *house, const char *act, const char *meeting,
                              const char *subject)
{
    return (struct house_act){.at = house->wall,
                              .by = house->who->account,
                              .act = act,
                              .meeting = meeting,
                              .subject = subject};
}

bool house_fill(char *texts, size_t size)
{
    const char *given = texts + (LANGUAGE_EN - LANGUAGE_AR) * size;
    for (size_t i = 0; i < CONTRACT_LANGUAGES && given[0] == '\0'; i++) {
        given = texts + i * size;
    }
    for (size_t i = 0; i < CONTRACT_LANGUAGES && given[0] != '\0'; i++) {
        char *text = texts + i * size;
        if (text[0] == '\0') {
            memcpy(text, given, size);
        }
    }
    return given[0] != '\0';
}

// ---- A meeting

enum err house_meeting(struct app *app, struct house *house, const char *id,
                       struct app_meeting **ret_meeting)
{
    struct plan plan;
    enum err err = house_admit(app, house);
    err = err == ERR_NONE ? plan_get(app->store, id, &plan) : err;
    err = err == ERR_NONE ? loading_find(app, id, ret_meeting) : err;
    return err;
}

enum err house_meeting_to_change(struct app *app, struct house *house, const char *id,
                                 struct app_meeting **ret_meeting)
{
    enum err err = house_meeting(app, house, id, ret_meeting);
    if (err == ERR_NONE && app->outbox.closed) {
        return ERR_STORAGE;
    }
    return err == ERR_NONE && !outbox_has_room(&app->outbox) ? ERR_UNAVAILABLE : err;
}

void house_recount(struct app *app, const struct house *house, const struct app_meeting *meeting)
{
    struct plan plan;
    enum err err = plan_get(app->store, meeting->id, &plan);
    if (err == ERR_NONE) {
        house_count(app, house, meeting, &plan);
        err = plan_count(app->store, &plan);
    }
    if (err != ERR_NONE) { // the next change counts again
        log_event(LOG_WARNING, "house.not_counted", LOG_TEXT("meeting", meeting->id),
                  LOG_TEXT("error", err_slug(err)));
    }
}

enum err house_commit(struct app *app, struct house *house, struct app_meeting *meeting,
                      const char *act, const char *subject)
{
    uint64_t seq = meeting->decided.seq;
    app_record(app, meeting, NULL);
    link_wait(app);
    if (meeting->told.seq < seq) {
        return ERR_STORAGE;
    }
    const struct house_act line = house_act_of(house, act, meeting->id, subject);
    enum err err = house_note(app->store, &line);
    if (err != ERR_NONE) { // what was wished is done
        log_event(LOG_WARNING, "house.not_noted", LOG_TEXT("act", act),
                  LOG_TEXT("error", err_slug(err)));
    }
    house_recount(app, house, meeting);
    return ERR_NONE;
}

// ---- What is known of its people

static bool note_contact(void *context, const struct contact_row *row)
{
    struct house_contacts *contacts = context;
    // Grows by doubling, from a power of two on.
    if ((contacts->count & (contacts->count - 1)) == 0) {
        size_t size = (contacts->count == 0 ? 1 : 2 * (size_t)contacts->count) *
                      sizeof(contacts->rows[0]);
        struct contact_row *longer = realloc(contacts->rows, size);
        if (longer == NULL) {
            contacts->cut = true;
            return false;
        }
        contacts->rows = longer;
    }
    contacts->rows[contacts->count++] = *row;
    return true;
}

enum err house_contacts_read(struct app *app, const struct house *house, const char *meeting,
                             struct house_contacts *ret_contacts)
{
    *ret_contacts = (struct house_contacts){0};
    enum err err = contact_list(app->store, meeting, house->wall, note_contact, ret_contacts);
    err = err == ERR_NONE && ret_contacts->cut ? ERR_FULL : err;
    if (err != ERR_NONE) {
        house_contacts_free(ret_contacts);
    }
    return err;
}

void house_contacts_free(struct house_contacts *contacts)
{
    free(contacts->rows);
    *contacts = (struct house_contacts){0};
}

static int compare_contact(const void *id, const void *row)
{
    return strcmp(id, ((const struct contact_row *)row)->participant);
}

const struct contact_row *house_contact(const struct house_contacts *contacts,
                                        const char *participant)
{
    return contacts->count == 0 ? NULL
                                : bsearch(participant, contacts->rows, contacts->count,
                                          sizeof(contacts->rows[0]), compare_contact);
}

bool house_can_come(const struct contact_row *contact)
{
    return contact != NULL && (contact->account[0] != '\0' || contact->link == LINK_STATE_GOOD);
}

void house_count(struct app *app, const struct house *house, const struct app_meeting *meeting,
                 struct plan *plan)
{
    const struct meeting *state = &meeting->told.meeting;
    struct house_contacts contacts;
    plan->sitting = state->sitting;
    plan->delegations = state->delegations_count;
    plan->items = state->agenda_count;
    plan->people = 0;
    plan->unlinked = 0;
    enum err err = house_contacts_read(app, house, meeting->id, &contacts);
    for (uint32_t i = 0; i < state->participants_count; i++) {
        const struct participant *person = &state->participants[i];
        if (!person->audience) {
            plan->people++;
            plan->unlinked += err == ERR_NONE &&
                              !house_can_come(house_contact(&contacts, person->id));
        }
    }
    if (err == ERR_NONE) {
        house_contacts_free(&contacts);
    }
}
