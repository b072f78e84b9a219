#include "media/media_process.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "crypto/certificate.h"
#include "crypto/secure_rtp.h"
#include "media/coordinator.h"
#include "media/handshake.h"
#include "media/media_thread.h"

#define CERTIFICATE_DAYS 365
#define GOODBYE_US       500000 // for saying it to all peers

struct media_process {
    const struct media_config *config;
    struct heartbeat_board unwatched; // when the configuration has no board
    struct heartbeat_board *heartbeats;
    int signal_fd;
    struct certificate certificate;
    struct peer_table table;
    struct mailbox mailboxes[MAILBOX_THREADS_MAX];
    struct mailbox handshake_mailbox;
    struct mailbox coordinator_mailbox;
    struct counters counters[MAILBOX_THREADS_MAX + 1]; // the last: the handshake thread's
    struct engine_shared shared;
    unsigned threads_made;
    struct media_thread threads[MAILBOX_THREADS_MAX];
    struct handshake *handshake;
    pthread_t handshake_thread;
    unsigned threads_running;
    bool handshake_running;
    bool coordinator_made;
    struct coordinator coordinator;
};

void media_config_init(struct media_config *config)
{
    *config = (struct media_config){
        .thread_count = 1,
        .link_fd = -1,
        .peers_max = 2048,
        .sources_max = 4096,
        .video_sources_max = 512,
        .channels_max = 1024,
        .slots_max = 16384,
        .video_slots_max = 4096,
        .receive_bps_max = 3000000,
        .transmit_bps_max = 6000000,
        .handshakes_max = 256,
        .disconnect_after = 6 * (time_us)TIME_US_PER_S,
        .close_after = 30 * (time_us)TIME_US_PER_S,
        .handshake_within = 30 * (time_us)TIME_US_PER_S,
        .handshake_owed = 8 * (time_us)TIME_US_PER_S, // four round trips of a very long line
        .log_level = LOG_INFO,
    };
}

static enum err signals_open(struct media_process *process)
{
    // Blocked before any thread begins, so that every thread inherits it and the coordinator alone
    // hears them; and blocked to the end, so that a second signal does not interrupt the goodbyes.
    sigset_t signals;
    (void)signal(SIGPIPE, SIG_IGN); // a closed standard error is no reason to stop the sound
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0) {
        return ERR_IO;
    }
    process->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    return process->signal_fd >= 0 ? ERR_NONE : ERR_IO;
}

static enum err server_describe(struct media_process *process, struct media_sdp_server *server)
{
    const struct media_config *config = process->config;
    server->fingerprint = process->certificate.fingerprint;
    for (unsigned i = 0; i < config->candidate_count && i < SDP_CANDIDATES_MAX; i++) {
        enum err err = address_from_text(config->candidates[i], config->port,
                                         &server->candidates[server->candidate_count]);
        if (err != ERR_NONE) {
            return err;
        }
        server->candidate_count++;
    }
    return server->candidate_count > 0 ? ERR_NONE : ERR_INVALID;
}

static enum err mailboxes_make(struct media_process *process)
{
    unsigned count = process->config->thread_count;
    enum err err = mailbox_init(&process->handshake_mailbox, count);
    if (err == ERR_NONE) {
        err = mailbox_init(&process->coordinator_mailbox, count);
    }
    for (unsigned i = 0; err == ERR_NONE && i < count; i++) {
        err = mailbox_init(&process->mailboxes[i], count);
    }
    return err;
}

static enum err threads_make(struct media_process *process)
{
    const struct media_config *config = process->config;
    process->shared = (struct engine_shared){
        .table = &process->table,
        .mailboxes = process->mailboxes,
        .handshake = &process->handshake_mailbox,
        .coordinator = &process->coordinator_mailbox,
        .counters = process->counters,
        .thread_count = config->thread_count,
        .limits =
            {
                .peers_max = config->peers_max,
                .sources_max = config->sources_max,
                .video_sources_max = config->video_sources_max,
                .channels_max = config->channels_max,
                .slots_max = config->slots_max,
                .video_slots_max = config->video_slots_max,
                .receive_bps_max = config->receive_bps_max,
                .transmit_bps_max = config->transmit_bps_max,
                .listen_only_variant = config->listen_only_variant,
            },
        .timeouts =
            {
                .disconnect_after = config->disconnect_after,
                .close_after = config->close_after,
                .handshake_within = config->handshake_within,
            },
    };
    enum err err = ERR_NONE;
    while (err == ERR_NONE && process->threads_made < config->thread_count) {
        unsigned number = process->threads_made;
        err = media_thread_init(&process->threads[number], &process->shared, number,
                                config->udp_fds[number], &config->transmit);
        process->threads[number].heartbeat =
            &process->heartbeats->parts[MEDIA_PART_THREADS + number];
        process->threads_made += err == ERR_NONE ? 1 : 0;
    }
    return err;
}

