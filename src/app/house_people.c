// Who takes part in a planned meeting: as the meeting's state has them, with what the house knows
// besides: address, account, link.
#include <string.h>

#include "app/house_priv.h"
#include "app/people_priv.h"
#include "app/secret.h"
#include "base/text.h"
#include "mail/address.h"
#include "meeting/setup.h"
#include "words/search.h"

// ---- Reading

static void person_fill(const struct participant *from, const struct contact_row *contact,
                        struct person *person)
{
    *person = (struct person){.capacity = from->capacity,
                              .language = from->language,
                              .presence = from->presence,
                              .link = LINK_STATE_NONE};
    memcpy(person->id, from->id, sizeof(person->id));
    memcpy(person->name, from->name, sizeof(person->name));
    memcpy(person->delegation, from->delegation, sizeof(person->delegation));
    memcpy(person->title, from->title, sizeof(person->title));
    memcpy(person->office, from->office, sizeof(person->office));
    if (contact != NULL) {
        text_copy_cut(person->address, sizeof(person->address), contact->address);
        text_copy_cut(person->account, sizeof(person->account), contact->account);
        person->link = contact->link;
        person->link_expires_at = contact->link_expires_at;
    }
}

#define PERSON_WORDS                                                                  \
    (PERSON_NAME_SIZE + PERSON_TITLE_SIZE + PERSON_ADDRESS_MAX + PERSON_ACCOUNT_MAX + \
     DELEGATION_CODE_SIZE + CONTRACT_LANGUAGES * DELEGATION_NAME_SIZE + 16)

static bool person_fits(const struct app_meeting *meeting, const struct person *person,
                        const char *query)
{
    char text[PERSON_WORDS];
    struct text_builder words = text_builder(text, sizeof(text));
    const struct delegation *delegation = meeting_find_delegation(&meeting->told,
                                                                  person->delegation);
    if (query[0] == '\0') {
        return true;
    }
    text_append_format(&words, "%s %s %s %s ", person->name, person->title, person->address,
                       person->account);
    for (int i = 0; i < CONTRACT_LANGUAGES && delegation != NULL; i++) {
        text_append_format(&words, "%s ", delegation->name[i]);
    }
    text_append(&words, delegation != NULL ? delegation->code : "");
    char *folded = words_fold(text);
    bool fits = folded != NULL && words_begin(folded, query);
    words_fold_free(folded);
    return fits;
}

// All that fit are counted; those of the page are shown.
static void fill_page(const struct app_meeting *meeting, const struct house_contacts *contacts,
                      const char *query, const char *after, struct people *page)
{
    const struct meeting *state = &meeting->told.meeting;
    bool begun = after[0] == '\0';
    struct person person;
    for (uint32_t i = 0; i < state->participants_count; i++) {
        const struct participant *from = &state->participants[i];
        if (!from->audience) {
            person_fill(from, house_contact(contacts, from->id), &person);
            if (person_fits(meeting, &person, query)) {
                page->total++;
                if (begun && page->people_count < PEOPLE_PEOPLE_MAX) {
                    page->people[page->people_count++] = person;
                } else if (begun && page->next[0] == '\0') {
                    memcpy(page->next, page->people[PEOPLE_PEOPLE_MAX - 1].id, sizeof(page->next));
                }
            }
        }
        begun = begun || text_equal(from->id, after);
    }
}

enum err app_people(struct app *app, struct house *house, const char *meeting, const char *query,
                    const char *after, struct people *ret_people)
{
    struct app_meeting *found = NULL;
    struct house_contacts contacts;
    *ret_people = (struct people){.people_count = 0};
    enum err err = house_meeting(app, house, meeting, &found);
    err = err == ERR_NONE ? house_contacts_read(app, house, meeting, &contacts) : err;
    if (err != ERR_NONE) {
        return err;
    }
    char *folded = words_fold(query);
    if (folded != NULL) {
        fill_page(found, &contacts, folded, after, ret_people);
    }
    err = folded == NULL ? house_refuse_field(house, ERR_INVALID, "q") : ERR_NONE;
    words_fold_free(folded);
    house_contacts_free(&contacts);
    return err;
}

static enum err person_read(struct app *app, const struct house *house,
                            const struct app_meeting *meeting, const char *id,
                            struct person *ret_person)
{
    struct contact_row contact;
    const struct participant *found = meeting_find_participant(&meeting->told, id);
    enum err err = found == NULL || found->audience
                       ? ERR_NOT_FOUND
                       : contact_get(app->store, meeting->id, id, house->wall, &contact);
    if (err == ERR_NONE) {
        person_fill(found, &contact, ret_person);
    }
    return err;
}

