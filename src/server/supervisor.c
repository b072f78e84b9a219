#include "server/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "server/demo_links.h"
#include "server/service_notify.h"
#include "server/sockets.h"

#define STOP_TIMEOUT_US (8 * TIME_US_PER_S)
#define QUICK_DEATH_US \
    (2 * TIME_US_PER_S) // a process that dies younger than this is held back before the next try
#define HOLD_BACK_US       (250 * TIME_US_PER_MS)
#define HOLD_BACK_MAX_US   (5 * TIME_US_PER_S)
#define QUICK_DEATHS_GRACE 3 // so many are started again at once

struct child {
    const char *face; // "media", "control"
    pid_t pid;        // 0: not running
    time_us started_at;
    time_us start_at; // when to start again
    uint32_t quick_deaths;
};

static void start_child(struct child *child, time_us now)
{
    pid_t parent = getpid();
    child->pid = fork();
    child->started_at = now;
    if (child->pid < 0) {
        child->pid = 0;
        child->start_at = now + HOLD_BACK_US;
        log_event(LOG_ERROR, "process.cannot_fork", LOG_TEXT("face", child->face),
                  LOG_INT("errno", errno));
        return;
    }
    if (child->pid > 0) {
        log_event(LOG_INFO, "process.started", LOG_TEXT("face", child->face),
                  LOG_INT("pid", child->pid));
        return;
    }
    // A killed supervisor takes its processes with it: nobody would restart them.
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent) {
        _exit(EXIT_FAILURE);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    char name[] = "plenary";
    char *arguments[] = {name, (char *)(uintptr_t)child->face, NULL};
    execv("/proc/self/exe", arguments);
    _exit(EXIT_FAILURE);
}

