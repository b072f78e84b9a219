#include "server/control.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "api/api.h"
#include "app/app.h"
#include "base/log.h"
#include "base/text.h"
#include "http/http.h"
#include "server/anchor_service.h"
#include "server/app_settings.h"
#include "server/certificate_files.h"
#include "server/confinement.h"
#include "server/link_client.h"
#include "server/mail_service.h"
#include "server/provider_service.h"
#include "server/public_url.h"
#include "server/report_service.h"
#include "server/sockets.h"
#include "server/supervisor_line.h"
#include "server/upkeep.h"
#include "server/vital_signs.h"
#include "server/web_root.h"
#include "server/worker.h"
#include "store/store.h"

#define MEDIA_STILL_US  (300 * TIME_US_PER_MS) // what it does not say meanwhile is no news
#define MEDIA_SILENT_US TIME_US_PER_S          // told to everybody; it is not replaced yet
#define STOP_GRACE_US   (300 * TIME_US_PER_MS) // for close frames to leave

struct control {
    struct store *store;
    struct app *app;
    struct api *api;
    struct http *http;
    struct link_client *link;
    struct worker *workers[REST_WORKER_COUNT]; // NULL: REST_WORKER_NONE
    struct report_service *reports;
    struct provider_service *provider; // NULL: there is none
    struct vital_signs signs;
    struct heartbeat_watch media_watch;
    bool media_still;  // its loops do not turn just now
    bool media_silent; // its loops do not turn, or it has not begun
    uint64_t replacements_told;
    struct anchor_service *anchors;
    struct mail_service *mails;
    const struct config *config; // borrowed
    struct certificate_watch certificate;
    int poll_fd;
    int signal_fd;
    time_us now;
    time_ms wall;
    struct supervisor_line supervisor;
    bool stopping;
};

// ---- Ports: from the inner modules outwards ----

static bool port_link_send(void *context, const struct link_message *message)
{
    struct control *control = context;
    return link_client_send(control->link, message);
}

static void port_head_due(void *context, const char *meeting, const char *why)
{
    struct control *control = context;
    anchor_service_due(control->anchors, meeting, why);
}

static bool port_live_send(void *context, api_connection connection, const char *text, size_t size)
{
    struct control *control = context;
    return http_live_send(control->http, connection, text, size);
}

static bool port_live_has_room(void *context, api_connection connection)
{
    struct control *control = context;
    return http_live_has_room(control->http, connection);
}

static void port_live_close(void *context, api_connection connection, uint16_t code,
                            const char *reason)
{
    struct control *control = context;
    http_live_close(control->http, connection, code, reason);
}

static void port_respond(void *context, uint64_t request, struct api_response *response)
{
    struct control *control = context;
    http_respond(control->http, request, response);
}

static bool port_run(void *context, enum rest_worker worker, void (*work)(void *),
                     void (*done)(void *), void *argument)
{
    struct control *control = context;
    return worker_run(control->workers[worker], work, done, argument);
}

static enum err port_report_make(void *context, const struct api_report_wish *wish, char **ret_body,
                                 size_t *ret_size)
{
    const struct control *control = context;
    return wish->form == API_REPORT_PDF
               ? report_service_pdf(control->reports, wish->meeting, wish->language, wish->now,
                                    ret_body, ret_size)
               : report_service_json(control->reports, wish->meeting, wish->now, ret_body,
                                     ret_size);
}

static const char *port_report_key(void *context)
{
    const struct control *control = context;
    return signer_public_pem(report_service_signer(control->reports));
}

// The one place that says whether the server can do its work: /readyz, the announcement of the
// start and the service manager hear the same. NULL when it can.
static const char *why_not_ready(const struct control *control)
{
    uint64_t free_bytes = 0;
    if (control->stopping) {
        return "the server is stopping";
    }
    if (!app_media_joined(control->app)) {
        return "the media process is not connected";
    }
    if (control->media_silent) {
        return "the media process does not answer";
    }
    if (app_store_state(control->app, &free_bytes) == STORE_STATE_CLOSED) {
        return "nothing can be written: the disk is full or fails";
    }
    return NULL;
}

static enum err port_upkeep(void *context, struct upkeep *ret_upkeep)
{
    const struct control *control = context;
    uint64_t free_bytes = 0;
    enum err err = upkeep_find(control->store, &control->certificate, ret_upkeep);
    ret_upkeep->store = app_store_state(control->app, &free_bytes);
    ret_upkeep->free_bytes = (int64_t)free_bytes;
    return err;
}

