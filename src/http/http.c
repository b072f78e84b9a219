#include "http/http.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"
#include "http/gate.h"
#include "http/http_request.h"
#include "http/live_slots.h"
#include "http/request_guard.h"
#include "http/static_files.h"
#include "http/websocket_handshake.h"

#define QUERY_MAX         6144 // a provider's code may be long
#define REMOTE_MAX        64
#define DISAGREE_WITHIN_S 120u
#define KEPT_MAX          API_CALLS_MAX
#define LEAVING_MAX       1024 // connections that libmicrohttpd has not noticed to be over
#define DESCRIPTORS_EACH  3    // of a connection: the outer one and two inner ends
#define DESCRIPTORS_ELSE  128
#define EVENTS_PER_TURN   64
_Static_assert(REQUEST_GUARD_BODY_MAX == API_BODY_MAX, "the guard knows what a body may be");
#define GATE_EVENT UINT64_MAX // beside 0 for libmicrohttpd and the numbers of live connections

struct http {
    struct MHD_Daemon *daemon;
    struct gate *gate; // owned
    struct api *api;
    struct static_files files;
    struct http_site site;
    struct live_slots *lives;   // owned
    struct http_request **kept; // requests the api answers later; KEPT_MAX
    uint32_t kept_count;
    uint64_t next_number;
    uint64_t clients_left; // as the gate counted them when the last was looked for
    int poll_fd;
    time_us now;
    time_ms wall;
    bool responded; // since libmicrohttpd was last run
    struct http_figures figures;
};

// Handed through libmicrohttpd to the upgrade.
struct upgrade_ticket {
    struct http *http;
    handle connection; // the gate's
    struct api_live_ticket ticket;
    int window; // websocket_extension()
};

static void upgraded(void *context, struct MHD_Connection *connection, void *request_context,
                     const char *extra, size_t extra_size, MHD_socket fd,
                     struct MHD_UpgradeResponseHandle *upgrade)
{
    (void)connection;
    (void)request_context;
    struct upgrade_ticket *ticket = context;
    gate_upgraded(ticket->http->gate, ticket->connection);
    live_slots_open(ticket->http->lives, fd, upgrade, extra, extra_size, ticket->window,
                    &ticket->ticket);
    free(ticket);
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
    if (acceptance->window != 0) {
        (void)MHD_add_response_header(reply, "Sec-WebSocket-Extensions", acceptance->extension);
    }
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_SWITCHING_PROTOCOLS, reply);
    MHD_destroy_response(reply);
    if (queued != MHD_YES) {
        free(ticket);
    }
    return queued;
}

// Takes the response.
static enum MHD_Result answer(struct http *http, struct MHD_Connection *connection,
                              const char *method, struct api_response *response)
{
    enum MHD_Result queued = http_queue_response(&http->site, connection, response,
                                                 http_page_for(connection, method, &http->files));
    api_response_finish(response);
    return queued;
}

static enum MHD_Result handle_live(struct http *http, struct http_request *kept,
                                   const struct api_request *request)
{
    struct MHD_Connection *connection = kept->connection;
    const struct websocket_offer offer = {
        .key = http_field(connection, "Sec-WebSocket-Key"),
        .version = http_field(connection, "Sec-WebSocket-Version"),
        .upgrade = kept->may_upgrade ? http_field(connection, "Upgrade") : NULL,
        .subprotocol = http_field(connection, "Sec-WebSocket-Protocol"),
        .extensions = http_field(connection, "Sec-WebSocket-Extensions")};
    struct websocket_acceptance acceptance;
    if (websocket_handshake(&offer, &acceptance) != ERR_NONE) {
        return http_queue_problem(&http->site, connection, ERR_MALFORMED,
                                  http_page_for(connection, "GET", &http->files));
    }
    struct upgrade_ticket *ticket = calloc(1, sizeof(*ticket));
    if (ticket == NULL || live_slots_are_full(http->lives)) {
        free(ticket);
        return http_queue_problem(&http->site, connection, ERR_FULL, NULL);
    }
    ticket->http = http;
    ticket->connection = kept->gate_connection;
    ticket->window = acceptance.window;
    struct api_response refusal = {0};
    const char *bearer = acceptance.bearer[0] != '\0' ? acceptance.bearer : NULL;
    if (api_live_accept(http->api, request, bearer, http->now, http->wall, &ticket->ticket,
                        &refusal) != ERR_NONE) {
        free(ticket);
        return answer(http, connection, "GET", &refusal);
    }
    if (!gate_known(http->gate, kept->gate_connection, ticket->ticket.person, true)) {
        free(ticket);
        return http_queue_full(&http->site, connection, NULL);
    }
    kept->upgraded = true;
    return queue_upgrade(connection, ticket, &acceptance);
}

