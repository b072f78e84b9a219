#include "server/data_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "store/store.h"

static bool cannot_write(const char *folder, const char *file, struct text_builder *problem)
{
    int error = errno;
    text_append_format(problem, "%s%s%s: cannot be written by user %u: %s", folder,
                       file != NULL ? "/" : "", file != NULL ? file : "", (unsigned)geteuid(),
                       strerror(error));
    return false;
}

// The folder, and the database in it when it is there.
static bool can_write(const char *folder, struct text_builder *problem)
{
    if (access(".", R_OK | W_OK | X_OK) != 0) {
        return cannot_write(folder, NULL, problem);
    }
    return access(STORE_FILE_NAME, R_OK | W_OK) == 0 || errno == ENOENT ||
           cannot_write(folder, STORE_FILE_NAME, problem);
}

enum err data_folder_enter(struct config *config, int *ret_lock, char *ret_problem,
                           size_t problem_size)
{
    struct text_builder text = text_builder(ret_problem, problem_size);
    char absolute[PATH_MAX];
    if ((mkdir(config->data, 0700) != 0 && errno != EEXIST) ||
        realpath(config->data, absolute) == NULL || chdir(absolute) != 0) {
        text_append_format(&text, "%s: %s", config->data, strerror(errno));
        return ERR_IO;
    }
    if (config_set(config, "server.data", absolute) != ERR_NONE) {
        text_append_format(&text, "%s: the path is too long", absolute);
        return ERR_IO;
    }
    // Two servers on one database would each write half a journal. The lock ends with the process
    // and its descriptor.
    int lock = open("server.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        text_append_format(&text, "%s: a server is running on this folder already", absolute);
        return ERR_IO;
    }
    *ret_lock = lock;
    bool good = lock >= 0 ? can_write(absolute, &text) : cannot_write(absolute, NULL, &text);
    return good ? ERR_NONE : ERR_IO;
}
