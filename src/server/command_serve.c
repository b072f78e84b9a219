#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "server/command.h"
#include "server/control.h"
#include "server/media_face.h"
#include "server/options.h"
#include "server/supervisor.h"

int command_serve(int argc, char **argv)
{
    bool demo = false;
    const struct option_extra extras[] = {
        {"demo", false, NULL, &demo,
         "makes the demonstration meeting when it is not there, and prints its links"},
        {0}};
    struct options options;
    int code = 0;
    if (!options_read(argc, argv,
                      "Usage: plenary serve [OPTIONS]\nRuns the server until it is interrupted.",
                      extras, &options, &code)) {
        return code;
    }
    return supervisor_run(&options.config, demo);
}

// The processes below read the configuration that the supervisor put into the environment.
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

int command_control(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    struct config config;
    return read_inherited(&config) ? control_run(&config) : EXIT_FAILURE;
}

int command_media(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    struct config config;
    return read_inherited(&config) ? media_face_run(&config) : EXIT_FAILURE;
}