static struct http_request **find_kept(struct http *http, uint64_t number)
{
    for (uint32_t i = 0; i < KEPT_MAX; i++) {
        if (http->kept[i] != NULL && http->kept[i]->number == number) {
            return &http->kept[i];
        }
    }
    return NULL;
}

static void keep(struct http *http, struct http_request *request)
{
    ASSERT(http->kept_count < KEPT_MAX); // the api has no more calls
    struct http_request **place = http->kept;
    while (*place != NULL) {
        place++;
    }
    *place = request;
    http->kept_count++;
    request->suspended = true;
    MHD_suspend_connection(request->connection);
}

static struct http_request *unkeep(struct http *http, struct http_request **place)
{
    struct http_request *request = *place;
    *place = NULL;
    http->kept_count--;
    request->suspended = false;
    return request;
}

// What nobody waits for is not done, as far as it has not been begun.
static void give_up_left(struct http *http)
{
    uint64_t left = gate_clients_left(http->gate);
    if (left == http->clients_left) {
        return;
    }
    http->clients_left = left;
    for (uint32_t i = 0; i < KEPT_MAX && http->kept_count > 0; i++) {
        const struct http_request *request = http->kept[i];
        if (request != NULL && gate_client_has_left(http->gate, request->gate_connection) &&
            api_request_gone(http->api, request->number)) {
            struct http_request *given_up = unkeep(http, &http->kept[i]);
            given_up->given_up = true;
            MHD_resume_connection(given_up->connection);
        }
    }
}

// All places are taken but those that are kept for who has a session, and this speaks of none.
static bool must_give_way(const struct http *http, const struct http_request *kept,
                          const struct api_request *request)
{
    return request->bearer == NULL && !text_equal(request->path, "/healthz") &&
           !text_equal(request->path, "/api/v1/live") &&
           !gate_has_place(http->gate, kept->gate_connection);
}

static enum MHD_Result queue(struct http *http, struct MHD_Connection *connection,
                             const char *method, struct api_response *response)
{
    http->figures.responses_4xx += response->status >= 400 && response->status < 500;
    http->figures.responses_5xx += response->status >= 500;
    return answer(http, connection, method, response);
}

// Who has more connections than a person needs is answered on them all the same.
static void know(struct http *http, const struct http_request *kept, uint64_t person)
{
    if (person != 0) {
        (void)gate_known(http->gate, kept->gate_connection, person, false);
    }
}

// The request is whole: a file, or the api's.
static enum MHD_Result handle_whole(struct http *http, struct http_request *kept, const char *path,
                                    const char *method)
{
    struct MHD_Connection *connection = kept->connection;
    char query[QUERY_MAX];
    char remote[CLIENT_ADDRESS_TEXT_MAX];
    struct api_request request;
    http_request_describe(&http->site, connection, method, path, query, sizeof(query), remote,
                          &request);
    request.body = kept->body;
    request.body_size = kept->body_size;
    request.take_body = &kept->body;
    http->figures.requests++;
    if (must_give_way(http, kept, &request)) {
        http->figures.responses_5xx++;
        return http_queue_full(&http->site, connection,
                               http_page_for(connection, method, &http->files));
    }
    if (request.method == API_GET &&
        (text_equal(path, "/api/v1/live") || text_equal(path, "/api/v1/live/"))) {
        return handle_live(http, kept, &request);
    }
    const struct static_file *file = request.method == API_GET
                                         ? static_files_find(
                                               &http->files, path,
                                               http_field(connection, "Accept-Language"))
                                         : NULL;
    if (file != NULL) {
        return http_queue_static(&http->site, connection, file);
    }
    struct api_response response = {0};
    bool answered = api_request(http->api, kept->number, &request, http->now, http->wall,
                                &response);
    know(http, kept, response.person);
    if (!answered) {
        keep(http, kept);
        return MHD_YES;
    }
    return queue(http, connection, method, &response);
}

