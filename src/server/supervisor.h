// `plenary serve`: opens the sockets, starts the media and the control process, starts again
// whichever dies, and on SIGHUP lets a new version take over (takeover.h).
#pragma once

#include "server/config.h"

// Runs until SIGTERM or SIGINT. Returns the exit code. With `with_demo`, the demonstration meeting
// is made when it is not there yet, and one link for each role is printed once the page answers.
// `arguments`, ended by NULL, is how the program was called: a new version is called so again.
int supervisor_run(struct config *config, bool with_demo, char **arguments);
// The same in the place of an older version, whose children and sockets go on
// (inheritance_is_there()).
int supervisor_resume(struct config *config, char **arguments);
