// `plenary serve`: opens the sockets, starts the media and the control process, starts again
// whichever dies.
#pragma once

#include "server/config.h"

// Runs until SIGTERM or SIGINT. Returns the exit code. With `with_demo`, the demonstration meeting
// is made when it is not there yet, and one link for each role is printed once the page answers.
int supervisor_run(struct config *config, bool with_demo);
