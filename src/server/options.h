// The command line: what every subcommand shares, read once into the configuration.
#pragma once

#include <getopt.h>
#include <stdbool.h>

#include "server/config.h"

#define OPTION_VALUES_MAX 8

// The values of an option that may be given several times; further ones are refused.
struct option_values {
    const char *items[OPTION_VALUES_MAX];
    unsigned count;
};

// Options of one subcommand beyond the shared ones, at most 32.
struct option_extra {
    const char *name;             // "role"
    bool has_value;               //
    const char **value;           // set when given with a value
    bool *given;                  // set when given without
    const char *meaning;          // for --help
    struct option_values *values; // instead of `value`: may be given several times
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
