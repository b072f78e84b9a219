// The folder that holds all that the server keeps. Supervisor's only thread.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "server/config.h"

// Makes it where it is missing, makes it the working directory, and locks it: two servers on one
// database would each write half a journal. server.data is absolute afterwards. `*ret_lock` is a
// descriptor; the folder is locked until it is closed. Otherwise `ret_problem` says why not.
enum err CHECKED data_folder_enter(struct config *config, int *ret_lock, char *ret_problem,
                                   size_t problem_size);
