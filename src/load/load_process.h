// What processes and a core of this machine have used, read from /proc. I/O; any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/time.h"

#define LOAD_PROCESSES_MAX 8

struct load_usage {
    time_us user; // of all threads since the process began
    time_us system;
    uint64_t memory; // resident bytes
};

struct load_core_usage { // since the machine began
    time_us user;        // with "nice"
    time_us system;
    time_us interrupts; // hard and soft: much of the network's work
    time_us idle;       // with waiting for disks
    time_us stolen;     // by other virtual machines
};

// The sum over the processes. ERR_NOT_FOUND when one is not there (any more).
enum err CHECKED load_process_usage(const pid_t *processes, size_t count,
                                    struct load_usage *ret_usage);
// ERR_NOT_FOUND when there is no such core.
enum err CHECKED load_core_usage(unsigned core, struct load_core_usage *ret_usage);