static void child_died(struct child *child, int status, time_us now)
{
    bool quick = now - child->started_at < QUICK_DEATH_US;
    child->quick_deaths = quick ? child->quick_deaths + 1 : 0;
    time_us hold_back = 0;
    if (child->quick_deaths > QUICK_DEATHS_GRACE) {
        uint32_t doublings = child->quick_deaths - QUICK_DEATHS_GRACE;
        hold_back = doublings > 6 ? HOLD_BACK_MAX_US : HOLD_BACK_US << doublings;
        hold_back = hold_back > HOLD_BACK_MAX_US ? HOLD_BACK_MAX_US : hold_back;
    }
    child->pid = 0;
    child->start_at = now + hold_back;
    log_event(LOG_WARNING, "process.died", LOG_TEXT("face", child->face),
              LOG_INT("exit_code", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
              LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
              LOG_INT("restart_in_ms", hold_back / TIME_US_PER_MS));
}

static void child_stopped(struct child *child, int status)
{
    child->pid = 0;
    log_event(LOG_INFO, "process.stopped", LOG_TEXT("face", child->face),
              LOG_INT("exit_code", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
              LOG_INT("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0));
}

static void reap(struct child *children, size_t count, bool stopping, time_us now)
{
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        for (size_t i = 0; i < count; i++) {
            if (children[i].pid != pid) {
                continue;
            }
            if (stopping) {
                child_stopped(&children[i], status);
            } else {
                child_died(&children[i], status, now);
            }
        }
    }
}

static time_us start_due(struct child *children, size_t count, time_us now)
{
    time_us next = TIME_US_NEVER;
    for (size_t i = 0; i < count; i++) {
        if (children[i].pid == 0 && children[i].start_at <= now) {
            start_child(&children[i], now);
        }
        if (children[i].pid == 0 && children[i].start_at < next) {
            next = children[i].start_at;
        }
    }
    return next;
}

struct occurrence {
    uint32_t signal; // 0: none
    bool ready;      // a control process answers clients
};

static struct occurrence wait_occurrence(int signal_fd, int ready_fd, time_us until)
{
    struct pollfd watched[] = {{.fd = signal_fd, .events = POLLIN},
                               {.fd = ready_fd, .events = POLLIN}};
    struct occurrence occurrence = {0};
    time_us now = time_monotonic_us();
    int timeout_ms = until == TIME_US_NEVER ? -1
                     : until <= now         ? 0
                                            : (int)((until - now) / TIME_US_PER_MS + 1);
    if (poll(watched, 2, timeout_ms) <= 0) {
        return occurrence;
    }
    struct signalfd_siginfo info;
    if (read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
        occurrence.signal = info.ssi_signo;
    }
    char byte;
    occurrence.ready = read(ready_fd, &byte, 1) == 1;
    return occurrence;
}

// Control first, so that clients are told; then media, which says goodbye to its peers.
static void stop_all(struct child *children, size_t count, int signal_fd, int ready_fd)
{
    for (size_t i = count; i-- > 0;) {
        if (children[i].pid == 0) {
            continue;
        }
        kill(children[i].pid, SIGTERM);
        time_us give_up_at = time_monotonic_us() + STOP_TIMEOUT_US;
        while (children[i].pid != 0 && time_monotonic_us() < give_up_at) {
            (void)wait_occurrence(signal_fd, ready_fd, give_up_at);
            reap(children, count, true, time_monotonic_us());
        }
        if (children[i].pid != 0) {
            kill(children[i].pid, SIGKILL);
            (void)waitpid(children[i].pid, NULL, 0);
            log_event(LOG_WARNING, "process.killed", LOG_TEXT("face", children[i].face));
            children[i].pid = 0;
        }
    }
}

static int supervise(const struct config *config, bool with_demo, int signal_fd, int ready_fd)
{
    // In the order of starting; stopping goes backwards.
    struct child children[] = {{.face = "media"}, {.face = "control"}};
    size_t count = sizeof(children) / sizeof(children[0]);
    bool announced = false;
    for (;;) {
        time_us next = start_due(children, count, time_monotonic_us());
        struct occurrence occurrence = wait_occurrence(signal_fd, ready_fd, next);
        if (occurrence.ready && !announced) {
            announced = true;
            service_notify("READY=1");
            if (with_demo) {
                demo_links_print(config, stdout);
            }
        }
        if (occurrence.signal == SIGTERM || occurrence.signal == SIGINT) {
            log_event(LOG_INFO, "server.stopping", LOG_INT("signal", occurrence.signal));
            service_notify("STOPPING=1");
            stop_all(children, count, signal_fd, ready_fd);
            return EXIT_SUCCESS;
        }
        reap(children, count, false, time_monotonic_us());
    }
}

static bool enter_data_folder(struct config *config, char *problem, size_t problem_size)
{
    struct text_builder text = text_builder(problem, problem_size);
    char absolute[PATH_MAX];
    if ((mkdir(config->data, 0700) != 0 && errno != EEXIST) ||
        realpath(config->data, absolute) == NULL || chdir(absolute) != 0) {
        text_append_format(&text, "%s: %s", config->data, strerror(errno));
        return false;
    }
    if (config_set(config, "server.data", absolute) != ERR_NONE) {
        text_append_format(&text, "%s: the path is too long", absolute);
        return false;
    }
    // Two servers on one database would each write half a journal. The lock ends with the process
    // and its descriptor.
    int lock = open("server.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) {
        text_append_format(&text, "%s: a server is running on this folder already", absolute);
        return false;
    }
    return true;
}

int supervisor_run(struct config *config, bool with_demo)
{
    char problem[512] = "";
    struct sockets sockets;
    log_setup("supervisor", LOG_INFO);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max; // one descriptor a connection
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    if (!enter_data_folder(config, problem, sizeof(problem)) ||
        sockets_open(config, &sockets, problem, sizeof(problem)) != ERR_NONE) {
        fprintf(stderr, "plenary: cannot start: %s\n", problem);
        return EXIT_FAILURE;
    }
    if (config_write_environment(config) != ERR_NONE ||
        sockets_to_environment(&sockets) != ERR_NONE) {
        fprintf(stderr, "plenary: cannot start: out of memory\n");
        return EXIT_FAILURE;
    }
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGCHLD);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    int signal_fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_fd < 0 || (with_demo && !demo_links_prepare(config))) {
        fprintf(stderr, "plenary: cannot start: the demonstration meeting cannot be made\n");
        sockets_close(&sockets);
        return EXIT_FAILURE;
    }
    int code = supervise(config, with_demo, signal_fd, sockets.ready_read_fd);
    sockets_close(&sockets);
    return code;
}
