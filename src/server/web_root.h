// Where the page's files are: the configured folder, or beside the binary (a source tree, or an
// installation).
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "server/config.h"

enum err CHECKED web_root_find(const struct config *config, char *ret_path, size_t path_size);
// Whether there is a page to serve; otherwise in words what is missing.
enum err CHECKED web_root_check(const struct config *config, char *problem, size_t problem_size);
