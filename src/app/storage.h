// Inside src/app only, as part of app_priv.h: what happens while nothing can be written
// (storage.c).
#pragma once

#include "app/app.h"
#include "app/outbox.h"

// Answers (NULL: nobody) what cannot be written.
void storage_refuse(struct app *app, const struct outbox_answer *answer);
// What is decided in the meeting goes back to what has been told.
void storage_undo(struct app_meeting *meeting);
// The store has refused what was not committed: undoes it, and refuses it.
void storage_closed(struct app *app);
// Opens again when the store has; tells those who run the meeting what changed.
void storage_follow(struct app *app);
// To one who has come while the store is not well.
void storage_tell(struct app *app, app_live live);
// Why this command cannot be taken now; REFUSAL_NONE when it can.
enum refusal_reason storage_permits(const struct app *app, enum command_type type);
