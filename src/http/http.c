#include "http/http.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "http/http_request.h"
#include "http/live_socket.h"
#include "http/static_files.h"
#include "http/tls_terminator.h"
#include "http/websocket_handshake.h"

#define QUERY_MAX          1024
#define REMOTE_MAX         64
#define KEPT_MAX           1024
#define CONNECTION_TIMEOUT 30 // seconds an idle HTTP connection is kept
#define EVENTS_PER_TURN    64
#define CLOSE_WITHIN_US    (2 * TIME_US_PER_S)
#define TLS_EVENT          UINT64_MAX // beside 0 for libmicrohttpd and the numbers of live connections

// One upgraded connection. The slot's number is the api's name for it; numbers are never used
// twice.
struct live_slot {
    api_connection connection; // 0: free
    struct live_socket *socket;
    struct MHD_UpgradeResponseHandle *upgrade;
    bool watching_write;
    time_us close_due; // a peer that does not answer our close frame is cut off; TIME_US_NEVER
    bool over;         // destroyed at the end of the turn, never inside a callback
};

struct http {
    struct MHD_Daemon *daemon;
    struct tls_terminator *tls; // NULL: plain HTTP, libmicrohttpd listens itself
    struct api *api;
    struct static_files files;
    struct live_slot *slots; // owned; `slots_max`
    uint32_t slots_max;
    struct http_request **kept; // requests the api answers later; KEPT_MAX
    uint64_t next_number;
    uint32_t over_count;    // slots to release at the end of the turn
    uint32_t closing_count; // slots with a close_due
    int poll_fd;
    time_us now;
    time_ms wall;
    uint32_t runs_wanted; // of MHD_run(); 0 outside it
    struct http_figures figures;
};

// Handed through libmicrohttpd to the upgrade.
struct upgrade_ticket {
    struct http *http;
    struct api_live_ticket ticket;
};

static struct live_slot *find_slot(struct http *http, api_connection connection)
{
    struct live_slot *slot = &http->slots[connection % http->slots_max];
    return slot->connection == connection && connection != 0 ? slot : NULL;
}

static void slot_mark_over(struct http *http, struct live_slot *slot)
{
    if (!slot->over) {
        slot->over = true;
        http->over_count++;
    }
}

static void slot_ended(struct http *http, struct live_slot *slot)
{
    if (!slot->over) {
        slot_mark_over(http, slot);
        api_live_closed(http->api, slot->connection, http->now, http->wall);
    }
}

static void slot_release(struct http *http, struct live_slot *slot)
{
    http->closing_count -= slot->close_due != TIME_US_NEVER;
    (void)epoll_ctl(http->poll_fd, EPOLL_CTL_DEL, live_socket_fd(slot->socket), NULL);
    live_socket_destroy(slot->socket);
    (void)MHD_upgrade_action(slot->upgrade, MHD_UPGRADE_ACTION_CLOSE);
    *slot = (struct live_slot){0};
    http->figures.live_open--;
}

static void slot_watch(struct http *http, struct live_slot *slot)
{
    bool wants_write = live_socket_wants_write(slot->socket);
    if (wants_write == slot->watching_write) {
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0u),
                                .data.u64 = slot->connection};
    if (epoll_ctl(http->poll_fd, EPOLL_CTL_MOD, live_socket_fd(slot->socket), &event) != 0) {
        slot_ended(http, slot);
        return;
    }
    slot->watching_write = wants_write;
}

// Sends what fits at once: most messages leave here without another turn of the loop.
static void slot_flush(struct http *http, struct live_slot *slot)
{
    if (!slot->over && live_socket_wants_write(slot->socket) &&
        !live_socket_on_writable(slot->socket)) {
        slot_ended(http, slot);
    }
    if (!slot->over) {
        slot_watch(http, slot);
    }
}

static void live_received(void *context, api_connection connection, const char *text, size_t size)
{
    struct http *http = context;
    api_live_receive(http->api, connection, text, size, http->now, http->wall);
}

