#include "server/web_root.h"

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
