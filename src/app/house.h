// The secretariat's work, as part of the app: bodies, meetings as they are planned, and who and
// what a meeting begins with. What a meeting is stands in its journal from the first moment, as all
// that is changed in it; beside it stand the plan, addresses, and who of the secretariat did what
// (store/house.h). Control thread only.
//
// Every call: ERR_FORBIDDEN unless whoever asks is of the secretariat; ERR_NOT_FOUND for what is
// not there, also for meetings that nobody planned; ERR_STORAGE when nothing can be written. What
// is answered is on the disk.
#pragma once

#include "base/err.h"
#include "base/time.h"
#include "contract/refusal.h"
#include "contract/types.h"

struct app;
struct app_identity;

// Who asks, when, and why it was refused.
struct house {
    const struct app_identity *who; // borrowed
    time_ms wall;
    struct refusal refusal; // why, in words, when it was not the err alone
    const char *field;      // of the wish, when it is its fault; static; NULL: none
};

// ---- Bodies

// Each after the one that it belongs to.
enum err CHECKED app_bodies(struct app *app, struct house *house, struct bodies *ret_bodies);
// ERR_NOT_FOUND with the field "parent" when there is none of that id.
enum err CHECKED app_body_add(struct app *app, struct house *house, const struct body_wish *wish,
                              struct body *ret_body);
// ERR_CONFLICT when it would belong to itself.
enum err CHECKED app_body_change(struct app *app, struct house *house, const char *id,
                                 const struct body_wish *wish, struct body *ret_body);
// ERR_CONFLICT while it has meetings, or bodies below it.
enum err CHECKED app_body_remove(struct app *app, struct house *house, const char *id);

// ---- Plans

// Of those after `after` (empty: of all) the ones whose title, place or body's code has words that
// begin so; the latest first.
enum err CHECKED app_plans(struct app *app, struct house *house, const char *query,
                           const char *after, struct plans *ret_plans);
enum err CHECKED app_plan(struct app *app, struct house *house, const char *id,
                          struct plan *ret_plan);
enum err CHECKED app_plan_add(struct app *app, struct house *house, const struct plan_wish *wish,
                              struct plan *ret_plan);
// Microphones and rehearsal are for good: another wish is ERR_CONFLICT. Where the life goes is
// limited: what is archived stays so.
enum err CHECKED app_plan_change(struct app *app, struct house *house, const char *id,
                                 const struct plan_wish *wish, struct plan *ret_plan);
enum err CHECKED app_plan_copy(struct app *app, struct house *house, const char *id,
                               const struct plan_copy *wish, struct plan *ret_plan);

// ---- What a meeting begins with; all of it may change later, also while a sitting is open

enum err CHECKED app_delegations(struct app *app, struct house *house, const char *meeting,
                                 struct plan_delegations *ret_delegations);
enum err CHECKED app_delegation_add(struct app *app, struct house *house, const char *meeting,
                                    const struct delegation *wish);
enum err CHECKED app_delegation_change(struct app *app, struct house *house, const char *meeting,
                                       const struct delegation *wish);
enum err CHECKED app_delegation_remove(struct app *app, struct house *house, const char *meeting,
                                       const char *id);

enum err CHECKED app_agenda(struct app *app, struct house *house, const char *meeting,
                            struct plan_agenda *ret_agenda);
enum err CHECKED app_item_add(struct app *app, struct house *house, const char *meeting,
                              const struct item_wish *wish, struct agenda_item *ret_item);
enum err CHECKED app_item_change(struct app *app, struct house *house, const char *meeting,
                                 const char *id, const struct item_wish *wish,
                                 struct agenda_item *ret_item);
enum err CHECKED app_item_move(struct app *app, struct house *house, const char *meeting,
                               const char *id, const char *before);
enum err CHECKED app_item_remove(struct app *app, struct house *house, const char *meeting,
                                 const char *id);

// Those after `after` (empty: all) of whom name, function, address, account or the delegation's
// code or name has words that begin so.
enum err CHECKED app_people(struct app *app, struct house *house, const char *meeting,
                            const char *query, const char *after, struct people *ret_people);
// With the token of a link, unless they have an account.
enum err CHECKED app_person_add(struct app *app, struct house *house, const char *meeting,
                                const struct person_wish *wish, struct person *ret_person);
// Another capacity is ERR_CONFLICT.
enum err CHECKED app_person_change(struct app *app, struct house *house, const char *meeting,
                                   const char *id, const struct person_wish *wish,
                                   struct person *ret_person);
// Their links and sessions end.
enum err CHECKED app_person_remove(struct app *app, struct house *house, const char *meeting,
                                   const char *id);
#define APP_LINK_DAYS 60 // when nobody says how long
// Links of before end, and the sessions that they made.
enum err CHECKED app_person_link(struct app *app, struct house *house, const char *meeting,
                                 const char *id, int64_t days, struct person *ret_person);
enum err CHECKED app_person_unlink(struct app *app, struct house *house, const char *meeting,
                                   const char *id);

// Letters by mail. ERR_UNAVAILABLE: there is no mail server. ERR_NOT_FOUND with the field
// "participant", ERR_CONFLICT: their address is not known.
enum err CHECKED app_letters_send(struct app *app, struct house *house, const char *meeting,
                                  const struct letter_wish *wish, struct letters *ret_letters);