static void live_misbehaved(void *context, api_connection connection)
{
    struct http *http = context;
    api_live_misbehaved(http->api, connection);
}

static struct live_slot *take_slot(struct http *http)
{
    for (uint32_t tried = 0; tried < http->slots_max; tried++) {
        uint64_t number = ++http->next_number;
        struct live_slot *slot = &http->slots[number % http->slots_max];
        if (slot->connection == 0) {
            slot->connection = number;
            return slot;
        }
    }
    return NULL;
}

static void upgraded(void *context, struct MHD_Connection *connection, void *request_context,
                     const char *extra, size_t extra_size, MHD_socket fd,
                     struct MHD_UpgradeResponseHandle *upgrade)
{
    (void)connection;
    (void)request_context;
    struct upgrade_ticket *ticket = context;
    struct http *http = ticket->http;
    struct live_slot *slot = take_slot(http);
    const struct live_socket_events events = {
        .context = http, .received = live_received, .misbehaved = live_misbehaved};
    int flags = fcntl(fd, F_GETFL);
    if (slot == NULL || flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        live_socket_create(fd, slot->connection, extra, extra_size, &events, &slot->socket) !=
            ERR_NONE) {
        if (slot != NULL) {
            *slot = (struct live_slot){0};
        }
        (void)MHD_upgrade_action(upgrade, MHD_UPGRADE_ACTION_CLOSE);
        free(ticket);
        return;
    }
    slot->upgrade = upgrade;
    slot->close_due = TIME_US_NEVER;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = slot->connection};
    http->figures.live_opened++;
    http->figures.live_open++;
    if (epoll_ctl(http->poll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        slot_mark_over(http, slot); // the api has not heard of it yet
        free(ticket);
        return;
    }
    api_live_open(http->api, slot->connection, &ticket->ticket, http->now, http->wall);
    free(ticket);
    if (!slot->over && extra_size > 0 && !live_socket_on_readable(slot->socket)) {
        slot_ended(http, slot);
    }
    slot_flush(http, slot);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result queue_upgrade(struct MHD_Connection *connection,
                                     struct upgrade_ticket *ticket,
                                     const struct websocket_acceptance *acceptance)
{
    struct MHD_Response *reply = MHD_create_response_for_upgrade(upgraded, ticket);
    if (reply == NULL) {
        free(ticket);
        return MHD_NO;
    }
    (void)MHD_add_response_header(reply, "Upgrade", "websocket");
    (void)MHD_add_response_header(reply, "Sec-WebSocket-Accept", acceptance->accept);
    if (acceptance->plenary_v1) {
        (void)MHD_add_response_header(reply, "Sec-WebSocket-Protocol", "plenary.v1");
    }
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_SWITCHING_PROTOCOLS, reply);
    MHD_destroy_response(reply);
    if (queued != MHD_YES) {
        free(ticket);
    }
    return queued;
}

static enum MHD_Result handle_live(struct http *http, struct MHD_Connection *connection,
                                   const struct api_request *request)
{
    const struct websocket_offer offer = {
        .key = header(connection, "Sec-WebSocket-Key"),
        .version = header(connection, "Sec-WebSocket-Version"),
        .upgrade = header(connection, "Upgrade"),
        .subprotocol = header(connection, "Sec-WebSocket-Protocol")};
    struct websocket_acceptance acceptance;
    if (websocket_handshake(&offer, &acceptance) != ERR_NONE) {
        return http_queue_problem(connection, ERR_MALFORMED);
    }
    struct upgrade_ticket *ticket = calloc(1, sizeof(*ticket));
    if (ticket == NULL || http->figures.live_open >= http->slots_max) {
        free(ticket);
        return http_queue_problem(connection, ERR_FULL);
    }
    ticket->http = http;
    struct api_response refusal = {0};
    const char *bearer = acceptance.bearer[0] != '\0' ? acceptance.bearer : NULL;
    if (api_live_accept(http->api, request, bearer, http->wall, &ticket->ticket, &refusal) !=
        ERR_NONE) {
        free(ticket);
        enum MHD_Result queued = http_queue_response(connection, &refusal);
        api_response_finish(&refusal);
        return queued;
    }
    return queue_upgrade(connection, ticket, &acceptance);
}

