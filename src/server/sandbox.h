// What a process gives up once it stands, so that whoever takes it over through a hostile packet or
// request gains as little as can be. Each wall stands by itself; where the machine forbids one (a
// container without namespaces, an old kernel), the others are built all the same and what is
// missing is told.
//
//   media    every file and every new socket: it keeps the descriptors that it has and its threads
//   control  all of the file system but its data folder and what it reads
//
// Both: capabilities, other processes, programs, memory that can be executed, being looked into.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum sandbox_wall {
    SANDBOX_USER,    // a user namespace or a user of its own: no right over other processes
    SANDBOX_ROOT,    // an empty root directory
    SANDBOX_NETWORK, // a network namespace without an interface
    SANDBOX_FILES,   // Landlock
    SANDBOX_CALLS,   // an allow list of system calls (seccomp)
    SANDBOX_WALL_COUNT,
};

struct sandbox_report {
    uint32_t wanted; // bit 1 << wall
    uint32_t missing;
};

// "its own user, its own network"; empty when nothing is missing.
void sandbox_missing_words(const struct sandbox_report *report, char *to, size_t size);

// One thread only may run; threads started later inherit everything. Descriptors that are open stay
// usable. ERR_UNSUPPORTED without the list of system calls, which is never done without.
enum err CHECKED sandbox_enter_media(struct sandbox_report *ret_report);

#define SANDBOX_PATHS_MAX 32

// What control may touch. Paths are borrowed; empty and missing ones are passed over.
struct sandbox_files {
    const char *writes;      // its folder
    const char *also_writes; // another one; NULL: none
    bool calls_out;          // it connects to others: a webhook, a mail server, a provider
    const char *reads[SANDBOX_PATHS_MAX];
    uint32_t reads_count;
};

// The same, before the first thread of control. Of the walls it wants SANDBOX_FILES and
// SANDBOX_CALLS alone: it shares its folder and its key with the commands of the same user.
enum err CHECKED sandbox_enter_control(const struct sandbox_files *files,
                                       struct sandbox_report *ret_report);
