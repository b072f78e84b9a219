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
// Those that they can sit in now, by meeting, at most `max`. A bare link has its own.
enum err CHECKED app_seats(struct app *app, const struct app_identity *identity, time_ms wall,
                           struct seat *ret_seats, uint32_t max, uint32_t *ret_count);
// Another personal link becomes a seat of the session. ERR_CONFLICT when somebody else sits in that
// meeting by this session, or it has as many seats as may be; otherwise as app_link_begin().
enum err CHECKED app_seat_add(struct app *app, const struct app_identity *identity,
                              const char *token, const char *remote, time_ms wall,
                              struct seat *ret_seat);
