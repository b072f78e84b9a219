#include "load/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/text.h"
#include "crypto/secure_rtp.h"
#include "load/load_priv.h"

#define EVENTS_MAX     64
#define LOOK_EVERY     (5 * (time_us)TIME_US_PER_MS) // through the clients' deadlines
#define PROGRESS_EVERY TIME_US_PER_S
#define WAIT_MAX       (100 * (time_us)TIME_US_PER_MS)
#define PAUSE          500 // microseconds between two looks at the sockets
#define HOST_MAX       256
#define LOOPBACK_FIRST "127.77.0.1" // as many clients as there are: a network of 65,534 addresses
#define LOOPBACK_BITS  16

enum tag { TAG_NET, TAG_HTTP, TAG_STOP };

void load_options_init(struct load_options *options)
{
    *options = (struct load_options){
        .listeners = 1,
        .handshakes = 64,
        .duration_s = 10,
        .seed = 1,
        .payload = 80,
        .packet_ms = 20,
        .sample = 16,
        .patience_s = 20,
        .core = -1,
        .stop_fd = -1,
    };
}

static const char *options_problem(const struct load_options *options)
{
    return options->publishers > LOAD_PUBLISHERS_MAX || options->listeners > LOAD_LISTENERS_MAX
               ? "there are more clients than one load may have"
           : options->publishers + options->listeners == 0       ? "there is nobody to join"
           : options->publishers > 0 && options->whip_count == 0 ? "publishers need a WHIP URL"
           : options->listeners > 0 && options->whep_count == 0  ? "listeners need a WHEP URL"
           : !load_payload_length_known(options->packet_ms) ? "a packet holds 10, 20, 40 or 60 ms"
           : options->payload < load_payload_size_min(options->packet_ms) ||
                   options->payload > LOAD_PAYLOAD_MAX
               ? "the payload is too small for its marks (22 bytes at 20 ms), or above 1000 bytes"
           : options->handshakes == 0 || options->sample == 0 || options->patience_s == 0 ||
                   options->join_rate < 0
               ? "a number is out of range"
               : NULL;
}

// --- time ---

static void clients_on_time(struct load *load)
{
    for (uint32_t i = 0; i < load->count; i++) {
        if (load->deadlines[i] <= load->now) {
            load_client_on_time(&load->clients[i], load->now);
        }
    }
    load->look_at = load->now + LOOK_EVERY;
}

// Sends what is due; the next time.
static time_us publishers_send(struct load *load)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < load->options->publishers && load->stage < LOAD_ENDING; i++) {
        struct load_client *client = &load->clients[i];
        while (client->state == LOAD_CLIENT_CONNECTED && client->send_at <= load->now) {
            load_client_send(client);
        }
        if (client->state == LOAD_CLIENT_CONNECTED && client->send_at < next) {
            next = client->send_at;
        }
    }
    return next;
}

static time_us on_time(struct load *load)
{
    time_us next = publishers_send(load);
    if (load->now >= load->look_at) {
        clients_on_time(load);
    }
    if (load->now >= load_http_deadline(load->http)) {
        load_http_on_time(load->http);
    }
    load_stage_advance(load);
    if (load->now >= load->progress_at) {
        load_stage_show(load);
        load->progress_at = load->now + PROGRESS_EVERY;
    }
    const time_us others[] = {load->look_at, load_http_deadline(load->http),
                              load_stage_deadline(load), load->progress_at, load->now + WAIT_MAX};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        next = others[i] < next ? others[i] : next;
    }
    return next;
}

// --- the loop ---

static void on_datagram(void *context, uint32_t client, const struct load_datagram *datagram)
{
    struct load *load = context;
    if (client < load->count) {
        load_client_receive(&load->clients[client], datagram, load->now);
    }
}

static void on_stop(struct load *load)
{
    struct signalfd_siginfo ignored;
    ssize_t size = read(load->options->stop_fd, &ignored, sizeof(ignored));
    load->stops += size > 0 ? 1 : 0;
}

static void on_event(struct load *load, const struct epoll_event *event)
{
    uint32_t number = (uint32_t)event->data.u64;
    switch ((enum tag)(event->data.u64 >> 32)) {
    case TAG_NET: load_net_on_ready(load->all.net, number); break;
    case TAG_HTTP: load_http_on_ready(load->http, (int)number, event->events); break;
    case TAG_STOP: on_stop(load); break;
    }
}

// Looks from time to time instead of waiting for the first datagram: waking us would be on the
// account of the process that sends it, which is the one measured. Sampled datagrams carry the time
// of the kernel, so that no delay comes of it.
static int look(struct load *load, struct epoll_event *events, time_us wait)
{
    int count = epoll_wait(load->epoll_fd, events, EVENTS_MAX, 0);
    if (count != 0) {
        return count;
    }
    time_us pause = wait < PAUSE ? wait : PAUSE;
    (void)nanosleep(&(struct timespec){.tv_nsec = pause * 1000}, NULL);
    return epoll_wait(load->epoll_fd, events, EVENTS_MAX, 0);
}

static void loop(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];
    while (load->stage != LOAD_DONE) {
        load->now = time_monotonic_us();
        time_us next = on_time(load);
        int count = look(load, events, next > load->now ? next - load->now : 0);
        for (int i = 0; i < count; i++) {
            load->now = time_monotonic_us();
            on_event(load, &events[i]);
            // A batch takes some microseconds; what is to be sent need not wait for all of them.
            (void)publishers_send(load);
        }
    }
}

// --- beginning and end ---

static enum err fail(enum err err, const char *problem, const char **ret_problem)
{
    *ret_problem = problem;
    return err;
}

