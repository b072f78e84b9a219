// A process that the supervisor started: its beginning, whether its loops still turn, its end and
// when to begin again. Supervisor's only thread.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/heartbeat.h"
#include "server/program.h"
#include "server/sockets.h"
#include "server/vital_signs.h"

#define CHILD_STOP_US (8 * TIME_US_PER_S) // for ending in its own way

struct child {
    enum face face;
    const struct program *program; // borrowed: it is started from this the next time
    struct program_id running;     // what it was started from the last time
    uint32_t link;                 // and the version of its link
    bool held;                     // whoever holds it starts it; it does not begin by itself
    bool told;                     // to stop: it has until `stop_by`
    time_us stop_by;
    time_us began_after; // so long did it take to begin; 0: it has not
    time_us silence_max; // its loops may be silent for so long; 0: for ever
    time_us begin_max;   // so long until its main loop turns; 0: for ever
    pid_t pid;           // 0: not running
    time_us started_at;
    time_us start_at; // when to start again
    uint32_t quick_deaths;
    bool condemned; // it was silent for too long and was killed; its end is awaited
    struct heartbeat_watch watch;
    // How long the part that is silent has run, when half of `silence_max` was over.
    unsigned suspect;
    time_us suspect_ran;
    time_us suspect_silent;
};

void child_start(struct child *child, struct vital_signs *signs, const struct sockets *sockets,
                 time_us now);
// One that a supervisor before this one started, in the same process. 0: none runs.
void child_adopt(struct child *child, pid_t pid, time_us now);
// Asks it to end in its own way; what takes longer than allowed is killed by child_look().
void child_tell_to_stop(struct child *child, time_us now);
// It ended. With `stopping`, or when it was told to, that is no fault; in any case it is to be
// started again at `start_at`.
void child_ended(struct child *child, struct vital_signs *signs, int status, bool stopping,
                 time_us now);
// Looks at its heartbeats, and kills what has been silent for too long: it cannot be asked, so the
// signal is the one that nothing can hold back. A loop that could run and is given no processor is
// waited for, five times as long. True while it is alive: running, neither
// condemned nor in a row of quick deaths.
bool child_look(struct child *child, const struct vital_signs *signs, time_us now);
