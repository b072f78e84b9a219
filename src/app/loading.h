// Inside src/app only, as part of app_priv.h: meetings come into memory from their journals
// (loading.c). One that cannot be read is set aside: it is named in the log, nobody is let in, and
// the others go on.
#pragma once

#include "app/app.h"

// Every meeting of the store. An error when no start is possible: the database cannot be read, or
// there are too many.
enum err CHECKED loading_all(struct app *app);
// Why a meeting is not in memory: ERR_SET_ASIDE, or `otherwise` when there is none of that id.
enum err loading_missing(const struct app *app, const char *meeting, enum err otherwise);
