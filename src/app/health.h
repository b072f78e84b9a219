// Inside src/app only, as part of app_priv.h: what moderators and technicians see of connections
// (health.c).
#pragma once

#include "app/app.h"

struct app_meeting;
struct app_peer;

// media.blocked: what the page says of its network.
void health_blocked(struct app *app, app_live live, uint64_t request, bool blocked);
// media.devices: what the page's devices are called.
void health_devices(struct app *app, app_live live, uint64_t request,
                    const struct command_media_devices *devices);
void health_report(struct app *app, struct app_peer *peer, const struct link_message *message);
