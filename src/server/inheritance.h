// What a supervisor leaves to the next version of itself, which takes its place in the same
// process: the two faces go on as its children, and all that belongs to the server stays open.
// Through the environment variable PLENARY_INHERITANCE, beside those of the sockets and the clocks.
// Supervisor's only thread.
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/time.h"
#include "server/program.h"
#include "server/takeover_facts.h"
#include "server/vital_signs.h"

// The service manager was told that the server is ready.
struct inheritance {
    int lock_fd;  // the data folder is ours
    int ready_fd; // sockets.ready_read_fd
    int signs_fds[FACE_COUNT + 1];
    int clocks_fd;
    time_us began_after; // so long did control take to begin
    pid_t pids[FACE_COUNT];
    struct program_id media; // what media was started from
    uint32_t media_link;     // and the version of its link
    char path[PATH_MAX];     // where the next version is looked for
};

// Whether this process was left something.
bool inheritance_is_there(void);
// Outlives exec from now on. ERR_IO: nothing was changed.
enum err CHECKED inheritance_pass(const struct inheritance *inheritance);
// There was no exec after all.
void inheritance_withdraw(const struct inheritance *inheritance);
// Once. ERR_MALFORMED when it is not what inheritance_pass() leaves.
enum err CHECKED inheritance_take(struct inheritance *ret_inheritance);

// What all that is handed over looks like, shared memory too. Versions between which it differs
// cannot take over from each other.
void inheritance_layout(char ret_layout[TAKEOVER_LAYOUT_MAX + 1]);