// The head is there. Queued now, an answer goes out before the body is read, and instead of "100
// Continue".
static enum MHD_Result begin(struct http *http, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version,
                             struct http_request **ret_request)
{
    struct http_request *request = calloc(1, sizeof(*request));
    if (request == NULL) {
        return MHD_NO;
    }
    *ret_request = request;
    request->connection = connection;
    request->gate_connection = gate_find(
        http->gate,
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    request->number = ++http->next_number;
    request->may_upgrade = text_equal(method, "GET") && text_equal(version, "HTTP/1.1");
    struct api_response refusal;
    bool may_come = http_request_begin(request, &http->site, http->api, method,
                                       http_path(&http->site, url), http->now, http->wall,
                                       &refusal);
    know(http, request, refusal.person);
    return may_come ? MHD_YES : queue(http, connection, method, &refusal);
}

static enum MHD_Result access_handler(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_size,
                                      void **request_context)
{
    struct http *http = context;
    struct http_request *request = *request_context;
    if (request == NULL) {
        enum MHD_Result begun = begin(http, connection, url, method, version, &request);
        *request_context = request;
        return begun;
    }
    if (*upload_size > 0) {
        size_t size = *upload_size;
        *upload_size = 0;
        return http_request_receive(request, http->api, upload, size);
    }
    if (request->given_up) {
        return MHD_NO; // ends the connection
    }
    bool refused = text_equal(method, REQUEST_GUARD_REFUSED);
    if (refused || http_request_is_malformed(request)) {
        http->figures.responses_4xx++;
        return http_queue_refused(&http->site, connection, refused ? url : "/400");
    }
    if (http_request_is_too_large(request)) {
        struct api_response refusal;
        http_request_refuse(request, &http->site, http->api, method, http_path(&http->site, url),
                            http->now, http->wall, &refusal);
        return queue(http, connection, method, &refusal);
    }
    if (request->has_later) {
        request->has_later = false;
        return answer(http, connection, method, &request->later);
    }
    return handle_whole(http, request, http_path(&http->site, url), method);
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
    if (request->suspended) {
        (void)unkeep(http, find_kept(http, request->number));
    }
    if (!request->upgraded) {
        gate_answered(http->gate, request->gate_connection);
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

// As many as the descriptors of this process are enough for.
static uint32_t connections_max(const struct http_config *config)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) {
        return config->connections_max;
    }
    rlim_t enough = files.rlim_cur > 2 * DESCRIPTORS_ELSE
                        ? (files.rlim_cur - DESCRIPTORS_ELSE) / DESCRIPTORS_EACH
                        : 8;
    return enough < config->connections_max ? (uint32_t)enough : config->connections_max;
}

// Everything comes through the gate, which knows the deadlines; libmicrohttpd's own is for a
// request that the gate holds to be whole and it does not. It answers nothing by itself: what it
// would refuse does not come so far.
static struct MHD_Daemon *start_daemon(struct http *http, const struct http_config *config)
{
    unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_UPGRADE | MHD_ALLOW_SUSPEND_RESUME |
                         MHD_USE_ERROR_LOG | MHD_USE_NO_LISTEN_SOCKET;
    return MHD_start_daemon(flags, 0, NULL, NULL, access_handler, http, MHD_OPTION_EXTERNAL_LOGGER,
                            library_log, http, MHD_OPTION_CONNECTION_LIMIT,
                            connections_max(config) + KEPT_MAX + LEAVING_MAX,
                            MHD_OPTION_CONNECTION_TIMEOUT, DISAGREE_WITHIN_S,
                            MHD_OPTION_NOTIFY_COMPLETED, request_completed, http, MHD_OPTION_END);
}

// From the gate: the inner end of a connection.
static bool deliver(void *context, int fd, const struct sockaddr *address, socklen_t size)
{
    struct http *http = context;
    return MHD_add_connection(http->daemon, fd, address, size) == MHD_YES;
}

static enum err open_gate(struct http *http, const struct http_config *config)
{
    const struct gate_config gate = {
        .listen_fd = config->listen_fd,
        .certificate = config->certificate,
        .key = config->key,
        .connections_max = connections_max(config),
        .connections_per_address_max = config->connections_per_address_max,
        .trusted = &http->site.trusted,
        .deliver = deliver,
        .context = http};
    if (gate.connections_max < config->connections_max) {
        log_event(LOG_WARNING, "http.few_descriptors",
                  LOG_INT("connections_wished", config->connections_max),
                  LOG_INT("connections", gate.connections_max));
    }
    enum err result = gate_create(&gate, &http->gate);
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, result == ERR_INVALID ? "http.certificate_unusable" : "http.no_gate",
                  LOG_TEXT("error", err_slug(result)));
        return result;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = GATE_EVENT};
    return epoll_ctl(http->poll_fd, EPOLL_CTL_ADD, gate_fd(http->gate), &event) == 0 ? ERR_NONE
                                                                                     : ERR_IO;
}