static enum err clients_create(struct load *load)
{
    load->count = load->options->publishers + load->options->listeners;
    size_t size = (size_t)load->count * sizeof(*load->clients);
    load->clients = aligned_alloc(64, (size + 63) / 64 * 64);
    load->deadlines = calloc(load->count, sizeof(*load->deadlines));
    load->sessions = calloc(load->count, sizeof(*load->sessions));
    if (load->clients == NULL || load->deadlines == NULL || load->sessions == NULL) {
        free(load->clients);
        load->clients = NULL;
        return ERR_FULL;
    }
    for (uint32_t i = 0; i < load->count; i++) {
        load_client_init(&load->clients[i], &load->all, i, i < load->options->publishers,
                         &load->deadlines[i]);
    }
    return ERR_NONE;
}

// Where the clients' addresses come from: as told, or as the way to the server suggests.
static enum err net_create(struct load *load, const char **ret_problem)
{
    const struct load_options *options = load->options;
    struct load_net_options net = {
        .epoll_fd = load->epoll_fd,
        .epoll_tag = TAG_NET,
        .local = options->source,
        .prefix = options->source_prefix,
        .clients = load->count,
        .receive = on_datagram,
        .context = load,
    };
    if (net.local.family == ADDRESS_NONE) {
        char url[LOAD_URL_MAX + 1];
        char host[HOST_MAX];
        const char *pattern = options->publishers > 0 ? options->whip[0] : options->whep[0];
        if (load_url_expand(pattern, 0, url) != ERR_NONE || !load_http_host(url, host, HOST_MAX)) {
            return fail(ERR_INVALID, "a URL cannot be read", ret_problem);
        }
        if (load_net_route(host, &net.local) != ERR_NONE) {
            return fail(ERR_NOT_FOUND, "the server's host is not known here", ret_problem);
        }
        if (net.local.family == ADDRESS_IPV4 && net.local.ip[0] == 127) {
            enum err err = address_from_text(LOOPBACK_FIRST, 0, &net.local);
            ASSERT(err == ERR_NONE);
            net.prefix = LOOPBACK_BITS;
        }
    }
    enum err err = load_net_create(&net, &load->all.net);
    return err == ERR_NONE ? ERR_NONE
           : err == ERR_INVALID
               ? fail(err, "the clients' network is too small or not ours", ret_problem)
               : fail(err, "the system gives no sockets", ret_problem);
}

static enum err parts_create(struct load *load, const char **ret_problem)
{
    const struct load_options *options = load->options;
    struct epoll_event stop = {.events = EPOLLIN, .data.u64 = (uint64_t)TAG_STOP << 32};
    if (secure_rtp_setup() != ERR_NONE) {
        return fail(ERR_INTERNAL, "the encryption does not pass its self-test", ret_problem);
    }
    load->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (load->epoll_fd < 0 || (options->stop_fd >= 0 && epoll_ctl(load->epoll_fd, EPOLL_CTL_ADD,
                                                                  options->stop_fd, &stop) != 0)) {
        return fail(ERR_IO, "the system gives no event loop", ret_problem);
    }
    if (clients_create(load) != ERR_NONE) {
        return fail(ERR_FULL, "there is not enough memory", ret_problem);
    }
    struct load_http_options http = {
        .epoll_fd = load->epoll_fd,
        .epoll_tag = TAG_HTTP,
        .connections = options->handshakes,
        .patience_s = options->patience_s,
        .insecure = options->insecure,
        .done = load_stage_on_answer,
        .context = load,
    };
    load->http = load_http_create(&http);
    load->all.dtls = load_dtls_context_create(options->cipher);
    if (load->http == NULL || load->all.dtls == NULL) {
        return fail(ERR_INTERNAL, "libcurl or OpenSSL does not start", ret_problem);
    }
    return net_create(load, ret_problem);
}

static void destroy(struct load *load)
{
    for (uint32_t i = 0; load->clients != NULL && i < load->count; i++) {
        load_client_finish(&load->clients[i]);
        free(load->sessions[i]);
    }
    load_http_destroy(load->http);
    load_net_destroy(load->all.net);
    load_dtls_context_destroy(load->all.dtls);
    free(load->clients);
    free(load->deadlines);
    free(load->sessions);
    if (load->epoll_fd >= 0) {
        close(load->epoll_fd);
    }
    free(load);
}

enum err load_run(const struct load_options *options, struct load_result *ret_result,
                  const char **ret_problem)
{
    memset(ret_result, 0, sizeof(*ret_result));
    const char *problem = options_problem(options);
    if (problem != NULL) {
        return fail(ERR_INVALID, problem, ret_problem);
    }
    struct load_usage used = {0};
    if (options->process_count > 0 &&
        load_process_usage(options->processes, options->process_count, &used) != ERR_NONE) {
        return fail(ERR_NOT_FOUND, "a process of the server is not there", ret_problem);
    }
    ret_result->memory_before = used.memory;
    struct load *load = calloc(1, sizeof(*load));
    if (load == NULL) {
        return fail(ERR_FULL, "there is not enough memory", ret_problem);
    }
    load->options = options;
    load->result = ret_result;
    load->epoll_fd = -1;
    load->arrivals.state = options->seed;
    load->all.options = options;
    load->all.random.state = ~options->seed;
    load->all.changed = load_stage_on_changed;
    load->all.first_packet = load_stage_on_first_packet;
    load->all.context = load;
    load->now = time_monotonic_us();
    load->began_at = load->now;
    load->progress_at = load->now + PROGRESS_EVERY;
    load->shown.at = load->now;
    enum err err = parts_create(load, ret_problem);
    if (err == ERR_NONE) {
        load_stage_begin(load, LOAD_PUBLISHING);
        loop(load);
    }
    destroy(load);
    return err;
}
