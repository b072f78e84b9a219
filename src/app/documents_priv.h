// Inside src/app only: what documents have to do with commands, with events and with the start.
#pragma once

#include "app/app_priv.h"

void document_add_command(struct app *app, app_live live, uint64_t request,
                          const struct command_document_add *command);
// The contents of what was removed are destroyed.
void documents_follow_events(struct app *app, const struct app_meeting *meeting,
                             const struct event *events, uint32_t count);
// At the start: contents that no document names are destroyed.
enum err CHECKED documents_tidy(struct app *app);
