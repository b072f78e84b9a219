#include "server/web_root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum err web_root_find(const struct config *config, char *ret_path, size_t path_size)
{
    // Relative to the binary: build/plenary in a source tree, bin/plenary in an installation.
    static const char *const beside[] = {"../web/dist", "../share/plenary/web"};
    if (config->web_root[0] != '\0') {
        return text_copy(ret_path, path_size, config->web_root);
    }
    char binary[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", binary, sizeof(binary) - 1);
    if (length <= 0) {
        return ERR_IO;
    }
    binary[length] = '\0';
    char *slash = strrchr(binary, '/');
    *slash = '\0';
    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        char path[2 * PATH_MAX];
        char resolved[PATH_MAX];
        struct text_builder text = text_builder(path, sizeof(path));
        text_append_format(&text, "%s/%s", binary, beside[i]);
        if (!text.failed && realpath(path, resolved) != NULL) {
            return text_copy(ret_path, path_size, resolved);
        }
    }
    return ERR_NOT_FOUND;
}

enum err web_root_check(const struct config *config, char *problem, size_t problem_size)
{
    char path[512];
    char index[640];
    struct text_builder text = text_builder(problem, problem_size);
    if (web_root_find(config, path, sizeof(path)) != ERR_NONE) {
        text_append(&text, "the page's files are not found: set http.web_root to their folder");
        return ERR_NOT_FOUND;
    }
    struct text_builder name = text_builder(index, sizeof(index));
    text_append_format(&name, "%s/index.html", path);
    // As it will be read: links are not followed.
    int file = name.failed ? -1 : open(index, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) {
        text_append_format(&text, "the page cannot be read (http.web_root): %s: %s", index,
                           strerror(name.failed ? ENAMETOOLONG : errno));
        return ERR_NOT_FOUND;
    }
    close(file);
    return ERR_NONE;
}
