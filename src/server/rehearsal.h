// A program that is asked, in a process of its own, whether it could take over: `plenary control
// --check`. It holds nothing of the server's, and is given a time. Supervisor's only thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/time.h"
#include "server/program.h"
#include "server/takeover_facts.h"

struct rehearsal {
    pid_t pid; // 0: none runs
    int fd;    // of what it says; -1: none
    time_us until;
    bool late;
    int status;
    size_t size;
    char said[TAKEOVER_FACTS_MAX];
};

// The working directory is the data folder. ERR_IO when there is no process to be had.
enum err CHECKED rehearsal_begin(struct rehearsal *rehearsal, const struct program *program,
                                 time_us until);
// False when this was no process of it.
bool rehearsal_ended(struct rehearsal *rehearsal, pid_t pid, int status);
// Reads what it says, and kills it when its time is over. True once it has ended.
bool rehearsal_look(struct rehearsal *rehearsal, time_us now);
// After its end. True when it is ready; else why not, in words for the operator.
bool rehearsal_judge(const struct rehearsal *rehearsal, struct takeover_facts *ret_facts,
                     char *ret_words, size_t size);
// Whatever stage it is in.
void rehearsal_abandon(struct rehearsal *rehearsal);
