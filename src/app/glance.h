// Inside src/app only: what a list of seats says of meetings that are not in memory. To look at one
// takes no place and keeps nobody out: it is read from its journal and let go, and what a list
// needs of it is kept for the next who asks, as long as its journal goes no further. Control thread
// only.
#pragma once

#include "app/app_priv.h"

// What everybody's seat in it says: meeting, titles, sitting; participant, capacity and date stay
// as they are.
void glance_describe(const struct meeting *meeting, struct seat *seat);
// The seat of `participant` in a meeting that is not in memory, without its date. ERR_FORBIDDEN:
// there is no such meeting, or they were removed from it; ERR_SET_ASIDE: it cannot be read.
enum err CHECKED glance_find(struct app *app, const char *meeting, const char *participant,
                             struct seat *ret_seat);
// The meeting leaves memory: nobody has to read it to list it.
void glance_keep(struct app *app, const struct meeting_state *state);
void glances_finish(struct app *app);
