// What a process that was taken over would try. Each attempt gives 0 when it got through, else the
// errno that stopped it.
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct prey {
    const char *data;    // the server's data folder, absolute
    pid_t others[4];     // the server's other processes
    size_t others_count; //
    int udp;             // a socket of its own, bound
    int pages;           // a page of memory, as a file of the kernel's: the board of heartbeats
    char *page;          // and mapped
};

struct attempt {
    const char *name;
    int (*run)(const struct prey *prey);
    unsigned faces; // which must not succeed: ESCAPE_MEDIA, ESCAPE_CONTROL
};

#define ESCAPE_MEDIA   1u
#define ESCAPE_CONTROL 2u
#define ESCAPE_BOTH    3u
#define ESCAPE_FREE    4u // succeeds without walls, and harms nobody: so the attempt is a real one

extern const struct attempt attempts_files[];
extern const size_t attempts_files_count;
extern const struct attempt attempts_others[];
extern const size_t attempts_others_count;
extern const struct attempt attempts_calls[];
extern const size_t attempts_calls_count;

// 0 or errno, of a system call's answer.
int outcome(long answer);
// EPERM when that is the answer; 0 for any other, also for other errors: the call was open.
int closed(long answer);