static bool port_ready(void *context, const char **ret_words)
{
    const struct control *control = context;
    static const char *const warnings[STORE_STATE_COUNT] = {
        [STORE_STATE_LOW] = "ready; the disk will be full",
        [STORE_STATE_RESERVE] = "ready; the disk is full, the reserve is being used"};
    uint64_t free_bytes = 0;
    const char *why_not = why_not_ready(control);
    const char *warning = warnings[app_store_state(control->app, &free_bytes)];
    *ret_words = why_not != NULL ? why_not : warning != NULL ? warning : "ready";
    return why_not == NULL;
}

static const struct app_figure *port_figures(void *context, uint32_t *ret_count)
{
    const struct control *control = context;
    const struct http_figures *http = http_figures(control->http);
    const struct anchor_figures anchors = anchor_service_figures(control->anchors);
    const struct takeover_signs takeovers = vital_signs_takeovers(&control->signs);
    static struct app_figure figures[28];
    struct upkeep upkeep;
    (void)!upkeep_find(control->store, &control->certificate, &upkeep);
    const struct app_figure now[] = {
        {"plenary_http_requests_total", "HTTP requests", true, http->requests},
        {"plenary_http_refused_total", "Responses of 400 to 499", true, http->responses_4xx},
        {"plenary_http_failed_total", "Responses of 500 and more", true, http->responses_5xx},
        {"plenary_live_opened_total", "Live connections opened", true, http->live_opened},
        {"plenary_live_open", "Live connections now", false, http->live_open},
        {"plenary_live_slow_closed_total", "Live connections ended because the client did not read",
         true, http->live_slow_closed},
        {"plenary_live_bytes_sent_total", "Bytes queued to live connections", true,
         http->bytes_sent_live},
        {"plenary_live_packed_total", "Messages to live connections that were compressed", true,
         http->live_packed},
        {"plenary_live_packed_again_total",
         "Compressed messages that went to another connection as they were", true,
         http->live_packed_again},
        {"plenary_media_replaced_total", "Media processes started again", true,
         vital_signs_replacement_total(&control->signs, FACE_MEDIA)},
        {"plenary_control_replaced_total", "Control processes started again", true,
         vital_signs_replacement_total(&control->signs, FACE_CONTROL)},
        {"plenary_takeovers_total", "New versions that took over", true, takeovers.done},
        {"plenary_takeovers_refused_total", "New versions that could not take over", true,
         takeovers.refused},
        {"plenary_media_waits", "1 while media is of an older version, until nobody needs it",
         false, takeovers.media_waits},
        {"plenary_http_connections_refused_total", "Connections refused: too many", true,
         http->connections_refused},
        {"plenary_http_connections_gave_way_total",
         "Connections without a session ended for others", true, http->connections_gave_way},
        {"plenary_http_connections_slow_total", "Connections ended: nothing came in time", true,
         http->connections_slow},
        {"plenary_http_ambiguous_total", "Requests refused that two readers could read in two ways",
         true, http->ambiguous},
        {"plenary_tls_failed_total", "TLS handshakes that did not come about", true,
         http->tls_failed},
        {"plenary_anchors_signed_total", "Heads of journals signed", true, anchors.signed_total},
        {"plenary_anchors_undelivered_bytes", "Signed heads that wait to leave the machine", false,
         anchors.undelivered},
        {"plenary_anchors_contradicted", "Signed heads that the journal contradicted at the start",
         false, anchors.contradictions},
        {"plenary_backup_last_timestamp_seconds",
         "The last backup has what was acknowledged before; 0: none was ever made", false,
         (uint64_t)upkeep.backup_at / 1000},
        {"plenary_backup_last_bytes", "The size of its file", false, (uint64_t)upkeep.backup_bytes},
        {"plenary_certificate_expires_timestamp_seconds",
         "When the certificate in use ends; 0: TLS is made elsewhere", false,
         (uint64_t)upkeep.certificate_expires_at / 1000},
        {"plenary_certificate_renewed_total", "Certificates taken up since the start", true,
         control->certificate.renewed},
        {"plenary_certificate_refused",
         "1 while a newer certificate stands there and cannot be used", false,
         control->certificate.refused},
    };
    _Static_assert(sizeof(now) <= sizeof(figures), "every figure has its place");
    memcpy(figures, now, sizeof(now));
    *ret_count = sizeof(now) / sizeof(now[0]);
    return figures;
}

