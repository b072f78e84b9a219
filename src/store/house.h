// What the secretariat keeps outside the meetings themselves: bodies, plans of meetings, addresses
// of people, and what was done by whom. Rows as they are stored; the rules are app's. Every change
// is written with the act that it is, in one transaction. Synchronous, on the store's own thread.
//
// ERR_NOT_FOUND: no such row. ERR_CONFLICT: the id is taken. Visitors return false to stop.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"
#include "store/store.h"

// Who did what to whom or what, and when. Borrowed for the length of the call.
struct house_act {
    time_ms at;
    const char *by;      // an account
    const char *act;     // e.g. "person.added"
    const char *meeting; // or empty
    const char *subject; // an id
};

// One without a row of this file that changes: what it changed stands in a meeting's journal.
enum err CHECKED house_note(struct store *store, const struct house_act *act);
// How many there are, and the newest of them first, for whoever looks after the house.
typedef bool house_act_visitor(void *context, const struct house_act *act);
enum err CHECKED house_acts(struct store *store, house_act_visitor *visit, void *context);

// ---- Bodies

typedef bool body_visitor(void *context, const struct body *body);

enum err CHECKED body_add(struct store *store, const struct body *body,
                          const struct house_act *act);
enum err CHECKED body_update(struct store *store, const struct body *body,
                             const struct house_act *act);
enum err CHECKED body_delete(struct store *store, const char *id, const struct house_act *act);
// With the number of its meetings.
enum err CHECKED body_get(struct store *store, const char *id, struct body *ret_body);
// By code, with the numbers of their meetings.
enum err CHECKED body_list(struct store *store, body_visitor *visit, void *context);

// ---- Plans

typedef bool plan_visitor(void *context, const struct plan *plan);

enum err CHECKED plan_add(struct store *store, const struct plan *plan,
                          const struct house_act *act);
enum err CHECKED plan_update(struct store *store, const struct plan *plan,
                             const struct house_act *act);
// What was counted in it: no act.
enum err CHECKED plan_count(struct store *store, const struct plan *plan);
enum err CHECKED plan_get(struct store *store, const char *id, struct plan *ret_plan);
// The last days first, then those without days; after the plan `after` (empty: all), of which
// there is nothing after it once it is gone.
enum err CHECKED plan_list(struct store *store, const char *after, plan_visitor *visit,
                           void *context);

// ---- Addresses and links of those who take part

#define HOUSE_ADDRESS_MAX 254 // RFC 5321, section 4.5.3.1.3, without the brackets

// An empty address takes it away.
enum err CHECKED address_set(struct store *store, const char *meeting, const char *participant,
                             const char *address);
// What is known of one participant beside the meeting's state.
struct contact_row {
    char participant[CONTRACT_ID_MAX + 1];
    char address[HOUSE_ADDRESS_MAX + 1];
    char account[64];
    enum link_state link; // the newest's
    time_ms link_expires_at;
};
typedef bool contact_visitor(void *context, const struct contact_row *contact);
// Those of a meeting of whom anything is known, by participant.
enum err CHECKED contact_list(struct store *store, const char *meeting, time_ms now,
                              contact_visitor *visit, void *context);
// Nothing known is a success.
enum err CHECKED contact_get(struct store *store, const char *meeting, const char *participant,
                             time_ms now, struct contact_row *ret_contact);
// Addresses and accounts of many who have neither yet, all or none.
enum err CHECKED contacts_add(struct store *store, const char *meeting,
                              const struct contact_row *rows, uint32_t count);
