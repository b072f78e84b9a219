// Inside src/app only: what documents have to do with commands and with the start.
#pragma once

#include "app/app_priv.h"

// document.add and document.remove. What is removed is destroyed before anybody is told of it, the
// journal included: the command waits for that.
void document_command(struct app *app, app_live live, uint64_t request,
                      const struct command *command);
// Contents were destroyed: the commands that waited for it are carried out.
void documents_settle(struct app *app);
void documents_on_deadline(struct app *app);
time_us documents_next_deadline(const struct app *app);
// Documents whose contents were destroyed and that is not told yet: a process ended, or the journal
// was closed, in between.
enum err CHECKED documents_remove_lost(struct app *app, struct app_meeting *meeting);
// At the start: contents that no document names are destroyed, and documents_remove_lost().
enum err CHECKED documents_tidy(struct app *app);
// Whether a document of the meeting waits for its contents to be destroyed.
bool documents_hold(const struct app *app, const struct app_meeting *meeting);
void documents_finish_holds(struct app *app);
