// Seats, as part of app/app.h: the meetings that a session's person may sit in, and as whom. An
// account has its places in each of its sessions; a session by a link has the seats of the links
// that it was given, each with that link's date. Control thread only.
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/types.h"

struct app;
struct app_identity;

// Who somebody with a session, found earlier, is in another meeting: as app_identify_in(), but
// ERR_FORBIDDEN when they have no seat there, and for a bare link.
enum err CHECKED app_seat_take(struct app *app, const struct app_identity *identity,
                               const char *meeting, time_ms wall,
                               struct app_identity *ret_identity);
// Those that they can sit in now, by meeting, of the first SEATS_SEATS_MAX that come after `after`
// (empty: of all). `next` in the answer is empty when there are no more, else the next `after`:
// also when none of these can be sat in. A bare link has its own.
enum err CHECKED app_seats(struct app *app, const struct app_identity *identity, const char *after,
                           time_ms wall, struct seats *ret_seats);
// Another personal link becomes a seat of the session. ERR_CONFLICT when somebody else sits in that
// meeting by this session, or it has SEATS_SEATS_MAX seats or more; otherwise as app_link_begin().
enum err CHECKED app_seat_add(struct app *app, const struct app_identity *identity,
                              const char *token, const char *remote, time_ms wall,
                              struct seat *ret_seat);
