// Inside src/app only: what a list of seats says of meetings that are not in memory. To look at one
// takes no place and keeps nobody out: what a list needs of it is kept in the store
// (store/glances.h) when it leaves memory, or when it was read from its journal because nothing was
// kept or the journal has gone on. Control thread only.
#pragma once

#include "app/app_priv.h"

// The seat of `participant` in a meeting that is not in memory, without its date. ERR_FORBIDDEN:
// there is no such meeting, or they were removed from it; ERR_SET_ASIDE: it cannot be read.
enum err CHECKED glance_find(const struct app *app, const char *meeting, const char *participant,
                             struct seat *ret_seat);
// The meeting leaves memory: nobody has to read it to list it.
void glance_keep(const struct app *app, const struct meeting_state *state);
