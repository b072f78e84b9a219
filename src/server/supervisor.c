#include "server/supervisor.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "link/link.h"
#include "server/child.h"
#include "server/clock_memory.h"
#include "server/data_folder.h"
#include "server/demo_links.h"
#include "server/first_link.h"
#include "server/inheritance.h"
#include "server/program.h"
#include "server/service_notify.h"
#include "server/sockets.h"
#include "server/takeover.h"
#include "server/vital_signs.h"
#include "server/web_root.h"
#include "store/store.h"

#define BEGIN_MAX_US (120 * TIME_US_PER_S) // replaying a long journal takes its time

struct supervisor {
    struct child children[FACE_COUNT]; // in the order of starting; stopping goes backwards
    struct vital_signs signs;
    struct sockets sockets;
    struct program own;
    struct takeover takeover;
    char path[PATH_MAX]; // where a new version is looked for
    char **arguments;    // borrowed: how this process was called
    int lock_fd;
    int signal_fd;
    bool with_demo;
    bool announced;
    bool media_waits;       // that it is of another version was said
    bool hand_over_due;     // control is a new version's
    bool hang_up_ends;      // that of the terminal, as ever
    time_us watchdog_every; // 0: systemd does not watch
    time_us watchdog_at;
};

static void reap(struct supervisor *self, bool stopping, time_us now)
{
    int status = 0;
    for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
        (void)takeover_process_ended(&self->takeover, pid, status);
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
        if (child->pid == 0 && !child->held && child->start_at <= now) {
            child_start(child, &self->signs, &self->sockets, now);
        }
        if (child->pid == 0 && !child->held && child->start_at < next) {
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
    bool stop;
    uint32_t signal; // that it was
    bool take_over;
    char news; // of control; 0: none
};

static void note_signal(const struct supervisor *self, const struct signalfd_siginfo *info,
                        struct occurrence *occurrence)
{
    occurrence->signal = info->ssi_signo;
    occurrence->stop = info->ssi_signo == SIGTERM || info->ssi_signo == SIGINT;
    if (info->ssi_signo == SIGHUP && info->ssi_code == SI_KERNEL) {
        occurrence->stop = self->hang_up_ends; // nobody asks for anything: the terminal is gone
    } else if (info->ssi_signo == SIGHUP) {
        occurrence->take_over = true;
    }
}

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
        note_signal(self, &info, &occurrence);
    }
    occurrence.news = sockets_next_news(&self->sockets);
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
        time_us give_up_at = time_monotonic_us() + CHILD_STOP_US;
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

static void announce(struct supervisor *self, const struct config *config)
{
    self->announced = true;
    service_notify("READY=1");
    if (self->with_demo) {
        demo_links_print(config, stdout);
    } else {
        first_link_print(config, stdout);
    }
}

// ---- A new version

// Media of another version than control stays until nobody needs it; that it waits is told.
static void look_at_media(struct supervisor *self, bool idle, time_us now)
{
    struct child *media = &self->children[FACE_MEDIA];
    const struct program *newest = self->children[FACE_CONTROL].program;
    bool waits = self->takeover.phase == TAKEOVER_IDLE && media->pid != 0 && !media->told &&
                 !program_same(&media->running, &newest->id);
    vital_signs_media_waits(&self->signs, waits && !idle);
    if (waits && !self->media_waits) {
        log_event(LOG_INFO, "media.waits", LOG_INT("pid", media->pid),
                  LOG_TEXT("reason",
                           "it is of another version than control, and is replaced when no "
                           "sitting is open and nobody has joined"));
    }
    self->media_waits = waits && !idle;
    if (waits && idle) {
        log_event(LOG_INFO, "media.follows", LOG_INT("pid", media->pid));
        media->program = newest;
        child_tell_to_stop(media, now);
    }
}

static void tell_service(const struct supervisor *self, const char *state, const char *words)
{
    char text[64 + TAKEOVER_WORDS_MAX];
    struct text_builder builder = text_builder(text, sizeof(text));
    text_append_format(&builder, "%sSTATUS=%s", self->announced ? state : "", words);
    if (!builder.failed) {
        service_notify(text);
    }
}

