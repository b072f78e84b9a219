#include "http/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/pool.h"
#include "http/client_stream.h"
#include "http/places.h"
#include "http/tls_context.h"

#define HANDSHAKE_WITHIN_US (10 * TIME_US_PER_S)
#define HEAD_WITHIN_US      (10 * TIME_US_PER_S) // from its first byte, or from where it may begin
#define IDLE_WITHIN_US      (30 * TIME_US_PER_S) // between two requests
#define BODY_WITHIN_US      (10 * TIME_US_PER_S) // each BODY_BYTES_LEAST of it
#define BODY_BYTES_LEAST    10240
#define TAKE_WITHIN_US      (60 * TIME_US_PER_S) // anything of an answer: what is on the way counts not
#define CLOSE_WITHIN_US     (5 * TIME_US_PER_S)  // without any progress
#define DROP_WITHIN_US      (30 * TIME_US_PER_S) // what a client still sends, at the pace of a body
#define VICTIMS_MAX         4                    // for one that comes
#define PLACES_KEPT_SHARE   16
#define SWEEP_EVERY_US      (250 * TIME_US_PER_MS)
#define EVENTS_PER_TURN     64
#define ACCEPTS_PER_TURN    64
#define LISTEN_EVENT        0 // a handle is never 0
#define INNER_EVENT         (UINT64_C(1) << 32)

// What is being waited for.
enum timer {
    TIMER_NONE,
    TIMER_HANDSHAKE,
    TIMER_HEAD,
    TIMER_IDLE,
    TIMER_BODY,
    TIMER_TAKE,
    TIMER_CLOSE,
};

struct connection {
    struct client_stream stream;
    struct place place;
    handle name;
    enum timer timer;
    uint64_t
        moved; // TIMER_BODY, TIMER_TAKE, TIMER_CLOSE: of the stream's bytes when the time began
    time_us closing_since;
    struct sockaddr_storage address;
    socklen_t address_size;
    uint32_t outer_events; // as registered; 0: not in the set
    uint32_t inner_events;
    time_us due; // TIME_US_NEVER with TIMER_NONE
};

struct gate {
    struct gate_config config;
    SSL_CTX *context; // NULL: no TLS
    struct pool connections;
    struct places *places;
    handle *by_inner_fd; // owned; by the descriptors that were handed on
    size_t by_inner_fd_room;
    time_us now;
    int poll_fd;
    uint32_t timed_count; // connections with a due time
    time_us sweep_at;     // TIME_US_NEVER when none has one
    bool listening;
    bool lets_nobody_in; // for good
    uint64_t clients_left;
    struct gate_figures figures;
};

// ---- Connections ----

static void watch_one(struct gate *gate, int fd, uint32_t wanted, uint32_t *registered,
                      uint64_t data)
{
    if (wanted == *registered) {
        return;
    }
    struct epoll_event event = {.events = wanted, .data.u64 = data};
    int operation = wanted == 0 ? EPOLL_CTL_DEL : *registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(gate->poll_fd, operation, fd, &event) == 0) {
        *registered = wanted;
    }
}

static void set_due(struct gate *gate, struct connection *connection, time_us due, time_us now)
{
    gate->timed_count += due != TIME_US_NEVER;
    gate->timed_count -= connection->due != TIME_US_NEVER;
    connection->due = due;
    if (due != TIME_US_NEVER && gate->sweep_at == TIME_US_NEVER) {
        gate->sweep_at = now + SWEEP_EVERY_US;
    }
}

static void forget(struct gate *gate, struct connection *connection)
{
    gate->timed_count -= connection->due != TIME_US_NEVER;
    gate->figures.open--;
    gate->clients_left++;
    places_leave(gate->places, &connection->place);
    gate->figures.guarded += connection->stream.guard.refused;
    client_stream_finish(&connection->stream); // closing takes the descriptors out of the set
    pool_give(&gate->connections, connection->name);
}