static void link_connected(void *context)
{
    struct control *control = context;
    app_link_connected(control->app, control->now);
}

static void link_disconnected(void *context)
{
    struct control *control = context;
    app_link_disconnected(control->app, control->now);
}

static void link_received(void *context, const struct link_message *message)
{
    struct control *control = context;
    app_link_receive(control->app, message, control->now, control->wall);
}

// ---- Life ----

static void read_clocks(struct control *control)
{
    control->now = time_monotonic_us();
    control->wall = time_wall_ms();
}

static enum err create_app(struct control *control, const struct config *config)
{
    const struct api_ports api_ports = {.context = control,
                                        .live_send = port_live_send,
                                        .live_has_room = port_live_has_room,
                                        .live_close = port_live_close,
                                        .respond = port_respond,
                                        .run = port_run,
                                        .report_make = port_report_make,
                                        .report_key = port_report_key,
                                        .provider = provider_service_ports(control->provider),
                                        .ready = port_ready,
                                        .upkeep = port_upkeep,
                                        .folder = config->data,
                                        .metrics_token = config->metrics_token,
                                        .figures = port_figures};
    struct app_config app_config;
    struct app_ports app_ports = {0};
    enum err result = app_settings_load(config, &app_config);
    result = result == ERR_NONE ? api_create(&api_ports, &control->api) : result;
    if (result != ERR_NONE) {
        return result;
    }
    api_fill_app_ports(control->api, &app_ports);
    app_ports.link_send = port_link_send;
    app_ports.link_context = control;
    app_ports.head_due = port_head_due;
    result = app_create(&app_config, &app_ports, control->store, control->now, control->wall,
                        &control->app);
    explicit_bzero(&app_config.sign_in, sizeof(app_config.sign_in));
    if (result == ERR_NONE) {
        api_set_app(control->api, control->app);
        mail_service_begin(control->mails, control->app);
    }
    return result;
}

static enum err create_http(struct control *control, const struct config *config, int listen_fd)
{
    struct certificate_files certificate = {0};
    certificate_watch_begin(&control->certificate, config);
    char web_root[512];
    char prefix[CONFIG_TEXT_MAX + 1];
    enum err result = config_tls_wanted(config)
                          ? certificate_files_load(config, control->wall, &certificate)
                          : ERR_NONE;
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, "control.no_certificate", LOG_TEXT("error", err_slug(result)));
        return result;
    }
    if (web_root_find(config, web_root, sizeof(web_root)) != ERR_NONE) {
        web_root[0] = '\0'; // told when the page is read
    }
    public_url_prefix(config, prefix);
    const struct http_config http_config = {
        .listen_fd = listen_fd,
        .web_root = web_root,
        .prefix = prefix,
        .trusted_proxies = config->trusted_proxies,
        .proxies_say_forwarded = text_equal(config->proxy_field, "forwarded"),
        .hsts_days = public_url_is_https(config) ? (uint32_t)config->hsts_days : 0,
        .certificate = certificate.certificate,
        .key = certificate.key,
        .connections_max = (uint32_t)config->connections_max,
        .connections_per_address_max = (uint32_t)config->connections_per_address_max};
    result = http_create(&http_config, control->api, &control->http);
    if (result == ERR_NONE && certificate.certificate != NULL) {
        certificate_watch_uses(&control->certificate, config, &certificate);
    }
    certificate_files_finish(&certificate);
    return result;
}

