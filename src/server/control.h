// `plenary control`: the control process. One thread with one loop: HTTP and live connections, the
// link to media, the store's acknowledgements, timers. Started by the supervisor.
#pragma once

#include "server/config.h"

// Returns the exit code; runs until SIGTERM.
int control_run(const struct config *config);
