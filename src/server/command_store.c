#include "server/command_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct store *command_store_open(const struct config *config)
{
    struct store *store = NULL;
    if ((mkdir(config->data, 0700) != 0 && errno != EEXIST) || chdir(config->data) != 0) {
        fprintf(stderr, "plenary: %s: %s\n", config->data, strerror(errno));
        return NULL;
    }
    enum err result = store_open(STORE_FILE_NAME, &store);
    if (result != ERR_NONE) {
        char newer[STORE_NEWER_WORDS_MAX + 1];
        fprintf(stderr, "plenary: %s/%s: %s\n", config->data, STORE_FILE_NAME,
                store_is_newer(STORE_FILE_NAME, newer) ? newer : err_title(result));
        return NULL;
    }
    return store;
}