static enum err handshake_make(struct media_process *process)
{
    struct handshake_setup setup = {
        .table = &process->table,
        .mailbox = &process->handshake_mailbox,
        .mailboxes = process->mailboxes,
        .coordinator = &process->coordinator_mailbox,
        .counters = &process->counters[process->config->thread_count],
        .heartbeat = &process->heartbeats->parts[MEDIA_PART_HANDSHAKE],
        .certificate = &process->certificate,
        .thread_count = process->config->thread_count,
        .handshakes_max = process->config->handshakes_max,
        .handshake_within = process->config->handshake_within,
        .gives_way_after = process->config->handshake_owed,
    };
    process->handshake = handshake_create(&setup);
    return process->handshake != NULL ? ERR_NONE : ERR_FULL;
}

static enum err coordinator_make(struct media_process *process)
{
    struct coordinator *coordinator = &process->coordinator;
    coordinator->table = &process->table;
    coordinator->mailbox = &process->coordinator_mailbox;
    coordinator->mailboxes = process->mailboxes;
    coordinator->handshake = &process->handshake_mailbox;
    coordinator->counters = process->counters;
    coordinator->counters_count = process->config->thread_count + 1;
    coordinator->thread_count = process->config->thread_count;
    coordinator->close_after = process->config->close_after;
    coordinator->sound_without_picture = process->config->sound_without_picture;
    enum err err = server_describe(process, &coordinator->server);
    if (err == ERR_NONE) {
        err = coordinator_init(coordinator, process->config->link_fd);
        process->coordinator_made = err == ERR_NONE;
    }
    return err;
}

static enum err threads_start(struct media_process *process)
{
    // The first beat of each is made for it: one that never comes to its loop is missed as well.
    heartbeat_beat(&process->heartbeats->parts[MEDIA_PART_HANDSHAKE]);
    if (pthread_create(&process->handshake_thread, NULL, handshake_run, process->handshake) != 0) {
        return ERR_FULL;
    }
    process->handshake_running = true;
    while (process->threads_running < process->threads_made) {
        struct media_thread *thread = &process->threads[process->threads_running];
        heartbeat_beat(thread->heartbeat);
        if (pthread_create(&thread->thread, NULL, media_thread_run, thread) != 0) {
            return ERR_FULL;
        }
        process->threads_running++;
    }
    return ERR_NONE;
}

static enum err process_start(struct media_process *process)
{
    enum err err = secure_rtp_setup();
    if (err == ERR_NONE) {
        err = certificate_init(&process->certificate, CERTIFICATE_DAYS);
    }
    if (err == ERR_NONE) {
        err = peer_table_init(&process->table, process->config->peers_max);
    }
    if (err == ERR_NONE) {
        err = mailboxes_make(process);
    }
    if (err == ERR_NONE) {
        err = threads_make(process);
    }
    if (err == ERR_NONE) {
        err = handshake_make(process);
    }
    if (err == ERR_NONE) {
        err = coordinator_make(process);
    }
    if (err == ERR_NONE) {
        err = signals_open(process);
    }
    if (err == ERR_NONE && process->config->confine != NULL) {
        err = process->config->confine(process->config->confine_context);
    }
    return err == ERR_NONE ? threads_start(process) : err;
}

static void stop_send(struct mailbox *mailbox)
{
    (void)mailbox_begin_wait(mailbox, MAILBOX_COORDINATOR, MAIL_STOP, 0);
    mailbox_push(mailbox, MAILBOX_COORDINATOR);
    mailbox_wake(mailbox);
}

// The handshake thread first: it writes to the media threads and must find them reading.
static void process_finish(struct media_process *process)
{
    if (process->handshake_running) {
        stop_send(&process->handshake_mailbox);
        (void)pthread_join(process->handshake_thread, NULL);
    }
    for (unsigned i = 0; i < process->threads_running; i++) {
        stop_send(&process->mailboxes[i]);
    }
    for (unsigned i = 0; i < process->threads_running; i++) {
        (void)pthread_join(process->threads[i].thread, NULL);
    }
    if (process->coordinator_made) {
        coordinator_finish(&process->coordinator);
    }
    handshake_destroy(process->handshake);
    for (unsigned i = 0; i < process->threads_made; i++) {
        media_thread_finish(&process->threads[i]);
    }
    for (unsigned i = 0; i < process->config->thread_count; i++) {
        mailbox_finish(&process->mailboxes[i]);
    }
    mailbox_finish(&process->handshake_mailbox);
    mailbox_finish(&process->coordinator_mailbox);
    peer_table_finish(&process->table);
    certificate_finish(&process->certificate);
    if (process->signal_fd >= 0) {
        close(process->signal_fd);
    }
}