// The new version takes this process's place too; the others stay its children. Comes back only
// when that cannot be done: then this supervisor goes on, with the new control.
static void hand_over(struct supervisor *self)
{
    const struct child *media = &self->children[FACE_MEDIA];
    struct inheritance left = {.lock_fd = self->lock_fd,
                               .ready_fd = self->sockets.ready_read_fd,
                               .clocks_fd = clock_memory_fd(),
                               .began_after = self->children[FACE_CONTROL].began_after,
                               .media = media->running,
                               .media_link = media->link};
    memcpy(left.path, self->path, sizeof(left.path));
    memcpy(left.signs_fds, self->signs.fds, sizeof(left.signs_fds));
    for (size_t i = 0; i < FACE_COUNT; i++) {
        left.pids[i] = self->children[i].pid;
    }
    if (self->takeover.wished) {
        (void)kill(getpid(), SIGHUP); // held back: the next one hears it
    }
    if (inheritance_pass(&left) == ERR_NONE) {
        program_become(&self->takeover.next, self->arguments);
    }
    log_event(LOG_WARNING, "supervisor.stays", LOG_INT("errno", errno));
    inheritance_withdraw(&left);
    tell_service(self, "READY=1\n", "the new version runs under the old supervisor");
}

static void follow_takeover(struct supervisor *self, time_us now)
{
    char reloading[64];
    switch (takeover_turn(&self->takeover, now)) {
    case TAKEOVER_NOTHING: break;
    case TAKEOVER_BEGAN:
        snprintf(reloading, sizeof(reloading), "RELOADING=1\nMONOTONIC_USEC=%lld\n",
                 (long long)now);
        tell_service(self, reloading, "a new version is taking over");
        break;
    case TAKEOVER_REFUSED: tell_service(self, "READY=1\n", self->takeover.words); break;
    case TAKEOVER_UNDONE:
        self->hand_over_due = false;
        tell_service(self, "READY=1\n", self->takeover.words);
        break;
    case TAKEOVER_DONE: self->hand_over_due = true; break;
    }
    // What is still to be printed is in this process alone.
    if (self->hand_over_due && self->announced && self->takeover.phase == TAKEOVER_IDLE) {
        self->hand_over_due = false;
        hand_over(self);
    }
}

static int supervise(struct supervisor *self, const struct config *config)
{
    for (;;) {
        time_us now = time_monotonic_us();
        time_us next = start_due(self, now);
        time_us look_at = now + HEARTBEAT_LOOK_EVERY_US;
        struct occurrence occurrence = wait_occurrence(self, next < look_at ? next : look_at);
        if (occurrence.news == SOCKETS_NEWS_READY) {
            takeover_control_ready(&self->takeover);
            if (!self->announced) {
                announce(self, config);
            }
        }
        if (occurrence.stop) {
            log_event(LOG_INFO, "server.stopping", LOG_INT("signal", occurrence.signal));
            service_notify("STOPPING=1");
            takeover_finish(&self->takeover);
            stop_all(self);
            return EXIT_SUCCESS;
        }
        if (occurrence.take_over) {
            takeover_wish(&self->takeover);
        }
        now = time_monotonic_us();
        reap(self, false, now);
        look_at_all(self, now);
        follow_takeover(self, now);
        look_at_media(self, occurrence.news == SOCKETS_NEWS_MEDIA_IDLE, now);
    }
}

// ---- Beginning

static int signals_open(void)
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGHUP);
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

// Before all else: from here on a wish for a new version waits until it can be heard.
static void begin(struct supervisor *self, const struct config *config, char **arguments)
{
    struct sigaction hang_up;
    *self = (struct supervisor){.arguments = arguments,
                                .lock_fd = -1,
                                .signal_fd = signals_open(),
                                .watchdog_every = service_watchdog_every()};
    self->hang_up_ends = sigaction(SIGHUP, NULL, &hang_up) == 0 && hang_up.sa_handler != SIG_IGN;
    log_setup("supervisor", LOG_INFO);
    files_allow_many();
    if (config_confined(config)) {
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); // nobody of the same user looks into it
    }
}

