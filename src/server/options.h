// The command line: what every subcommand shares, read once into the configuration.
#pragma once

#include <getopt.h>
#include <stdbool.h>

#include "server/config.h"

// Options of one subcommand beyond the shared ones.
struct option_extra {
    const char *name;    // "role"
    bool has_value;      //
    const char **value;  // set when given with a value
    bool *given;         // set when given without
    const char *meaning; // for --help
};

struct options {
    struct config config;
    bool json;
};

// Reads --config, --set, --data, --port, --media-port, --host, --json, --help and the extras (ended
// by a NULL name). Returns false when the program must end with *ret_code: after --help (0), or a
// mistake, already explained (2).
bool options_read(int argc, char **argv, const char *usage, const struct option_extra *extras,
                  struct options *ret_options, int *ret_code);
