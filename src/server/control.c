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
#include "server/certificate_files.h"
#include "server/link_client.h"
#include "server/report_service.h"
#include "server/sandbox.h"
#include "server/sockets.h"
#include "server/web_root.h"
#include "server/worker.h"
#include "store/store.h"

#define STOP_GRACE_US (300 * TIME_US_PER_MS) // for close frames to leave

struct control {
    struct store *store;
    struct app *app;
    struct api *api;
    struct http *http;
    struct link_client *link;
    struct worker *worker;
    struct report_service *reports;
    int poll_fd;
    int signal_fd;
    time_us now;
    time_ms wall;
    bool stopping;
};

// ---- Ports: from the inner modules outwards ----

static bool port_link_send(void *context, const struct link_message *message)
{
    struct control *control = context;
    return link_client_send(control->link, message);
}

static bool port_live_send(void *context, api_connection connection, const char *text, size_t size)
{
    struct control *control = context;
    return http_live_send(control->http, connection, text, size);
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

static bool port_run_work(void *context, void (*work)(void *), void (*done)(void *), void *argument)
{
    struct control *control = context;
    return worker_run(control->worker, work, done, argument);
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

static bool port_ready(void *context, const char **ret_why_not)
{
    struct control *control = context;
    *ret_why_not = "the media process is not connected";
    return !control->stopping && link_client_is_connected(control->link);
}

static const struct app_figure *port_figures(void *context, uint32_t *ret_count)
{
    const struct control *control = context;
    const struct http_figures *http = http_figures(control->http);
    static struct app_figure figures[10];
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
        {"plenary_tls_refused_total", "Connections refused before TLS: too many", true,
         http->tls_refused},
        {"plenary_tls_failed_total", "TLS handshakes that did not come about", true,
         http->tls_failed},
    };
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
                                        .live_close = port_live_close,
                                        .respond = port_respond,
                                        .run_work = port_run_work,
                                        .report_make = port_report_make,
                                        .report_key = port_report_key,
                                        .ready = port_ready,
                                        .figures = port_figures};
    const struct app_config app_config = {.session_lifetime_ms = config->session_hours * 3600 *
                                                                 1000,
                                          .meetings_max = (uint32_t)config->meetings_max,
                                          .lives_max = (uint32_t)config->connections_max,
                                          .doors_max = (uint32_t)config->peers_max};
    struct app_ports app_ports = {0};
    enum err result = api_create(&api_ports, &control->api);
    if (result != ERR_NONE) {
        return result;
    }
    api_fill_app_ports(control->api, &app_ports);
    app_ports.link_send = port_link_send;
    app_ports.link_context = control;
    result = app_create(&app_config, &app_ports, control->store, control->now, control->wall,
                        &control->app);
    if (result == ERR_NONE) {
        api_set_app(control->api, control->app);
    }
    return result;
}

static enum err create_http(struct control *control, const struct config *config, int listen_fd)
{
    struct certificate_files certificate = {0};
    char web_root[512];
    enum err result = web_root_find(config, web_root, sizeof(web_root));
    if (result == ERR_NONE && config_tls_wanted(config)) {
        result = certificate_files_load(config, control->wall, &certificate);
    }
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, "control.no_page_or_certificate", LOG_TEXT("error", err_slug(result)));
        return result;
    }
    const struct http_config http_config = {
        .listen_fd = listen_fd,
        .web_root = web_root,
        .certificate = certificate.certificate,
        .key = certificate.key,
        .connections_max = (uint32_t)config->connections_max,
        .connections_per_address_max = (uint32_t)config->connections_per_address_max};
    result = http_create(&http_config, control->api, &control->http);
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
        !watch(control, store_event_fd(control->store)) ||
        !watch(control, worker_fd(control->worker))) {
        return ERR_IO;
    }
    return ERR_NONE;
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
    enum err result = worker_create(&control->worker);
    if (result == ERR_NONE) {
        result = store_open(STORE_FILE_NAME, &control->store);
    }
    if (result == ERR_NONE) {
        result = report_service_create(&control->reports);
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
    worker_destroy(control->worker);
    app_destroy(control->app);
    api_destroy(control->api);
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
    if (next == TIME_US_NEVER) {
        return -1;
    }
    return next <= control->now ? 0 : (int)((next - control->now) / TIME_US_PER_MS + 1);
}

// Everything that may have work is asked in each turn: each of them returns at once when it has
// none.
static void run_turn(struct control *control)
{
    http_run(control->http, control->now, control->wall);
    link_client_run(control->link, control->now);
    worker_collect(control->worker);
    app_committed(control->app, control->now, control->wall);
    if (app_next_deadline(control->app) <= control->now) {
        app_on_deadline(control->app, control->now, control->wall);
    }
    if (api_next_deadline(control->api) <= control->now) {
        api_on_deadline(control->api, control->now, control->wall);
    }
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
        read_clocks(control);
        for (int i = 0; i < count; i++) {
            struct signalfd_siginfo info;
            if (events[i].data.fd == control->signal_fd && !control->stopping &&
                read(control->signal_fd, &info, sizeof(info)) == sizeof(info)) {
                control->stopping = true;
                app_stop(control->app, control->now, control->wall);
                until = control->now + STOP_GRACE_US;
            }
        }
        run_turn(control);
    }
}

int control_run(const struct config *config)
{
    struct control control = {.poll_fd = -1, .signal_fd = -1};
    struct sockets sockets;
    enum log_level level = LOG_INFO;
    (void)log_level_from_text(config->log_level, &level);
    log_setup("control", level);
    if (sockets_from_environment(&sockets) != ERR_NONE) {
        fprintf(stderr, "plenary control: this is started by plenary serve\n");
        return EXIT_FAILURE;
    }
    enum err result = control_create(&control, config, &sockets);
    if (result == ERR_NONE) {
        result = sandbox_enter(false);
    }
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, "control.cannot_start", LOG_TEXT("error", err_slug(result)));
        control_destroy(&control);
        return EXIT_FAILURE;
    }
    log_event(LOG_INFO, "control.started", LOG_INT("port", config->port));
    (void)!write(sockets.ready_write_fd, "r", 1);
    run_until(&control, 0);
    control_destroy(&control);
    log_event(LOG_INFO, "control.stopped", LOG_INT("pid", getpid()));
    return EXIT_SUCCESS;
}