// ---- What is not the meeting's

// One account is one person of a meeting, and the other way round.
enum err house_account_may_sit(struct app *app, struct house *house, const char *meeting,
                               const char *participant, const char *account)
{
    struct account_row row;
    char sits[CONTRACT_ID_MAX + 1];
    if (account[0] == '\0') {
        return ERR_NONE;
    }
    enum err err = account_get(app->store, account, &row);
    if (err == ERR_NOT_FOUND) {
        return house_refuse_field(house, ERR_INVALID, "account");
    }
    err = err == ERR_NONE ? account_get_participant(app->store, account, meeting, sits) : err;
    if (err == ERR_NOT_FOUND || (err == ERR_NONE && text_equal(sits, participant))) {
        return ERR_NONE;
    }
    return err == ERR_NONE ? house_refuse(house, REFUSAL_ACCOUNT_SITS) : err;
}

static enum err keep_contact(struct app *app, const struct house *house, const char *meeting,
                             const char *participant, const struct person_wish *wish)
{
    struct contact_row before;
    enum err err = contact_get(app->store, meeting, participant, house->wall, &before);
    err = err == ERR_NONE ? address_set(app->store, meeting, participant, wish->address) : err;
    bool other = err == ERR_NONE && !text_equal(before.account, wish->account);
    if (other && before.account[0] != '\0') {
        err = account_set_participant(app->store, before.account, meeting, "");
    }
    if (other && err == ERR_NONE && wish->account[0] != '\0') {
        err = account_set_participant(app->store, wish->account, meeting, participant);
    }
    return err;
}

void house_link_fill(const struct participant *of, struct token_row *row,
                     char ret_token[APP_TOKEN_MAX + 1])
{
    secret_make_token(ret_token, row->hash);
    row->capacity = of->capacity;
    row->language = of->language;
    row->uses_left = TOKEN_USES_UNLIMITED;
    memcpy(row->participant, of->id, sizeof(row->participant));
    memcpy(row->name, of->name, sizeof(row->name));
    memcpy(row->delegation, of->delegation, sizeof(row->delegation));
}

static enum err make_link(struct app *app, const struct house *house, const char *meeting,
                          const struct participant *of, int64_t days, struct person *person)
{
    struct token_row row = {.created_at = house->wall,
                            .expires_at = house->wall + days * 24 * 3600 * 1000};
    text_copy_cut(row.meeting, sizeof(row.meeting), meeting);
    house_link_fill(of, &row, person->token);
    person->link = LINK_STATE_GOOD;
    person->link_expires_at = row.expires_at;
    return token_add(app->store, &row);
}

// ---- Changing

// What the queue of mails takes: one that it refused would keep all who are written to with it
// without their letters.
bool house_is_address(const char *text)
{
    return text[0] == '\0' || mail_address_check(text, NULL) == ERR_NONE;
}

void house_participant_fill(const struct person_wish *wish, const char *id,
                            struct participant *participant)
{
    *participant = (struct participant){.capacity = wish->capacity, .language = wish->language};
    text_copy_cut(participant->id, sizeof(participant->id), id);
    memcpy(participant->name, wish->name, sizeof(participant->name));
    memcpy(participant->delegation, wish->delegation, sizeof(participant->delegation));
    memcpy(participant->title, wish->title, sizeof(participant->title));
    memcpy(participant->office, wish->office, sizeof(participant->office));
}

void house_name_person(const struct person_wish *wish, char ret_id[CONTRACT_ID_MAX + 1])
{
    char prefix[CONTRACT_ID_MAX + 1];
    if (wish->id[0] != '\0') {
        memcpy(ret_id, wish->id, sizeof(wish->id));
        return;
    }
    struct text_builder begin = text_builder(prefix, sizeof(prefix));
    text_append_format(&begin, "%s-", capacity_text(wish->capacity));
    secret_make_id(prefix, ret_id);
}

