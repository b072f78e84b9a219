#include "server/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"

#define EXTRAS_MAX       32
#define PROBLEM_MAX      512
#define DEFAULT_FILE     "/etc/plenary/plenary.yaml"
#define FIRST_EXTRA_CODE 256

enum shared_code {
    CODE_CONFIG = 1,
    CODE_SET,
    CODE_DATA,
    CODE_PORT,
    CODE_MEDIA_PORT,
    CODE_HOST,
    CODE_JSON,
    CODE_HELP
};

static const struct option shared_options[] = {
    {"config", required_argument, NULL, CODE_CONFIG},
    {"set", required_argument, NULL, CODE_SET},
    {"data", required_argument, NULL, CODE_DATA},
    {"port", required_argument, NULL, CODE_PORT},
    {"media-port", required_argument, NULL, CODE_MEDIA_PORT},
    {"host", required_argument, NULL, CODE_HOST},
    {"json", no_argument, NULL, CODE_JSON},
    {"help", no_argument, NULL, CODE_HELP}};

#define SHARED_COUNT (sizeof(shared_options) / sizeof(shared_options[0]))

static void print_help(const char *usage, const struct option_extra *extras)
{
    struct config defaults;
    config_default(&defaults);
    printf("%s\n\nOptions:\n", usage);
    for (const struct option_extra *extra = extras; extra->name != NULL; extra++) {
        char shown[64];
        snprintf(shown, sizeof(shown), "--%s%s", extra->name, extra->has_value ? " VALUE" : "");
        printf("  %-34s %s\n", shown, extra->meaning);
    }
    printf(
        "  --data DIR                         server.data: folder of the database\n"
        "  --host NAME                        http.host: name or address under which people reach "
        "the server\n"
        "  --port N                           http.port: TCP port\n"
        "  --media-port N                     media.port: UDP port\n"
        "  --config FILE                      YAML file (default " DEFAULT_FILE
        " when it is there)\n"
        "  --set SECTION.KEY=VALUE            any key of the configuration\n"
        "  --json                             answers for machines, where there are any\n"
        "\nKeys of the configuration (also as PLENARY_SECTION_KEY) and their defaults:\n");
    config_print(&defaults, stdout);
}

static enum err apply_shared(struct options *options, int code, const char *value)
{
    switch (code) {
    case CODE_SET: return config_set_assignment(&options->config, value);
    case CODE_DATA: return config_set(&options->config, "server.data", value);
    case CODE_PORT: return config_set(&options->config, "http.port", value);
    case CODE_MEDIA_PORT: return config_set(&options->config, "media.port", value);
    case CODE_HOST: return config_set(&options->config, "http.host", value);
    case CODE_JSON: options->json = true; return ERR_NONE;
    default: return ERR_NONE; // the file is read before, in the first pass
    }
}

static void build_table(const struct option_extra *extras,
                        struct option table[SHARED_COUNT + EXTRAS_MAX + 1])
{
    size_t count = SHARED_COUNT;
    memcpy(table, shared_options, sizeof(shared_options));
    for (int i = 0; extras[i].name != NULL; i++) {
        ASSERT(i < EXTRAS_MAX);
        table[count++] = (struct option){extras[i].name,
                                         extras[i].has_value ? required_argument : no_argument,
                                         NULL, FIRST_EXTRA_CODE + i};
    }
    table[count] = (struct option){0};
}

// False when it was given too often.
static bool apply_extra(const struct option_extra *extra, const char *value)
{
    if (!extra->has_value) {
        *extra->given = true;
    } else if (extra->values == NULL) {
        *extra->value = value;
    } else if (extra->values->count < OPTION_VALUES_MAX) {
        extra->values->items[extra->values->count++] = value;
    } else {
        fprintf(stderr, "plenary: --%s is given more than %d times\n", extra->name,
                OPTION_VALUES_MAX);
        return false;
    }
    return true;
}

static bool read_file(struct config *config, const char *path, bool required, int *ret_code)
{
    char problem[PROBLEM_MAX] = "";
    if (!required && access(path, R_OK) != 0) {
        return true;
    }
    if (config_read_file(config, path, problem, sizeof(problem)) != ERR_NONE) {
        fprintf(stderr, "plenary: %s\n", problem);
        *ret_code = 2;
        return false;
    }
    return true;
}

// First pass: only what must come before the environment and the other options.
static bool read_early(int argc, char **argv, const struct option *table, const char *usage,
                       const struct option_extra *extras, struct options *options, int *ret_code)
{
    const char *file = NULL;
    optind = 1;
    opterr = 1;
    for (int code = getopt_long(argc, argv, "", table, NULL); code != -1;
         code = getopt_long(argc, argv, "", table, NULL)) {
        if (code == '?') {
            *ret_code = 2;
            return false;
        }
        if (code == CODE_HELP) {
            print_help(usage, extras);
            *ret_code = EXIT_SUCCESS;
            return false;
        }
        file = code == CODE_CONFIG ? optarg : file;
    }
    return read_file(&options->config, file != NULL ? file : DEFAULT_FILE, file != NULL, ret_code);
}

bool options_read(int argc, char **argv, const char *usage, const struct option_extra *extras,
                  struct options *ret_options, int *ret_code)
{
    struct option table[SHARED_COUNT + EXTRAS_MAX + 1];
    char problem[PROBLEM_MAX] = "";
    build_table(extras, table);
    memset(ret_options, 0, sizeof(*ret_options));
    config_default(&ret_options->config);
    ret_options->config.media_port = 0; // until it is given, wherever that may be
    if (!read_early(argc, argv, table, usage, extras, ret_options, ret_code)) {
        return false;
    }
    if (config_read_environment(&ret_options->config, problem, sizeof(problem)) != ERR_NONE) {
        fprintf(stderr, "plenary: %s\n", problem);
        *ret_code = 2;
        return false;
    }
    optind = 1;
    for (int code = getopt_long(argc, argv, "", table, NULL); code != -1;
         code = getopt_long(argc, argv, "", table, NULL)) {
        if (code >= FIRST_EXTRA_CODE) {
            if (!apply_extra(&extras[code - FIRST_EXTRA_CODE], optarg)) {
                *ret_code = 2;
                return false;
            }
            continue;
        }
        enum err result = apply_shared(ret_options, code, optarg);
        if (result != ERR_NONE) {
            fprintf(stderr, "plenary: '%s': %s\n", optarg,
                    result == ERR_NOT_FOUND ? "there is no such key" : "the value is not allowed");
            *ret_code = 2;
            return false;
        }
    }
    // One number to remember: the media port follows the TCP port unless it is given.
    if (ret_options->config.media_port == 0) {
        ret_options->config.media_port = ret_options->config.port;
    }
    return true;
}
