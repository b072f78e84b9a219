// Inside src/app only, as part of app_priv.h: meetings come into memory from their journals, and
// leave it (loading.c). app_config.meetings_max are in memory at once: at the start those where
// something happened last, any other when somebody comes to it, in the place of one where nobody
// is. One that cannot be read is set aside: it is named in the log, nobody is let in, and the
// others go on.
#pragma once

#include "app/app.h"

struct app_meeting;
struct seat;

// As many as there is place for. An error when no start is possible: the database cannot be read.
enum err CHECKED loading_all(struct app *app);
// The meeting, which is read when it is not in memory: other meetings' pointers stay, but one that
// nobody uses may end. ERR_FORBIDDEN when there is none of that id, ERR_SET_ASIDE, ERR_FULL when
// all places are in use.
enum err CHECKED loading_find(struct app *app, const char *id, struct app_meeting **ret_meeting);
// Somebody is in, or about to be: it stays for a while. One that was only asked for gives way at
// once to whoever asks for another.
void loading_came(const struct app *app, struct app_meeting *meeting);
// The seat of `participant`, without its date; a meeting that is not in memory stays where it is.
// ERR_FORBIDDEN: removed from it, or there is none of that id; ERR_SET_ASIDE.
enum err CHECKED loading_look(struct app *app, const char *meeting, const char *participant,
                              struct seat *ret_seat);
// Why a meeting is not in memory: ERR_SET_ASIDE, or `otherwise` when there is none of that id.
enum err loading_missing(const struct app *app, const char *meeting, enum err otherwise);
