// The executable that processes are started from: held open, so that it can still be started when
// another file has taken its name. Supervisor's only thread.
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

// Which file it is, not what it is called.
struct program_id {
    uint64_t device;
    uint64_t inode;
    uint64_t bytes;
    uint64_t written_ns;
};

struct program {
    int fd; // owned; -1: none
    struct program_id id;
    uint32_t link; // the version of the link that its media and control speak; 0: not known
};

// The one that runs here.
enum err CHECKED program_open_own(struct program *ret_program);
// What stands under this name now. ERR_IO, and errno, when it cannot be opened or executed;
// ERR_INVALID when it is no file.
enum err CHECKED program_open(const char *path, struct program *ret_program);
void program_close(struct program *program);
bool program_same(const struct program_id *a, const struct program_id *b);
// The absolute name by which this process was started; links in it are left as they are, because
// they may be turned to another version.
enum err CHECKED program_name(char ret_path[PATH_MAX]);
// In place of the program that runs. Returns only when it could not be done, with errno.
void program_become(const struct program *program, char *const arguments[]);
