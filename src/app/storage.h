// Inside src/app only, as part of app_priv.h: what happens while nothing can be written
// (storage.c).
#pragma once

#include "app/app.h"
#include "app/outbox.h"

// The store has refused what was not committed: undoes it, and refuses it.
void storage_closed(struct app *app);
// Opens again when the store has; tells those who run the meeting what changed.
void storage_follow(struct app *app);
// Why this command cannot be taken now; REFUSAL_NONE when it can.
enum refusal_reason storage_permits(const struct app *app, enum command_type type);