static bool name_inner(struct gate *gate, int fd, handle name)
{
    if ((size_t)fd >= gate->by_inner_fd_room) {
        size_t room = 2 * (size_t)fd + 64;
        handle *grown = realloc(gate->by_inner_fd, room * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        memset(grown + gate->by_inner_fd_room, 0, (room - gate->by_inner_fd_room) * sizeof(*grown));
        gate->by_inner_fd = grown;
        gate->by_inner_fd_room = room;
    }
    gate->by_inner_fd[fd] = name;
    return true;
}

// A local socket pair, one end for us, one for whoever speaks HTTP.
static void deliver(struct gate *gate, struct connection *connection)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
        client_stream_close(&connection->stream);
        return;
    }
    client_stream_open(&connection->stream, ends[0]);
    if (!name_inner(gate, ends[1], connection->name)) {
        close(ends[1]);
        client_stream_close(&connection->stream);
    } else if (!gate->config.deliver(gate->config.context, ends[1],
                                     (const struct sockaddr *)&connection->address,
                                     connection->address_size)) {
        client_stream_close(&connection->stream);
    }
}

static enum timer timer_of(const struct connection *connection)
{
    const struct client_stream *stream = &connection->stream;
    const struct request_guard *guard = &stream->guard;
    if (stream->phase == CLIENT_STREAM_HANDSHAKE) {
        return TIMER_HANDSHAKE;
    }
    if (stream->phase == CLIENT_STREAM_CLOSING) {
        return TIMER_CLOSE;
    }
    if (guard->phase == REQUEST_GUARD_RAW) {
        return TIMER_NONE; // the live protocol has its own
    }
    if (client_stream_is_blocked(stream)) {
        return TIMER_TAKE;
    }
    switch (guard->phase) {
    case REQUEST_GUARD_HEAD:
        return guard->requests > 0 && request_guard_is_idle(guard) ? TIMER_IDLE : TIMER_HEAD;
    case REQUEST_GUARD_BODY:
    case REQUEST_GUARD_CHUNK_SIZE:
    case REQUEST_GUARD_CHUNK_DATA:
    case REQUEST_GUARD_CHUNK_END:
    case REQUEST_GUARD_TRAILER: return TIMER_BODY;
    case REQUEST_GUARD_ANSWER:
    case REQUEST_GUARD_RAW:
    case REQUEST_GUARD_OVER:
    default: return TIMER_NONE;
    }
}

static void start_timer(struct gate *gate, struct connection *connection, time_us now)
{
    static const time_us within[] = {
        [TIMER_HANDSHAKE] = HANDSHAKE_WITHIN_US, [TIMER_HEAD] = HEAD_WITHIN_US,
        [TIMER_IDLE] = IDLE_WITHIN_US,           [TIMER_BODY] = BODY_WITHIN_US,
        [TIMER_TAKE] = TAKE_WITHIN_US,           [TIMER_CLOSE] = CLOSE_WITHIN_US};
    const struct client_stream *stream = &connection->stream;
    connection->moved = connection->timer == TIMER_BODY    ? stream->received
                        : connection->timer == TIMER_CLOSE ? stream->dropped
                                                           : stream->sent;
    set_due(gate, connection,
            connection->timer == TIMER_NONE ? TIME_US_NEVER : now + within[connection->timer], now);
}

static void set_timer(struct gate *gate, struct connection *connection, time_us now)
{
    const struct client_stream *stream = &connection->stream;
    enum timer timer = timer_of(connection);
    bool closing_on = timer == TIMER_CLOSE && stream->progressed && !stream->output_ended;
    if (timer != connection->timer || closing_on) {
        connection->closing_since = connection->timer != timer ? now : connection->closing_since;
        connection->timer = timer;
        start_timer(gate, connection, now);
    }
}

