#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/text.h"
#include "server/command.h"
#include "server/control.h"
#include "server/dry_start.h"
#include "server/inheritance.h"
#include "server/media_face.h"
#include "server/options.h"
#include "server/supervisor.h"

// Processes that are started by a supervisor read the configuration that the supervisor put into
// the environment.
static bool read_inherited(struct config *config)
{
    char problem[512] = "";
    config_default(config);
    if (config_read_environment(config, problem, sizeof(problem)) != ERR_NONE) {
        fprintf(stderr, "plenary: %s\n", problem);
        return false;
    }
    return true;
}

// The command's own arguments are the program's without their first.
static char **whole(char **argv)
{
    return argv - 1;
}

int command_serve(int argc, char **argv)
{
    bool demo = false;
    const struct option_extra extras[] = {
        {"demo", false, NULL, &demo,
         "makes the demonstration meeting when it is not there, and prints its links"},
        {0}};
    struct options options;
    int code = 0;
    if (inheritance_is_there()) {
        return read_inherited(&options.config) ? supervisor_resume(&options.config, whole(argv))
                                               : EXIT_FAILURE;
    }
    if (!options_read(argc, argv,
                      "Usage: plenary serve [OPTIONS]\nRuns the server until it is interrupted.",
                      extras, &options, &code)) {
        return code;
    }
    return supervisor_run(&options.config, demo, whole(argv));
}

int command_control(int argc, char **argv)
{
    struct config config;
    if (argc == 2 && text_equal(argv[1], "--check")) {
        return dry_start_run();
    }
    return read_inherited(&config) ? control_run(&config) : EXIT_FAILURE;
}

int command_media(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    struct config config;
    return read_inherited(&config) ? media_face_run(&config) : EXIT_FAILURE;
}
