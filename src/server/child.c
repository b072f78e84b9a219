#include "server/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "server/clock_memory.h"

#define QUICK_DEATH_US \
    (2 * TIME_US_PER_S) // a process that dies younger than this is held back before the next try
#define HOLD_BACK_US       (250 * TIME_US_PER_MS)
#define HOLD_BACK_MAX_US   (5 * TIME_US_PER_S)
#define STARVED_FACTOR     5
#define QUICK_DEATHS_GRACE 3 // so many are started again at once

// In the child. A process keeps only the descriptors that it is for: media could otherwise answer
// browsers in control's place.
_Noreturn static void become(const struct child *child, const struct vital_signs *signs,
                             const struct sockets *sockets, pid_t parent)
{
    // What whoever started the server left open is for none of them.
    (void)close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
    // A killed supervisor takes its processes with it: nobody would restart them.
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent ||
        sockets_keep(sockets, child->face == FACE_MEDIA) != ERR_NONE ||
        vital_signs_pass(signs, child->face) != ERR_NONE) {
        _exit(EXIT_FAILURE);
    }
    if (child->face == FACE_CONTROL) {
        clock_memory_pass();
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    char name[] = "plenary";
    char *arguments[] = {name, (char *)(uintptr_t)face_name(child->face), NULL};
    program_become(child->program, arguments);
    _exit(EXIT_FAILURE);
}

void child_start(struct child *child, struct vital_signs *signs, const struct sockets *sockets,
                 time_us now)
{
    pid_t parent = getpid();
    vital_signs_wipe(signs, child->face);
    heartbeat_watch_begin(&child->watch, now);
    child->watch.yielding = face_yielding_parts(child->face);
    child->condemned = false;
    child->told = false;
    child->began_after = 0;
    child->running = child->program->id;
    child->link = child->program->link;
    child->started_at = now;
    child->pid = fork();
    if (child->pid == 0) {
        become(child, signs, sockets, parent);
    }
    if (child->pid < 0) {
        child->pid = 0;
        child->start_at = now + HOLD_BACK_US;
        log_event(LOG_ERROR, "process.cannot_fork", LOG_TEXT("face", face_name(child->face)),
                  LOG_INT("errno", errno));
        return;
    }
    log_event(LOG_INFO, "process.started", LOG_TEXT("face", face_name(child->face)),
              LOG_INT("pid", child->pid));
}

void child_adopt(struct child *child, pid_t pid, time_us now)
{
    child->pid = pid;
    child->started_at = now;
    heartbeat_watch_begin(&child->watch, now);
    child->watch.yielding = face_yielding_parts(child->face);
}

void child_tell_to_stop(struct child *child, time_us now)
{
    if (child->pid != 0 && !child->told) {
        child->told = true;
        child->stop_by = now + CHILD_STOP_US;
        (void)kill(child->pid, SIGTERM);
    }
}

static time_us hold_back(struct child *child, time_us now)
{
    bool quick = now - child->started_at < QUICK_DEATH_US;
    child->quick_deaths = quick ? child->quick_deaths + 1 : 0;
    if (child->quick_deaths <= QUICK_DEATHS_GRACE) {
        return 0;
    }
    uint32_t doublings = child->quick_deaths - QUICK_DEATHS_GRACE;
    time_us held = doublings > 6 ? HOLD_BACK_MAX_US : HOLD_BACK_US << doublings;
    return held > HOLD_BACK_MAX_US ? HOLD_BACK_MAX_US : held;
}

void child_ended(struct child *child, struct vital_signs *signs, int status, bool stopping,
                 time_us now)
{
    int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    child->pid = 0;
    if (stopping || child->told) {
        child->start_at = now;
        log_event(LOG_INFO, "process.stopped", LOG_TEXT("face", face_name(child->face)),
                  LOG_INT("exit_code", exit_code), LOG_INT("signal", signal));
        return;
    }
    time_us held = hold_back(child, now);
    child->start_at = now + held;
    vital_signs_replaced(
        signs, &(struct replacement){.face = child->face,
                                     .cause = child->condemned ? ENDING_HUNG : ENDING_DIED,
                                     .at = time_wall_ms()});
    log_event(LOG_WARNING, "process.died", LOG_TEXT("face", face_name(child->face)),
              LOG_INT("exit_code", exit_code), LOG_INT("signal", signal),
              LOG_INT("restart_in_ms", held / TIME_US_PER_MS));
}

