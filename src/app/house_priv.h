// Inside src/app only: what the files of the secretariat's work share.
#pragma once

#include "app/app_priv.h"
#include "app/house.h"
#include "app/secret.h"
#include "store/house.h"

// ERR_FORBIDDEN; sets the date.
enum err CHECKED house_admit(struct app *app, const struct house *house);
// The wish's fault, in words or by the name of a field.
enum err house_refuse(struct house *house, enum refusal_reason reason);
enum err house_refuse_field(struct house *house, enum err err, const char *field);
// The act, as it is written down.
struct house_act house_act_of(const struct house *house, const char *act, const char *meeting,
                              const char *subject);
// What is not given in one language is as in English, or as in the first that is given. False when
// it is given in none. `size`: of one text.
bool house_fill(char *texts, size_t size);

// A planned meeting, in memory. To be read alone, or to be changed too.
enum err CHECKED house_meeting(struct app *app, struct house *house, const char *id,
                               struct app_meeting **ret_meeting);
enum err CHECKED house_meeting_to_change(struct app *app, struct house *house, const char *id,
                                         struct app_meeting **ret_meeting);
// What was decided into app->events goes to the journal, which is waited for; then the act is
// written, and what the plan counts.
enum err CHECKED house_commit(struct app *app, struct house *house, struct app_meeting *meeting,
                              const char *act, const char *subject);
// What the plan says of its meeting: from its state, and from the store.
void house_count(struct app *app, const struct house *house, const struct app_meeting *meeting,
                 struct plan *plan);

// And writes it down, for lists of meetings that are not in memory. Whoever changes links or
// accounts of people says so; house_commit() does by itself.
void house_recount(struct app *app, const struct house *house, const struct app_meeting *meeting);

// What is known of the people of a meeting, by id.
struct house_contacts {
    struct contact_row *rows; // owned
    uint32_t count;
    bool cut; // memory ran out before the last
};
// ERR_FULL: no memory for all of them.
enum err CHECKED house_contacts_read(struct app *app, const struct house *house,
                                     const char *meeting, struct house_contacts *ret_contacts);
void house_contacts_free(struct house_contacts *contacts);
// NULL when nothing is known.
const struct contact_row *house_contact(const struct house_contacts *contacts,
                                        const char *participant);
// By an account or a link that is good. `contact`: may be NULL.
bool house_can_come(const struct contact_row *contact);

// ---- One person (house_people.c)

// One address and nothing else: no blanks, no second one. Or "".
bool house_is_address(const char *text);
// The wish's id, or a new one by its capacity.
void house_name_person(const struct person_wish *wish, char ret_id[CONTRACT_ID_MAX + 1]);
void house_participant_fill(const struct person_wish *wish, const char *id,
                            struct participant *participant);
// Whether this account may be this participant of the meeting ("": one who is new). ERR_INVALID
// with the field "account": there is none.
enum err CHECKED house_account_may_sit(struct app *app, struct house *house, const char *meeting,
                                       const char *participant, const char *account);
// A new link's token, and its row but for meeting and times.
void house_link_fill(const struct participant *of, struct token_row *row,
                     char ret_token[APP_TOKEN_MAX + 1]);