// Its time is up: true when what was wanted has come after all.
static bool timer_is_kept(const struct connection *connection, time_us now)
{
    const struct client_stream *stream = &connection->stream;
    if (connection->timer == TIMER_CLOSE) {
        return stream->dropped - connection->moved >= BODY_BYTES_LEAST &&
               now - connection->closing_since < DROP_WITHIN_US;
    }
    if (connection->timer == TIMER_BODY) {
        return client_stream_holds_back(stream) ||
               stream->received - connection->moved >= BODY_BYTES_LEAST;
    }
    return connection->timer == TIMER_TAKE && stream->sent > connection->moved;
}

static enum place_kind kind_of(const struct connection *connection)
{
    switch (connection->timer) {
    case TIMER_HANDSHAKE:
    case TIMER_HEAD: return PLACE_NEW;
    case TIMER_IDLE:
    case TIMER_CLOSE: return PLACE_IDLE;
    case TIMER_NONE:
    case TIMER_BODY:
    case TIMER_TAKE:
    default: return PLACE_BUSY;
    }
}

static void step(struct gate *gate, struct connection *connection, bool outer_ready,
                 bool inner_ready, time_us now)
{
    struct client_stream *stream = &connection->stream;
    enum client_stream_phase before = stream->phase;
    client_stream_step(stream, outer_ready, inner_ready);
    if (stream->phase == CLIENT_STREAM_READY) {
        places_restart(gate->places, &connection->place, now);
        deliver(gate, connection);
        // The first request may have come with the end of the handshake.
        client_stream_step(stream, true, false);
    }
    gate->figures.failed += before == CLIENT_STREAM_HANDSHAKE &&
                            stream->phase == CLIENT_STREAM_OVER;
    if (stream->phase == CLIENT_STREAM_OVER) {
        forget(gate, connection);
        return;
    }
    set_timer(gate, connection, now);
    if (stream->phase == CLIENT_STREAM_CLOSING && before != CLIENT_STREAM_CLOSING) {
        places_forget(gate->places, &connection->place, now);
    }
    places_set_kind(gate->places, &connection->place, kind_of(connection), now);
    watch_one(gate, stream->outer, client_stream_outer_events(stream), &connection->outer_events,
              connection->name);
    if (stream->inner >= 0) {
        watch_one(gate, stream->inner, client_stream_inner_events(stream),
                  &connection->inner_events, connection->name | INNER_EVENT);
    }
}

// ---- Accepting ----

static struct connection *connection_of(struct place *place)
{
    return (struct connection *)(void *)((char *)place - offsetof(struct connection, place));
}

static bool enter(struct gate *gate, struct connection *connection,
                  const struct client_address *address, time_us now)
{
    struct client_address counted = client_address_counted(address);
    bool trusted = gate->config.trusted != NULL &&
                   client_networks_contain(gate->config.trusted, address);
    for (int i = 0; i < VICTIMS_MAX; i++) {
        struct place *victim = places_victim(gate->places, &counted, trusted, now);
        if (victim == NULL) {
            break;
        }
        forget(gate, connection_of(victim));
    }
    return places_enter(gate->places, &connection->place, &counted, trusted, now);
}

static void accepted(struct gate *gate, int fd, const struct sockaddr_storage *address,
                     socklen_t size, time_us now)
{
    const struct client_address client = client_address_of((const struct sockaddr *)address);
    handle name = HANDLE_NONE;
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    struct connection *connection = pool_take(&gate->connections, &name);
    if (connection == NULL || !enter(gate, connection, &client, now)) {
        if (connection != NULL) {
            pool_give(&gate->connections, name);
        }
        close(fd);
        return;
    }
    connection->name = name;
    connection->due = TIME_US_NEVER;
    connection->address = *address;
    connection->address_size = size;
    gate->figures.accepted++;
    gate->figures.open++;
    if (client_stream_init(&connection->stream, gate->context, fd) != ERR_NONE) {
        forget(gate, connection);
        return;
    }
    step(gate, connection, true, false, now);
}

static void listen_on(struct gate *gate, bool on)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = LISTEN_EVENT};
    if (epoll_ctl(gate->poll_fd, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, gate->config.listen_fd,
                  &event) == 0) {
        gate->listening = on;
    }
}

