// Inside src/app only: the answer to a command, for the connection that gave it; nothing
// happens when that has gone. Control thread only.
#pragma once

#include "app/app.h"
#include "app/outbox.h"

// Carried out.
void app_answer(struct app *app, app_live live, uint64_t request);
// By a reason, whose problem it is.
void app_refuse(struct app *app, app_live live, uint64_t request, enum refusal_reason reason);
// As decided.
void app_answer_as(struct app *app, const struct outbox_answer *answer);
// What cannot be written is refused, if it was not refused anyhow. NULL: nobody waits.
void app_refuse_unwritten(struct app *app, const struct outbox_answer *answer);
// To media.join: the answer, or what is wrong with the offer.
void app_answer_join(struct app *app, app_live live, uint64_t request, const char *sdp);
void app_refuse_join(struct app *app, app_live live, uint64_t request, enum err err,
                     const char *detail);