static bool watch(struct control *control, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return fd >= 0 && epoll_ctl(control->poll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

// Before any thread is made: one that lets the signal in would end the process on the spot.
static void block_signals(struct control *control)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    control->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static enum err create_loop(struct control *control)
{
    control->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (control->poll_fd < 0 || !watch(control, control->signal_fd) ||
        !watch(control, http_poll_fd(control->http)) ||
        !watch(control, link_client_fd(control->link)) ||
        !watch(control, store_event_fd(control->store))) {
        return ERR_IO;
    }
    bool watched = true;
    for (int i = REST_WORKER_NONE + 1; i < REST_WORKER_COUNT; i++) {
        watched = watched && watch(control, worker_fd(control->workers[i]));
    }
    return watched ? ERR_NONE : ERR_IO;
}

static enum err open_store(struct control *control, const struct config *config)
{
    const struct store_limits limits = {.reserve_bytes = (uint64_t)config->reserve_mib << 20,
                                        .low_bytes = (uint64_t)config->low_mib << 20};
    enum err result = store_open(STORE_FILE_NAME, &control->store);
    return result == ERR_NONE ? store_watch(control->store, &limits) : result;
}

static enum err create_anchors(struct control *control, const struct config *config)
{
    const struct anchor_config anchors = {.file = config->anchors_file,
                                          .webhook = config->anchors_webhook,
                                          .interval = config->anchors_minutes * 60 * TIME_US_PER_S};
    return anchor_service_create(&anchors, report_service_signer(control->reports),
                                 &control->anchors);
}

static enum err create_workers(struct control *control)
{
    enum err result = ERR_NONE;
    for (int i = REST_WORKER_NONE + 1; i < REST_WORKER_COUNT && result == ERR_NONE; i++) {
        result = worker_create(rest_workers[i].gives_way ? WORKER_GIVES_WAY : WORKER_ORDINARY,
                               &control->workers[i]);
    }
    return result;
}

static enum err control_create(struct control *control, const struct config *config,
                               const struct sockets *sockets)
{
    const struct link_client_events link_events = {.context = control,
                                                   .connected = link_connected,
                                                   .disconnected = link_disconnected,
                                                   .received = link_received};
    block_signals(control);
    read_clocks(control);
    control->media_watch.yielding = face_yielding_parts(FACE_MEDIA);
    enum err result = create_workers(control);
    if (result == ERR_NONE) {
        result = open_store(control, config);
    }
    if (result == ERR_NONE) {
        result = report_service_create(&control->reports);
    }
    if (result == ERR_NONE) {
        result = create_anchors(control, config);
    }
    if (result == ERR_NONE) {
        result = mail_service_create(config, control->workers[REST_WORKER_MAILS], &control->mails);
    }
    if (result == ERR_NONE) {
        result = provider_service_create(config, &control->provider);
    }
    if (result == ERR_NONE) {
        result = link_client_create(SOCKETS_LINK_PATH, &link_events, &control->link);
    }
    if (result == ERR_NONE) {
        result = create_app(control, config);
    }
    if (result == ERR_NONE) {
        result = create_http(control, config, sockets->listen_fd);
    }
    return result != ERR_NONE ? result : create_loop(control);
}

static void control_destroy(struct control *control)
{
    http_destroy(control->http);
    link_client_destroy(control->link);
    mail_service_stop(control->mails);
    provider_service_stop(control->provider);
    for (int i = REST_WORKER_NONE + 1; i < REST_WORKER_COUNT; i++) {
        worker_destroy(control->workers[i]);
    }
    mail_service_destroy(control->mails);
    app_destroy(control->app);
    api_destroy(control->api);
    anchor_service_destroy(control->anchors);
    provider_service_destroy(control->provider);
    report_service_destroy(control->reports);
    store_close(control->store);
}

static time_us earliest(time_us a, time_us b)
{
    return a < b ? a : b;
}

static int wait_ms(const struct control *control)
{
    time_us next = earliest(app_next_deadline(control->app), api_next_deadline(control->api));
    next = earliest(next, link_client_next_deadline(control->link));
    next = earliest(next, http_next_deadline(control->http, control->now));
    // At the latest to beat, and to look whether media does.
    next = earliest(next, control->now + HEARTBEAT_EVERY_US);
    return next <= control->now ? 0 : (int)((next - control->now) / TIME_US_PER_MS + 1);
}

static void announce(struct control *control)
{
    if (why_not_ready(control) == NULL && supervisor_line_ready(&control->supervisor)) {
        log_event(LOG_INFO, "control.ready", LOG_INT("pid", getpid()));
    }
}

// Everything that may have work is asked in each turn: each of them returns at once when it has
// none.
static void run_turn(struct control *control)
{
    app_tick(control->app, control->now, control->wall);
    http_run(control->http, control->now, control->wall);
    link_client_run(control->link, control->now);
    for (int i = REST_WORKER_NONE + 1; i < REST_WORKER_COUNT; i++) {
        worker_collect(control->workers[i]);
    }
    app_committed(control->app, control->now, control->wall);
    if (app_next_deadline(control->app) <= control->now) {
        app_on_deadline(control->app, control->now, control->wall);
    }
    if (api_next_deadline(control->api) <= control->now) {
        api_on_deadline(control->api, control->now, control->wall);
    }
    http_flush(control->http);
    announce(control);
}

// The supervisor replaces a media process that hangs; until then nobody may be told that all is
// well.
// After the turn: that the link has ended is known first.
static void look_at_media(struct control *control)
{
    if (control->now - control->media_watch.looked_at < HEARTBEAT_LOOK_EVERY_US) {
        return;
    }
    struct heartbeat_finding finding = heartbeat_watch_look(
        &control->media_watch, control->signs.boards[FACE_MEDIA], control->now);
    bool still = finding.silent >= MEDIA_STILL_US;
    if (still != control->media_still) {
        control->media_still = still;
        app_media_still(control->app, still ? control->now - finding.silent : 0, control->now,
                        control->wall);
    }
    bool silent = finding.silent >= MEDIA_SILENT_US;
    if (silent != control->media_silent) {
        control->media_silent = silent;
        log_event(silent ? LOG_WARNING : LOG_INFO, silent ? "media.silent" : "media.answers",
                  LOG_TEXT("loop", face_part_name(FACE_MEDIA, finding.part)));
        app_media_silent(control->app, silent, control->now, control->wall);
    }
}

static void tell_replacements(struct control *control)
{
    struct replacement list[REPLACEMENTS_KEPT];
    uint32_t count = 0;
    uint64_t total = vital_signs_replacements(&control->signs, list, &count);
    if (total == control->replacements_told) {
        return;
    }
    struct notice_processes_changed changed = {.replaced_count = count};
    for (uint32_t i = 0; i < count; i++) {
        changed.replaced[i] = (struct process_replacement){
            .process = list[i].face == FACE_MEDIA ? SERVER_PROCESS_MEDIA : SERVER_PROCESS_CONTROL,
            .cause = list[i].cause == ENDING_HUNG ? REPLACEMENT_CAUSE_HUNG : REPLACEMENT_CAUSE_DIED,
            .at = list[i].at,
        };
    }
    control->replacements_told = total;
    app_processes_replaced(control->app, &changed);
}

static void run_until(struct control *control, time_us until)
{
    while (!control->stopping || control->now < until) {
        struct epoll_event events[16];
        int timeout_ms = wait_ms(control);
        if (control->stopping && (timeout_ms < 0 || timeout_ms > 20)) {
            timeout_ms = 20;
        }
        int count = epoll_wait(control->poll_fd, events, 16, timeout_ms);
        heartbeat_beat(&control->signs.boards[FACE_CONTROL]->parts[0]);
        read_clocks(control);
        for (int i = 0; i < count; i++) {
            struct signalfd_siginfo info;
            if (events[i].data.fd == control->signal_fd && !control->stopping &&
                read(control->signal_fd, &info, sizeof(info)) == sizeof(info)) {
                control->stopping = true;
                http_stop_accepting(control->http);
                app_stop(control->app, control->now, control->wall);
                until = control->now + STOP_GRACE_US;
            }
        }
        run_turn(control);
        look_at_media(control);
        supervisor_line_look(&control->supervisor, &control->signs, control->app, control->now);
        certificate_watch_look(&control->certificate, control->config, control->http, control->now,
                               control->wall);
        tell_replacements(control);
    }
}

int control_run(const struct config *config)
{
    struct control control = {.config = config, .poll_fd = -1, .signal_fd = -1};
    struct sockets sockets;
    enum log_level level = LOG_INFO;
    (void)log_level_from_text(config->log_level, &level);
    log_setup("control", level);
    if (sockets_from_environment(&sockets) != ERR_NONE ||
        vital_signs_take(FACE_CONTROL, &control.signs) != ERR_NONE) {
        fprintf(stderr, "plenary control: this is started by plenary serve\n");
        return EXIT_FAILURE;
    }
    // Before the first thread: each has the walls of the one that made it.
    enum err result = confinement_control(config);
    if (result == ERR_NONE) {
        result = control_create(&control, config, &sockets);
    }
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, "control.cannot_start", LOG_TEXT("error", err_slug(result)));
        control_destroy(&control);
        return EXIT_FAILURE;
    }
    log_event(LOG_INFO, "control.started", LOG_INT("port", config->port));
    control.supervisor.fd = sockets.ready_write_fd;
    heartbeat_begin(&control.signs.boards[FACE_CONTROL]->parts[0], gettid());
    run_until(&control, 0);
    control_destroy(&control);
    log_event(LOG_INFO, "control.stopped", LOG_INT("pid", getpid()));
    return EXIT_SUCCESS;
}
