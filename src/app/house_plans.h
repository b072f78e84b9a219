// Inside src/app only: a meeting in two steps, so that what it begins with is in its journal before
// the house has it.
#pragma once

#include "app/house_priv.h"

// Its journal, with nothing in it but the meeting.
enum err CHECKED house_plan_make(struct app *app, struct house *house, const struct plan_wish *wish,
                                 struct plan *ret_plan);
// From now on it is one of the house's.
enum err CHECKED house_plan_keep(struct app *app, const struct house *house, struct plan *plan);
