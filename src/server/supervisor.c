#include "server/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
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
#include "server/child.h"
#include "server/clock_memory.h"
#include "server/demo_links.h"
#include "server/first_link.h"
#include "server/service_notify.h"
#include "server/sockets.h"
#include "server/vital_signs.h"
#include "server/web_root.h"
#include "store/store.h"

#define STOP_TIMEOUT_US (8 * TIME_US_PER_S)
#define BEGIN_MAX_US    (120 * TIME_US_PER_S) // replaying a long journal takes its time

struct supervisor {
    struct child children[FACE_COUNT]; // in the order of starting; stopping goes backwards
    struct vital_signs signs;
    struct sockets sockets;
    int signal_fd;
    time_us watchdog_every; // 0: systemd does not watch
    time_us watchdog_at;
};

static void reap(struct supervisor *self, bool stopping, time_us now)
{
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        for (size_t i = 0; i < FACE_COUNT; i++) {
            if (self->children[i].pid == pid) {
                child_ended(&self->children[i], &self->signs, status, stopping, now);
            }
        }
    }
}

static time_us start_due(struct supervisor *self, time_us now)
{
    time_us next = TIME_US_NEVER;
    for (size_t i = 0; i < FACE_COUNT; i++) {
        struct child *child = &self->children[i];
        if (child->pid == 0 && child->start_at <= now) {
            child_start(child, &self->signs, &self->sockets, now);
        }
        if (child->pid == 0 && child->start_at < next) {
            next = child->start_at;
        }
    }
    return next;
}

// systemd hears that the service lives only while both processes do: when that cannot be had again,
// it begins everything anew.
static void look_at_all(struct supervisor *self, time_us now)
{
    bool alive = true;
    for (size_t i = 0; i < FACE_COUNT; i++) {
        alive = child_look(&self->children[i], &self->signs, now) && alive;
    }
    if (alive && self->watchdog_every != 0 && now >= self->watchdog_at) {
        self->watchdog_at = now + self->watchdog_every;
        service_notify("WATCHDOG=1");
    }
}

struct occurrence {
    uint32_t signal; // 0: none
    bool ready;      // a control process answers clients
};

static struct occurrence wait_occurrence(const struct supervisor *self, time_us until)
{
    int signal_fd = self->signal_fd;
    int ready_fd = self->sockets.ready_read_fd;
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
static void stop_all(struct supervisor *self)
{
    for (size_t i = FACE_COUNT; i-- > 0;) {
        struct child *child = &self->children[i];
        if (child->pid == 0) {
            continue;
        }
        kill(child->pid, SIGTERM);
        time_us give_up_at = time_monotonic_us() + STOP_TIMEOUT_US;
        while (child->pid != 0 && time_monotonic_us() < give_up_at) {
            (void)wait_occurrence(self, give_up_at);
            reap(self, true, time_monotonic_us());
        }
        if (child->pid != 0) {
            kill(child->pid, SIGKILL);
            (void)waitpid(child->pid, NULL, 0);
            log_event(LOG_WARNING, "process.killed", LOG_TEXT("face", face_name(child->face)));
            child->pid = 0;
        }
    }
}

static int supervise(struct supervisor *self, const struct config *config, bool with_demo)
{
    bool announced = false;
    for (;;) {
        time_us now = time_monotonic_us();
        time_us next = start_due(self, now);
        time_us look_at = now + HEARTBEAT_LOOK_EVERY_US;
        struct occurrence occurrence = wait_occurrence(self, next < look_at ? next : look_at);
        if (occurrence.ready && !announced) {
            announced = true;
            service_notify("READY=1");
            if (with_demo) {
                demo_links_print(config, stdout);
            } else {
                first_link_print(config, stdout);
            }
        }
        if (occurrence.signal == SIGTERM || occurrence.signal == SIGINT) {
            log_event(LOG_INFO, "server.stopping", LOG_INT("signal", occurrence.signal));
            service_notify("STOPPING=1");
            stop_all(self);
            return EXIT_SUCCESS;
        }
        reap(self, false, time_monotonic_us());
        look_at_all(self, time_monotonic_us());
    }
}

static bool cannot_write(const char *folder, const char *file, struct text_builder *problem)
{
    int error = errno;
    text_append_format(problem, "%s%s%s: cannot be written by user %u: %s", folder,
                       file != NULL ? "/" : "", file != NULL ? file : "", (unsigned)geteuid(),
                       strerror(error));
    return false;
}

// The folder, and the database in it when it is there.
static bool can_write(const char *folder, struct text_builder *problem)
{
    if (access(".", R_OK | W_OK | X_OK) != 0) {
        return cannot_write(folder, NULL, problem);
    }
    return access(STORE_FILE_NAME, R_OK | W_OK) == 0 || errno == ENOENT ||
           cannot_write(folder, STORE_FILE_NAME, problem);
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
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        text_append_format(&text, "%s: a server is running on this folder already", absolute);
        return false;
    }
    return lock >= 0 ? can_write(absolute, &text) : cannot_write(absolute, NULL, &text);
}