static int wait_ms(time_us left)
{
    return left <= 0 ? 0 : (int)(left / TIME_US_PER_MS) + 1;
}

// One turn of the coordinator. True when a signal asks to stop.
static bool process_turn(struct media_process *process, time_us until)
{
    struct coordinator *coordinator = &process->coordinator;
    struct mailbox *mailbox = coordinator->mailbox;
    struct pollfd wait[4] = {
        {.fd = mailbox->event_fd, .events = POLLIN},
        {.fd = process->signal_fd, .events = POLLIN},
        {.fd = coordinator->port.listen_fd, .events = POLLIN},
        {.fd = coordinator->port.fd, .events = POLLIN}, // poll() passes over -1
    };
    if (link_port_blocked(&coordinator->port)) {
        wait[3].events |= POLLOUT;
    }
    time_us deadline = coordinator_next_deadline(coordinator);
    time_us left = (deadline < until ? deadline : until) - time_monotonic_us();
    left = left < HEARTBEAT_EVERY_US ? left : HEARTBEAT_EVERY_US;
    heartbeat_beat(&process->heartbeats->parts[MEDIA_PART_COORDINATOR]);
    bool sleep = mailbox_sleep(mailbox);
    (void)poll(wait, 4, sleep ? wait_ms(left) : 0);
    mailbox_awake(mailbox, (wait[0].revents & POLLIN) != 0);
    time_us now = time_monotonic_us();
    if ((wait[3].revents & POLLOUT) != 0) {
        link_port_flush(&coordinator->port);
    }
    if ((wait[3].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        coordinator_read_link(coordinator, now);
    }
    if ((wait[2].revents & POLLIN) != 0 && link_port_accept(&coordinator->port)) {
        log_event(LOG_INFO, "media.link_began", LOG_INT("peers", coordinator->live.count));
    }
    coordinator_read_mail(coordinator, now);
    if (coordinator_next_deadline(coordinator) <= now) {
        coordinator_on_deadline(coordinator, now);
    }
    struct signalfd_siginfo signal;
    return (wait[1].revents & POLLIN) != 0 &&
           read(process->signal_fd, &signal, sizeof(signal)) == (ssize_t)sizeof(signal);
}

static void process_serve(struct media_process *process)
{
    heartbeat_begin(&process->heartbeats->parts[MEDIA_PART_COORDINATOR], gettid());
    while (!process_turn(process, TIME_US_NEVER)) {
    }
    struct index_set *live = &process->coordinator.live;
    log_event(LOG_INFO, "media.stopping", LOG_INT("peers", live->count));
    for (uint32_t i = 0; i < live->count; i++) {
        coordinator_peer_close(&process->coordinator, live->items[i]);
    }
    time_us until = time_monotonic_us() + GOODBYE_US;
    while (live->count > 0 && time_monotonic_us() < until) {
        (void)process_turn(process, until);
    }
}

int media_process_run(const struct media_config *config)
{
    ASSERT(config->thread_count >= 1 && config->thread_count <= MAILBOX_THREADS_MAX);
    log_setup("media", config->log_level);
    // Not calloc(): mailboxes and counters stand on cache lines of their own.
    struct media_process *process = aligned_alloc(_Alignof(struct media_process), sizeof(*process));
    if (process == NULL) {
        log_event(LOG_ERROR, "media.not_started", LOG_TEXT("reason", err_slug(ERR_FULL)));
        return 1;
    }
    memset(process, 0, sizeof(*process));
    process->config = config;
    process->heartbeats = config->heartbeats != NULL ? config->heartbeats : &process->unwatched;
    process->signal_fd = -1;
    enum err err = process_start(process);
    if (err == ERR_NONE) {
        log_event(LOG_INFO, "media.started", LOG_INT("threads", config->thread_count),
                  LOG_INT("port", config->port), LOG_TEXT("cipher", secure_rtp_backend()));
        process_serve(process);
    } else {
        log_event(LOG_ERROR, "media.not_started", LOG_TEXT("reason", err_slug(err)));
    }
    process_finish(process);
    free(process);
    log_event(LOG_INFO, "media.stopped", LOG_INT("status", err == ERR_NONE ? 0 : 1));
    return err == ERR_NONE ? 0 : 1;
}