static bool begin_family(struct supervisor *self, const struct config *config)
{
    const int64_t silence_ms[FACE_COUNT] = {
        [FACE_MEDIA] = config->media_silence_ms, [FACE_CONTROL] = config->control_silence_ms};
    if (self->signal_fd < 0 || program_open_own(&self->own) != ERR_NONE) {
        return false;
    }
    self->own.link = LINK_VERSION;
    for (size_t i = 0; i < FACE_COUNT; i++) {
        self->children[i] = (struct child){.face = (enum face)i,
                                           .program = &self->own,
                                           .silence_max = silence_ms[i] * TIME_US_PER_MS,
                                           .begin_max = BEGIN_MAX_US};
    }
    takeover_init(&self->takeover);
    self->takeover.media = &self->children[FACE_MEDIA];
    self->takeover.control = &self->children[FACE_CONTROL];
    self->takeover.signs = &self->signs;
    self->takeover.sockets = &self->sockets;
    self->takeover.own = &self->own;
    self->takeover.path = self->path;
    return true;
}

static int live(struct supervisor *self, const struct config *config)
{
    int code = supervise(self, config);
    sockets_close(&self->sockets);
    vital_signs_close(&self->signs);
    return code;
}

int supervisor_run(struct config *config, bool with_demo, char **arguments)
{
    char problem[512] = "";
    struct supervisor self;
    begin(&self, config, arguments);
    self.with_demo = with_demo;
    if (program_name(self.path) != ERR_NONE || !begin_family(&self, config)) {
        fprintf(stderr, "plenary: cannot start: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    if (data_folder_enter(config, &self.lock_fd, problem, sizeof(problem)) != ERR_NONE ||
        store_is_newer(STORE_FILE_NAME, problem) || // control would be refused, for ever
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
    if (with_demo && !demo_links_prepare(config)) {
        fprintf(stderr, "plenary: cannot start: the demonstration meeting cannot be made\n");
        sockets_close(&self.sockets);
        return EXIT_FAILURE;
    }
    if (!with_demo) {
        first_link_prepare();
    }
    return live(&self, config);
}

// ---- In the place of an older version

static bool inherit(struct supervisor *self, const struct inheritance *left)
{
    time_us now = time_monotonic_us();
    if (vital_signs_adopt(left->signs_fds, &self->signs) != ERR_NONE ||
        sockets_from_environment(&self->sockets) != ERR_NONE) {
        return false;
    }
    clock_memory_adopt(left->clocks_fd);
    self->sockets.ready_read_fd = left->ready_fd;
    self->lock_fd = left->lock_fd;
    self->announced = true;
    memcpy(self->path, left->path, sizeof(self->path));
    for (size_t i = 0; i < FACE_COUNT; i++) {
        struct child *child = &self->children[i];
        child->running = i == FACE_MEDIA ? left->media : self->own.id;
        child->link = i == FACE_MEDIA ? left->media_link : LINK_VERSION;
        child_adopt(child, left->pids[i], now);
    }
    self->children[FACE_CONTROL].began_after = left->began_after;
    return true;
}

int supervisor_resume(struct config *config, char **arguments)
{
    struct supervisor self;
    struct inheritance left;
    begin(&self, config, arguments);
    if (!begin_family(&self, config) || inheritance_take(&left) != ERR_NONE ||
        !inherit(&self, &left)) {
        // Its children end with it, and whoever runs the service begins it anew.
        log_event(LOG_ERROR, "supervisor.cannot_resume", LOG_INT("errno", errno));
        return EXIT_FAILURE;
    }
    log_event(LOG_INFO, "supervisor.resumed", LOG_TEXT("version", PLENARY_VERSION));
    tell_service(&self, "READY=1\n", "version " PLENARY_VERSION " has taken over");
    return live(&self, config);
}