// The request is whole: a file, or the api's.
static enum MHD_Result handle_whole(struct http *http, struct http_request *kept, const char *url,
                                    const char *method)
{
    struct MHD_Connection *connection = kept->connection;
    char query[QUERY_MAX];
    char remote[REMOTE_MAX];
    struct api_request request;
    http_request_describe(connection, method, url, query, sizeof(query), remote, sizeof(remote),
                          &request);
    request.body = kept->body;
    request.body_size = kept->body_size;
    request.take_body = &kept->body;
    http->figures.requests++;
    if (request.method == API_GET && text_equal(url, "/api/v1/live")) {
        return handle_live(http, connection, &request);
    }
    const struct static_file *file = request.method == API_GET
                                         ? static_files_find(&http->files, url)
                                         : NULL;
    if (file != NULL) {
        return http_queue_static(connection, file);
    }
    struct http_request **place = &http->kept[kept->number % KEPT_MAX];
    if (*place != NULL) {
        return http_queue_problem(connection, ERR_FULL);
    }
    struct api_response response = {0};
    if (!api_request(http->api, kept->number, &request, http->now, http->wall, &response)) {
        *place = kept;
        kept->suspended = true;
        MHD_suspend_connection(connection);
        return MHD_YES;
    }
    http->figures.responses_4xx += response.status >= 400 && response.status < 500;
    http->figures.responses_5xx += response.status >= 500;
    enum MHD_Result queued = http_queue_response(connection, &response);
    api_response_finish(&response);
    return queued;
}

static enum MHD_Result access_handler(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_size,
                                      void **request_context)
{
    (void)version;
    struct http *http = context;
    struct http_request *request = *request_context;
    if (request == NULL) {
        request = calloc(1, sizeof(*request));
        if (request == NULL) {
            return MHD_NO;
        }
        request->connection = connection;
        request->number = ++http->next_number;
        http_request_begin(request, http->api, method, url, http->wall);
        *request_context = request;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        size_t size = *upload_size;
        *upload_size = 0;
        return http_request_receive(request, upload, size);
    }
    enum err refusal = http_request_refusal(request);
    if (refusal != ERR_NONE) {
        http->figures.responses_4xx++;
        return http_queue_problem(connection, refusal);
    }
    if (request->has_later) {
        enum MHD_Result queued = http_queue_response(connection, &request->later);
        api_response_finish(&request->later);
        request->has_later = false;
        return queued;
    }
    return handle_whole(http, request, url, method);
}

static void request_completed(void *context, struct MHD_Connection *connection,
                              void **request_context, enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct http *http = context;
    struct http_request *request = *request_context;
    if (request == NULL) {
        return;
    }
    struct http_request **place = &http->kept[request->number % KEPT_MAX];
    if (*place == request) {
        *place = NULL;
    }
    http_request_end(request, http->api);
    *request_context = NULL;
}

static void library_log(void *context, const char *format, va_list arguments)
{
    (void)context;
    char text[256];
    vsnprintf(text, sizeof(text), format, arguments);
    log_event(LOG_DEBUG, "http.library", LOG_TEXT("text", text));
}