// The meeting's part first: what it refuses leaves no address and no place behind.
static enum err put_person(struct app *app, struct house *house, struct app_meeting *meeting,
                           const char *id, const struct person_wish *wish,
                           enum err (*decide)(struct meeting_state *, const struct participant *,
                                              time_ms, struct event_list *, struct refusal *),
                           const char *act)
{
    struct participant participant;
    house_participant_fill(wish, id, &participant);
    if (!house_is_address(wish->address)) {
        return house_refuse_field(house, ERR_INVALID, "address");
    }
    enum err err = house_account_may_sit(app, house, meeting->id, id, wish->account);
    err = err == ERR_NONE ? decide(&meeting->decided, &participant, app_meeting_time(app, meeting),
                                   &app->events, &house->refusal)
                          : err;
    err = err == ERR_NONE ? house_commit(app, house, meeting, act, id) : err;
    return err == ERR_NONE ? keep_contact(app, house, meeting->id, id, wish) : err;
}

enum err app_person_add(struct app *app, struct house *house, const char *meeting,
                        const struct person_wish *wish, struct person *ret_person)
{
    struct app_meeting *found = NULL;
    char id[CONTRACT_ID_MAX + 1];
    house_name_person(wish, id);
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE
              ? put_person(app, house, found, id, wish, meeting_add_participant, "person.added")
              : err;
    err = err == ERR_NONE ? person_read(app, house, found, id, ret_person) : err;
    if (err == ERR_NONE && wish->account[0] == '\0') {
        err = make_link(app, house, meeting, meeting_find_participant(&found->told, id),
                        APP_LINK_DAYS, ret_person);
    }
    if (err == ERR_NONE) {
        house_recount(app, house, found);
    }
    return err;
}

enum err app_person_change(struct app *app, struct house *house, const char *meeting,
                           const char *id, const struct person_wish *wish,
                           struct person *ret_person)
{
    struct app_meeting *found = NULL;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE ? person_read(app, house, found, id, ret_person) : err;
    if (err == ERR_NONE &&
        !text_equal(capacity_text(wish->capacity), capacity_text(ret_person->capacity))) {
        return house_refuse(house, REFUSAL_CAPACITY_STAYS);
    }
    err = err == ERR_NONE ? put_person(app, house, found, id, wish, meeting_change_participant,
                                       "person.changed")
                          : err;
    err = err == ERR_NONE ? person_read(app, house, found, id, ret_person) : err;
    if (err == ERR_NONE) {
        house_recount(app, house, found); // by the account
    }
    return err;
}

static enum err forget_contact(struct app *app, const struct house *house, const char *meeting,
                               const char *id)
{
    const struct person_wish nothing = {.name = ""};
    return keep_contact(app, house, meeting, id, &nothing);
}

enum err app_person_remove(struct app *app, struct house *house, const char *meeting,
                           const char *id)
{
    struct app_meeting *found = NULL;
    struct person person;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE ? person_read(app, house, found, id, &person) : err;
    err = err == ERR_NONE
              ? meeting_remove_participant(&found->decided, id, app_meeting_time(app, found),
                                           &app->events, &house->refusal)
              : err;
    err = err == ERR_NONE ? house_commit(app, house, found, "person.removed", id) : err;
    return err == ERR_NONE ? forget_contact(app, house, meeting, id) : err;
}

// ---- Links

enum err app_person_link(struct app *app, struct house *house, const char *meeting, const char *id,
                         int64_t days, struct person *ret_person)
{
    struct app_meeting *found = NULL;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE ? person_read(app, house, found, id, ret_person) : err;
    err = err == ERR_NONE ? seat_end_links(app, meeting, id) : err;
    err = err == ERR_NONE ? make_link(app, house, meeting,
                                      meeting_find_participant(&found->told, id), days, ret_person)
                          : err;
    const struct house_act act = house_act_of(house, "link.made", meeting, id);
    err = err == ERR_NONE ? house_note(app->store, &act) : err;
    if (err == ERR_NONE) {
        house_recount(app, house, found);
    }
    return err;
}

enum err app_person_unlink(struct app *app, struct house *house, const char *meeting,
                           const char *id)
{
    struct app_meeting *found = NULL;
    struct person person;
    enum err err = house_meeting_to_change(app, house, meeting, &found);
    err = err == ERR_NONE ? person_read(app, house, found, id, &person) : err;
    err = err == ERR_NONE ? seat_end_links(app, meeting, id) : err;
    const struct house_act act = house_act_of(house, "link.revoked", meeting, id);
    err = err == ERR_NONE ? house_note(app->store, &act) : err;
    if (err == ERR_NONE) {
        house_recount(app, house, found);
    }
    return err;
}