static void accept_all(struct gate *gate, time_us now)
{
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof(address);
        int fd = accept4(gate->config.listen_fd, (struct sockaddr *)&address, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            accepted(gate, fd, &address, size, now);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            // What waits stays readable: look again at the next sweep, not in a hot loop.
            listen_on(gate, false);
            gate->sweep_at = now + SWEEP_EVERY_US;
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return;
        }
    }
}

// ---- Life ----

static void sweep(struct gate *gate, time_us now)
{
    handle name = HANDLE_NONE;
    for (struct place *place = places_overdue(gate->places, now); place != NULL;
         place = places_overdue(gate->places, now)) {
        forget(gate, connection_of(place));
    }
    for (uint32_t i = 0; gate->timed_count > 0 && i < gate->connections.capacity; i++) {
        struct connection *connection = pool_at(&gate->connections, i, &name);
        if (connection == NULL || connection->due > now) {
            continue;
        }
        if (timer_is_kept(connection, now)) {
            start_timer(gate, connection, now);
            continue;
        }
        gate->figures.failed += connection->timer == TIMER_HANDSHAKE;
        gate->figures.slow += connection->timer == TIMER_HEAD || connection->timer == TIMER_BODY ||
                              connection->timer == TIMER_TAKE;
        forget(gate, connection);
    }
    if (!gate->listening && !gate->lets_nobody_in) {
        listen_on(gate, true);
    }
    gate->sweep_at = gate->timed_count > 0 || !gate->listening ? now + SWEEP_EVERY_US
                                                               : TIME_US_NEVER;
}

static enum err create_places(struct gate *gate)
{
    uint32_t max = gate->config.connections_max;
    struct places_config places = {.max = max,
                                   .kept = max / PLACES_KEPT_SHARE + 1,
                                   .per_address_max = gate->config.connections_per_address_max};
    if (getrandom(&places.seed, sizeof(places.seed), 0) != sizeof(places.seed)) {
        return ERR_IO;
    }
    // One more: who comes needs a place to stand while somebody gives way.
    enum err result = pool_init(&gate->connections, sizeof(struct connection), max + 1);
    return result == ERR_NONE ? places_create(&places, &gate->places) : result;
}