// A URL with a NUL or broken escapes is a plain 400 by libmicrohttpd; nothing here sees it.
static struct MHD_Daemon *start_daemon(struct http *http, const struct http_config *config)
{
    bool tls = config->certificate != NULL;
    unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_UPGRADE | MHD_ALLOW_SUSPEND_RESUME |
                         MHD_USE_ERROR_LOG | (tls ? MHD_USE_NO_LISTEN_SOCKET : 0u);
    struct MHD_OptionItem listening[] = {{MHD_OPTION_LISTEN_SOCKET, config->listen_fd, NULL},
                                         {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(flags, 0, NULL, NULL, access_handler, http, MHD_OPTION_EXTERNAL_LOGGER,
                            library_log, http, MHD_OPTION_CONNECTION_LIMIT, config->connections_max,
                            MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->connections_per_address_max,
                            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)CONNECTION_TIMEOUT,
                            MHD_OPTION_NOTIFY_COMPLETED, request_completed, http, MHD_OPTION_ARRAY,
                            tls ? none : listening, MHD_OPTION_END);
}

// From the TLS terminator: the plain end of a connection.
static bool deliver(void *context, int fd, const struct sockaddr *address, socklen_t size)
{
    struct http *http = context;
    return MHD_add_connection(http->daemon, fd, address, size) == MHD_YES;
}

static enum err start_tls(struct http *http, const struct http_config *config)
{
    const struct tls_terminator_config tls = {
        .listen_fd = config->listen_fd,
        .certificate = config->certificate,
        .key = config->key,
        .connections_max = config->connections_max,
        .connections_per_address_max = config->connections_per_address_max,
        .deliver = deliver,
        .context = http};
    enum err result = tls_terminator_create(&tls, &http->tls);
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, "http.certificate_unusable", LOG_TEXT("error", err_slug(result)));
        return result;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = TLS_EVENT};
    return epoll_ctl(http->poll_fd, EPOLL_CTL_ADD, tls_terminator_fd(http->tls), &event) == 0
               ? ERR_NONE
               : ERR_IO;
}

static enum err prepare(struct http *http, const struct http_config *config)
{
    http->slots_max = config->connections_max;
    http->slots = calloc(http->slots_max, sizeof(*http->slots));
    http->kept = calloc(KEPT_MAX, sizeof(struct http_request *));
    http->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (http->slots == NULL || http->kept == NULL || http->poll_fd < 0) {
        return ERR_FULL;
    }
    enum err result = static_files_load(&http->files, config->web_root);
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, "http.no_page", LOG_TEXT("web_root", config->web_root));
        return result;
    }
    http->daemon = start_daemon(http, config);
    const union MHD_DaemonInfo *info = http->daemon != NULL
                                           ? MHD_get_daemon_info(http->daemon,
                                                                 MHD_DAEMON_INFO_EPOLL_FD)
                                           : NULL;
    // Number 0 is the daemon's own descriptor; live connections are numbered from 1.
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 0};
    if (info == NULL || epoll_ctl(http->poll_fd, EPOLL_CTL_ADD, info->epoll_fd, &event) != 0) {
        return ERR_IO;
    }
    return config->certificate != NULL ? start_tls(http, config) : ERR_NONE;
}

enum err http_create(const struct http_config *config, struct api *api, struct http **ret_http)
{
    struct http *http = calloc(1, sizeof(*http));
    if (http == NULL) {
        return ERR_FULL;
    }
    http->api = api;
    http->poll_fd = -1;
    enum err result = prepare(http, config);
    if (result != ERR_NONE) {
        http_destroy(http);
        return result;
    }
    *ret_http = http;
    return ERR_NONE;
}

void http_destroy(struct http *http)
{
    if (http == NULL) {
        return;
    }
    for (uint32_t i = 0; http->slots != NULL && i < http->slots_max; i++) {
        if (http->slots[i].connection != 0) {
            // One last try for close frames; the connection ends either way.
            (void)!live_socket_on_writable(http->slots[i].socket);
            slot_release(http, &http->slots[i]);
        }
    }
    for (uint32_t i = 0; http->kept != NULL && i < KEPT_MAX; i++) {
        if (http->kept[i] != NULL) {
            MHD_resume_connection(http->kept[i]->connection);
        }
    }
    if (http->daemon != NULL) {
        MHD_stop_daemon(http->daemon);
    }
    tls_terminator_destroy(http->tls); // after the daemon: what it has said still goes out
    if (http->poll_fd >= 0) {
        close(http->poll_fd);
    }
    static_files_finish(&http->files);
    free(http->slots);
    free(http->kept);
    free(http);
}

