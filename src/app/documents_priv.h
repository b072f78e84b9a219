// Inside src/app only: what documents have to do with commands and with the start.
#pragma once

#include "app/app_priv.h"

// document.add and document.remove. What is removed is destroyed before anybody is told of it, the
// journal included: the command waits for that.
void document_command(struct app *app, app_live live, uint64_t request,
                      const struct command *command);
// At the start: contents that no document names are destroyed, and documents whose contents were
// destroyed by an earlier process are removed.
enum err CHECKED documents_tidy(struct app *app);
void documents_finish_holds(struct app *app);