enum err gate_create(const struct gate_config *config, struct gate **ret_gate)
{
    struct gate *gate = calloc(1, sizeof(*gate));
    if (gate == NULL) {
        return ERR_FULL;
    }
    gate->config = *config;
    gate->config.certificate = NULL; // borrowed for this call only
    gate->config.key = NULL;
    gate->sweep_at = TIME_US_NEVER;
    gate->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    gate->context = config->certificate != NULL
                        ? tls_context_create(config->certificate, config->key)
                        : NULL;
    int flags = fcntl(config->listen_fd, F_GETFL);
    enum err result = config->certificate != NULL && gate->context == NULL ? ERR_INVALID : ERR_NONE;
    if (result == ERR_NONE && (gate->poll_fd < 0 || flags < 0 ||
                               fcntl(config->listen_fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
                               create_places(gate) != ERR_NONE)) {
        result = ERR_FULL;
    }
    if (result != ERR_NONE) {
        gate_destroy(gate);
        return result;
    }
    listen_on(gate, true);
    *ret_gate = gate;
    return ERR_NONE;
}

enum err gate_renew_certificate(struct gate *gate, const char *certificate, const char *key)
{
    SSL_CTX *context = gate->context != NULL ? tls_context_create(certificate, key) : NULL;
    if (context == NULL) {
        return ERR_INVALID;
    }
    SSL_CTX_free(gate->context); // each connection holds the one that it began with
    gate->context = context;
    return ERR_NONE;
}

void gate_destroy(struct gate *gate)
{
    if (gate == NULL) {
        return;
    }
    handle name = HANDLE_NONE;
    for (uint32_t i = 0; i < gate->connections.capacity; i++) {
        struct connection *connection = pool_at(&gate->connections, i, &name);
        if (connection != NULL) {
            // One last try for what HTTP has said; the connection ends either way.
            client_stream_step(&connection->stream, false, true);
            forget(gate, connection);
        }
    }
    if (gate->poll_fd >= 0) {
        close(gate->poll_fd);
    }
    pool_finish(&gate->connections);
    places_destroy(gate->places);
    free(gate->by_inner_fd);
    SSL_CTX_free(gate->context);
    free(gate);
}

void gate_stop_accepting(struct gate *gate)
{
    gate->lets_nobody_in = true;
    if (gate->listening) {
        listen_on(gate, false);
    }
}

int gate_fd(const struct gate *gate)
{
    return gate->poll_fd;
}

void gate_run(struct gate *gate, time_us now)
{
    struct epoll_event events[EVENTS_PER_TURN];
    gate->now = now;
    int count = epoll_wait(gate->poll_fd, events, EVENTS_PER_TURN, 0);
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 == LISTEN_EVENT) {
            accept_all(gate, now);
            continue;
        }
        handle name = (handle)(events[i].data.u64 & UINT32_MAX);
        struct connection *connection = pool_get(&gate->connections, name);
        if (connection == NULL) {
            continue; // ended earlier in this turn
        }
        bool inner = (events[i].data.u64 & INNER_EVENT) != 0;
        if (!inner && (events[i].events & (EPOLLERR | EPOLLHUP)) != 0) {
            // Reset: nobody hears what we would still say.
            gate->figures.failed += connection->stream.phase == CLIENT_STREAM_HANDSHAKE;
            connection->stream.phase = CLIENT_STREAM_OVER;
        }
        if (!inner && (events[i].events & EPOLLRDHUP) != 0) {
            client_stream_left(&connection->stream);
            gate->clients_left++;
        }
        step(gate, connection, !inner, inner, now);
    }
    if (gate->sweep_at <= now) {
        sweep(gate, now);
    }
}

handle gate_find(const struct gate *gate, int fd)
{
    handle name = fd >= 0 && (size_t)fd < gate->by_inner_fd_room ? gate->by_inner_fd[fd]
                                                                 : HANDLE_NONE;
    return pool_get(&gate->connections, name) != NULL ? name : HANDLE_NONE;
}

void gate_answered(struct gate *gate, handle name)
{
    struct connection *connection = pool_get(&gate->connections, name);
    if (connection != NULL) {
        client_stream_answered(&connection->stream);
        step(gate, connection, true, true, gate->now);
    }
}

void gate_upgraded(struct gate *gate, handle name)
{
    struct connection *connection = pool_get(&gate->connections, name);
    if (connection != NULL) {
        client_stream_upgraded(&connection->stream);
        step(gate, connection, true, true, gate->now);
    }
}

bool gate_client_has_left(const struct gate *gate, handle name)
{
    const struct connection *connection = pool_get(&gate->connections, name);
    return connection == NULL || connection->stream.left;
}

uint64_t gate_clients_left(const struct gate *gate)
{
    return gate->clients_left;
}

bool gate_known(struct gate *gate, handle name, uint64_t person, bool live)
{
    struct connection *connection = pool_get(&gate->connections, name);
    return connection == NULL ||
           places_know(gate->places, &connection->place, person, live, gate->now);
}

bool gate_has_place(struct gate *gate, handle name)
{
    struct connection *connection = pool_get(&gate->connections, name);
    return connection == NULL || places_claim(gate->places, &connection->place);
}

time_us gate_next_deadline(const struct gate *gate)
{
    return gate->sweep_at;
}

const struct gate_figures *gate_figures(struct gate *gate)
{
    const struct places_figures *places = places_figures(gate->places);
    gate->figures.gave_way = places->gave_way;
    gate->figures.refused = places->refused;
    gate->figures.overdue = places->overdue;
    return &gate->figures;
}