// Control would be refused by the store, and started again for ever.
static bool knows_tables(char *problem, size_t problem_size)
{
    struct text_builder text = text_builder(problem, problem_size);
    char newer[STORE_NEWER_WORDS_MAX + 1];
    bool known = !store_is_newer(STORE_FILE_NAME, newer);
    text_append_format(&text, "%s%s", known ? "" : STORE_FILE_NAME ": ", newer);
    return known;
}

static int signals_open(void)
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGCHLD);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    return signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void files_allow_many(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max; // one descriptor a connection
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
}

int supervisor_run(struct config *config, bool with_demo)
{
    char problem[512] = "";
    struct supervisor self = {.watchdog_every = service_watchdog_every()};
    log_setup("supervisor", LOG_INFO);
    files_allow_many();
    if (config_confined(config)) {
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // nobody of the same user looks into it
    }
    if (!enter_data_folder(config, problem, sizeof(problem)) ||
        !knows_tables(problem, sizeof(problem)) ||
        web_root_check(config, problem, sizeof(problem)) != ERR_NONE ||
        sockets_open(config, &self.sockets, problem, sizeof(problem)) != ERR_NONE) {
        fprintf(stderr, "plenary: cannot start: %s\n", problem);
        return EXIT_FAILURE;
    }
    const struct store_limits limits = {.reserve_bytes = (uint64_t)config->reserve_mib << 20,
                                        .low_bytes = (uint64_t)config->low_mib << 20};
    store_make_room(STORE_FILE_NAME, &limits);
    if (config_write_environment(config) != ERR_NONE ||
        sockets_to_environment(&self.sockets) != ERR_NONE ||
        clock_memory_create((uint32_t)config->meetings_max) != ERR_NONE ||
        vital_signs_open(&self.signs) != ERR_NONE) {
        fprintf(stderr, "plenary: cannot start: out of memory\n");
        return EXIT_FAILURE;
    }
    self.children[0] = (struct child){.face = FACE_MEDIA,
                                      .silence_max = config->media_silence_ms * TIME_US_PER_MS,
                                      .begin_max = BEGIN_MAX_US};
    self.children[1] = (struct child){.face = FACE_CONTROL,
                                      .silence_max = config->control_silence_ms * TIME_US_PER_MS,
                                      .begin_max = BEGIN_MAX_US};
    self.signal_fd = signals_open();
    if (self.signal_fd < 0 || (with_demo && !demo_links_prepare(config))) {
        fprintf(stderr, "plenary: cannot start: the demonstration meeting cannot be made\n");
        sockets_close(&self.sockets);
        return EXIT_FAILURE;
    }
    if (!with_demo) {
        first_link_prepare();
    }
    int code = supervise(&self, config, with_demo);
    sockets_close(&self.sockets);
    vital_signs_close(&self.signs);
    return code;
}
