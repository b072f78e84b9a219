// `plenary demo`: makes the demonstration meeting when it is not there and prints one fresh link
// for each role.
#include <stdio.h>
#include <stdlib.h>

#include "server/command.h"
#include "server/command_store.h"
#include "server/demo_links.h"
#include "server/options.h"

int command_demo(int argc, char **argv)
{
    const struct option_extra extras[] = {{0}};
    struct options options;
    int code = 0;
    if (!options_read(argc, argv,
                      "Usage: plenary demo [OPTIONS]\nMakes the demonstration meeting when the "
                      "database has none (a server that runs "
                      "finds it at its next start) and prints one fresh link for each role.",
                      extras, &options, &code)) {
        return code;
    }
    struct store *store = command_store_open(&options.config);
    if (store == NULL) {
        return EXIT_FAILURE;
    }
    store_close(store);
    if (!demo_links_prepare(&options.config)) {
        fprintf(stderr, "plenary demo: the meeting cannot be made\n");
        return EXIT_FAILURE;
    }
    if (options.json) {
        demo_links_print_json(&options.config, stdout);
    } else {
        demo_links_print(&options.config, stdout);
    }
    return EXIT_SUCCESS;
}