// Reads one line of what the kernel tells of a thread. False where it does not: hidden by the way
// in which /proc is mounted, or gone.
static bool thread_line(const struct child *child, int32_t thread, const char *name, char *line,
                        int size)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)child->pid, (int)thread, name);
    FILE *file = fopen(path, "re");
    bool good = file != NULL && fgets(line, size, file) != NULL;
    if (file != NULL) {
        (void)fclose(file);
    }
    return good;
}

// Whether it wants to run, and how long it has run altogether.
static bool thread_runnable(const struct child *child, int32_t thread, time_us *ret_ran)
{
    char line[512];
    if (thread == 0 || !thread_line(child, thread, "stat", line, sizeof(line))) {
        return false;
    }
    const char *name_end = strrchr(line, ')'); // the name may hold anything
    bool runnable = name_end != NULL && name_end[1] == ' ' && name_end[2] == 'R';
    if (!runnable || !thread_line(child, thread, "schedstat", line, sizeof(line))) {
        return false;
    }
    *ret_ran = (time_us)(strtoull(line, NULL, 10) / 1000);
    return true;
}

// A loop that would run, but got less than half of a processor since half of its time was over: the
// machine is too busy. What turns in a circle for ever gets more, or is found out later.
static bool starves(struct child *child, const struct heartbeat_board *board,
                    const struct heartbeat_finding *finding)
{
    time_us ran = 0;
    int32_t thread = atomic_load(&board->parts[finding->part].thread);
    bool suspected = child->suspect == finding->part + 1;
    if (!thread_runnable(child, thread, &ran)) {
        return false;
    }
    if (!suspected) {
        child->suspect = finding->part + 1;
        child->suspect_ran = ran;
        child->suspect_silent = finding->silent;
    }
    return 2 * (ran - child->suspect_ran) <= finding->silent - child->suspect_silent;
}

static void condemn(struct child *child)
{
    child->condemned = true;
    (void)kill(child->pid, SIGKILL);
}

bool child_look(struct child *child, const struct vital_signs *signs, time_us now)
{
    if (child->pid == 0 || child->condemned) {
        return false;
    }
    if (child->told && now >= child->stop_by) {
        log_event(LOG_WARNING, "process.killed", LOG_TEXT("face", face_name(child->face)));
        condemn(child);
        return false;
    }
    struct heartbeat_finding finding = heartbeat_watch_look(&child->watch,
                                                            signs->boards[child->face], now);
    if (finding.begun && child->began_after == 0) {
        child->began_after = now - child->started_at + 1;
    }
    time_us most = finding.begun ? child->silence_max : child->begin_max;
    if (finding.silent <= most / 2) {
        child->suspect = 0; // of an earlier silence
    } else if (finding.silent < STARVED_FACTOR * most &&
               starves(child, signs->boards[child->face], &finding)) {
        return true;
    }
    if (most == 0 || finding.silent < most) {
        // Who dies whenever it begins is not alive for having begun again.
        return finding.begun || child->quick_deaths <= QUICK_DEATHS_GRACE;
    }
    log_event(LOG_ERROR, finding.begun ? "process.hung" : "process.never_began",
              LOG_TEXT("face", face_name(child->face)), LOG_INT("pid", child->pid),
              LOG_TEXT("loop", face_part_name(child->face, finding.part)),
              LOG_INT("part", (int64_t)finding.part),
              LOG_INT("silent_ms", finding.silent / TIME_US_PER_MS));
    condemn(child);
    return false;
}