bool http_live_send(struct http *http, api_connection connection, const char *text, size_t size)
{
    struct live_slot *slot = find_slot(http, connection);
    if (slot == NULL || slot->over) {
        return false;
    }
    if (!live_socket_send(slot->socket, text, size)) {
        http->figures.live_slow_closed++;
        slot_mark_over(http, slot); // the api forgets it because of our answer
        return false;
    }
    http->figures.bytes_sent_live += size;
    slot_watch(http, slot);
    return true;
}

void http_live_close(struct http *http, api_connection connection, uint16_t code,
                     const char *reason)
{
    struct live_slot *slot = find_slot(http, connection);
    if (slot != NULL && !slot->over) {
        live_socket_close(slot->socket, code, reason);
        if (slot->close_due == TIME_US_NEVER) {
            slot->close_due = http->now + CLOSE_WITHIN_US;
            http->closing_count++;
        }
        slot_watch(http, slot);
    }
}

static void run_daemon(struct http *http)
{
    if (http->runs_wanted++ > 0) {
        return; // within MHD_run(): another turn follows this one
    }
    for (uint32_t runs = 0; runs < http->runs_wanted; runs++) {
        (void)MHD_run(http->daemon);
    }
    http->runs_wanted = 0;
}

void http_respond(struct http *http, uint64_t request, struct api_response *response)
{
    struct http_request **place = &http->kept[request % KEPT_MAX];
    struct http_request *kept = *place;
    if (kept == NULL || kept->number != request) {
        api_response_finish(response); // the client has gone meanwhile
        return;
    }
    *place = NULL;
    kept->later = *response;
    kept->has_later = true;
    kept->suspended = false;
    *response = (struct api_response){0};
    http->figures.responses_4xx += kept->later.status >= 400 && kept->later.status < 500;
    MHD_resume_connection(kept->connection);
    run_daemon(http);
}

int http_poll_fd(const struct http *http)
{
    return http->poll_fd;
}

static void run_slot(struct http *http, struct live_slot *slot, uint32_t events)
{
    bool alive = true;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        alive = live_socket_on_readable(slot->socket);
    }
    if (alive && !slot->over && live_socket_wants_write(slot->socket)) {
        alive = live_socket_on_writable(slot->socket);
    }
    if (!alive) {
        slot_ended(http, slot);
    } else if (!slot->over) {
        slot_watch(http, slot);
    }
}

void http_run(struct http *http, time_us now, time_ms wall)
{
    http->now = now;
    http->wall = wall;
    if (http->tls != NULL) {
        tls_terminator_run(http->tls, now);
        http->figures.tls_refused = tls_terminator_figures(http->tls)->refused;
        http->figures.tls_failed = tls_terminator_figures(http->tls)->failed;
    }
    struct epoll_event events[EVENTS_PER_TURN];
    int count = epoll_wait(http->poll_fd, events, EVENTS_PER_TURN, 0);
    for (int i = 0; i < count; i++) {
        struct live_slot *slot = find_slot(http, events[i].data.u64);
        if (slot != NULL && !slot->over) {
            run_slot(http, slot, events[i].events);
        }
    }
    run_daemon(http);
    for (uint32_t i = 0; http->closing_count > 0 && i < http->slots_max; i++) {
        if (http->slots[i].connection != 0 && http->slots[i].close_due <= now) {
            slot_mark_over(http, &http->slots[i]);
        }
    }
    for (uint32_t i = 0; http->over_count > 0 && i < http->slots_max; i++) {
        if (http->slots[i].over) {
            slot_release(http, &http->slots[i]);
            http->over_count--;
        }
    }
}

time_us http_next_deadline(const struct http *http, time_us now)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    time_us next = http->closing_count > 0 ? now + CLOSE_WITHIN_US / 4 : TIME_US_NEVER;
    if (http->tls != NULL && tls_terminator_next_deadline(http->tls) < next) {
        next = tls_terminator_next_deadline(http->tls);
    }
    if (MHD_get_timeout(http->daemon, &timeout_ms) != MHD_YES) {
        return next;
    }
    time_us due = now + (time_us)timeout_ms * TIME_US_PER_MS;
    return due < next ? due : next;
}

const struct http_figures *http_figures(const struct http *http)
{
    return &http->figures;
}