static enum err prepare(struct http *http, const struct http_config *config)
{
    http->kept = calloc(KEPT_MAX, sizeof(struct http_request *));
    http->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (http->kept == NULL || http->poll_fd < 0) {
        return ERR_FULL;
    }
    enum err result = http_site_describe(&http->site, config);
    if (result != ERR_NONE) {
        return result;
    }
    result = live_slots_create(http->api, http->poll_fd, config->connections_max, &http->lives);
    if (result != ERR_NONE) {
        return result;
    }
    // The supervisor does not start without a page. When it is gone later, those who have it go on:
    // the meeting does not end with it.
    result = static_files_load(&http->files, config->web_root, config->prefix);
    if (result != ERR_NONE) {
        log_event(LOG_ERROR, "http.no_page", LOG_TEXT("web_root", config->web_root));
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
    return open_gate(http, config);
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

enum err http_renew_certificate(struct http *http, const char *certificate, const char *key)
{
    return gate_renew_certificate(http->gate, certificate, key);
}

void http_destroy(struct http *http)
{
    if (http == NULL) {
        return;
    }
    live_slots_destroy(http->lives);
    for (uint32_t i = 0; http->kept != NULL && i < KEPT_MAX; i++) {
        if (http->kept[i] != NULL) {
            MHD_resume_connection(http->kept[i]->connection);
        }
    }
    if (http->daemon != NULL) {
        MHD_stop_daemon(http->daemon);
    }
    gate_destroy(http->gate); // after the daemon: what it has said still goes out
    if (http->poll_fd >= 0) {
        close(http->poll_fd);
    }
    static_files_finish(&http->files);
    free(http->kept);
    free(http);
}

void http_stop_accepting(struct http *http)
{
    gate_stop_accepting(http->gate);
}

bool http_live_send(struct http *http, api_connection connection, const char *text, size_t size)
{
    return live_slots_send(http->lives, connection, text, size);
}

bool http_live_has_room(struct http *http, api_connection connection)
{
    return live_slots_has_room(http->lives, connection);
}

void http_live_close(struct http *http, api_connection connection, uint16_t code,
                     const char *reason)
{
    live_slots_close(http->lives, connection, code, reason);
}

static void run_daemon(struct http *http)
{
    http->responded = false;
    (void)MHD_run(http->daemon);
}

void http_respond(struct http *http, uint64_t request, struct api_response *response)
{
    struct http_request **place = find_kept(http, request);
    if (place == NULL) {
        api_response_finish(response); // the client has gone meanwhile
        return;
    }
    struct http_request *kept = unkeep(http, place);
    know(http, kept, response->person);
    kept->later = *response;
    kept->has_later = true;
    *response = (struct api_response){0};
    http->figures.responses_4xx += kept->later.status >= 400 && kept->later.status < 500;
    MHD_resume_connection(kept->connection);
    http->responded = true; // all answers of a turn leave by one run
}

int http_poll_fd(const struct http *http)
{
    return http->poll_fd;
}

void http_run(struct http *http, time_us now, time_ms wall)
{
    http->now = now;
    http->wall = wall;
    live_slots_set_now(http->lives, now, wall);
    gate_run(http->gate, now);
    give_up_left(http);
    struct epoll_event events[EVENTS_PER_TURN];
    int count = epoll_wait(http->poll_fd, events, EVENTS_PER_TURN, 0);
    for (int i = 0; i < count; i++) {
        live_slots_event(http->lives, events[i].data.u64, events[i].events);
    }
    live_slots_read(http->lives);
    run_daemon(http);
    live_slots_release(http->lives);
}

void http_flush(struct http *http)
{
    if (http->responded) {
        run_daemon(http);
    }
    live_slots_flush(http->lives);
    gate_run(http->gate, http->now); // what was said inside goes out
}

time_us http_next_deadline(const struct http *http, time_us now)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms = 0;
    time_us next = live_slots_next_deadline(http->lives);
    if (gate_next_deadline(http->gate) < next) {
        next = gate_next_deadline(http->gate);
    }
    bool waits = MHD_get_timeout(http->daemon, &timeout_ms) == MHD_YES;
    if (!waits && !http->responded) {
        return next;
    }
    time_us due = now + (http->responded ? 0 : (time_us)timeout_ms * TIME_US_PER_MS);
    return due < next ? due : next;
}

const struct http_figures *http_figures(struct http *http)
{
    const struct gate_figures *gate = gate_figures(http->gate);
    const struct live_slots_figures *lives = live_slots_figures(http->lives);
    http->figures.live_opened = lives->opened;
    http->figures.live_open = lives->open;
    http->figures.live_slow_closed = lives->slow_closed;
    http->figures.bytes_sent_live = lives->bytes_sent;
    http->figures.live_packed = lives->deflate->packed;
    http->figures.live_packed_again = lives->deflate->packed_again;
    http->figures.connections_refused = gate->refused;
    http->figures.connections_gave_way = gate->gave_way;
    http->figures.connections_slow = gate->slow + gate->overdue;
    http->figures.tls_failed = gate->failed;
    http->figures.ambiguous = gate->guarded;
    return &http->figures;
}
