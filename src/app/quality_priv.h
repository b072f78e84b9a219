// Inside src/app only: what is measured of those who are heard.
#pragma once

#include "app/app_priv.h"

// Summed up by the minute for the report.
void quality_report(struct app *app, struct app_peer *peer, const struct link_message *message);
void quality_sound_report(struct app *app, app_live live, uint64_t request,
                          const struct command_desk_sound_report *command);
