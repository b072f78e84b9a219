#include "http/tls_terminator.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/pool.h"
#include "http/tls_stream.h"

#define HANDSHAKE_WITHIN_US (10 * TIME_US_PER_S)
#define CLOSE_WITHIN_US     (5 * TIME_US_PER_S) // without any progress
#define SWEEP_EVERY_US      (250 * TIME_US_PER_MS)
#define EVENTS_PER_TURN     64
#define ACCEPTS_PER_TURN    64
#define LISTEN_EVENT        0 // a handle is never 0
#define INNER_EVENT         (UINT64_C(1) << 32)

struct connection {
    struct tls_stream stream;
    struct sockaddr_storage address;
    socklen_t address_size;
    uint32_t outer_events; // as registered; 0: not in the set
    uint32_t inner_events;
    time_us due; // TIME_US_NEVER while it is open
};

struct tls_terminator {
    struct tls_terminator_config config;
    SSL_CTX *context;
    struct pool connections;
    int poll_fd;
    uint32_t timed_count; // connections with a due time
    time_us sweep_at;     // TIME_US_NEVER when none has one
    bool listening;
    struct tls_terminator_figures figures;
};

// ---- Certificate ----

static bool use_chain(SSL_CTX *context, const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    bool used = certificate != NULL && SSL_CTX_use_certificate(context, certificate) == 1;
    X509_free(certificate);
    for (X509 *next = used ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL; used && next != NULL;
         next = PEM_read_bio_X509(bio, NULL, NULL, NULL)) {
        used = SSL_CTX_add0_chain_cert(context, next) == 1;
        if (!used) {
            X509_free(next);
        }
    }
    BIO_free(bio);
    ERR_clear_error(); // the end of the file is no error
    return used;
}

static bool use_key(SSL_CTX *context, const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    bool used = key != NULL && SSL_CTX_use_PrivateKey(context, key) == 1 &&
                SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(key);
    BIO_free(bio);
    return used;
}

// HTTP/1.1 is what we speak; a client that offers only others goes on without ALPN (RFC 7301).
static int choose_protocol(SSL *ssl, const unsigned char **ret_protocol, unsigned char *ret_size,
                           const unsigned char *offered, unsigned int offered_size, void *context)
{
    static const unsigned char ours[] = "\x08http/1.1";
    (void)ssl;
    (void)context;
    unsigned char *chosen = NULL;
    if (SSL_select_next_proto(&chosen, ret_size, ours, sizeof(ours) - 1, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *ret_protocol = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *make_context(const struct tls_terminator_config *config)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL) {
        return NULL;
    }
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    (void)SSL_CTX_set_session_cache_mode(context,
                                         SSL_SESS_CACHE_OFF); // tickets do, and hold nothing
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1 ||
        !use_chain(context, config->certificate) || !use_key(context, config->key)) {
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}

// ---- Connections ----

static void watch_one(struct tls_terminator *terminator, int fd, uint32_t wanted,
                      uint32_t *registered, uint64_t data)
{
    if (wanted == *registered) {
        return;
    }
    struct epoll_event event = {.events = wanted, .data.u64 = data};
    int operation = wanted == 0 ? EPOLL_CTL_DEL : *registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    if (epoll_ctl(terminator->poll_fd, operation, fd, &event) == 0) {
        *registered = wanted;
    }
}

static void set_due(struct tls_terminator *terminator, struct connection *connection, time_us due,
                    time_us now)
{
    terminator->timed_count += due != TIME_US_NEVER;
    terminator->timed_count -= connection->due != TIME_US_NEVER;
    connection->due = due;
    if (due != TIME_US_NEVER && terminator->sweep_at == TIME_US_NEVER) {
        terminator->sweep_at = now + SWEEP_EVERY_US;
    }
}

static void forget(struct tls_terminator *terminator, struct connection *connection, handle name)
{
    terminator->timed_count -= connection->due != TIME_US_NEVER;
    terminator->figures.open--;
    tls_stream_finish(&connection->stream); // closing takes the descriptors out of the set
    pool_give(&terminator->connections, name);
}

// The handshake is done: a local socket pair, one end for us, one for whoever speaks HTTP.
static void deliver(struct tls_terminator *terminator, struct connection *connection)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
        tls_stream_close(&connection->stream);
        return;
    }
    tls_stream_open(&connection->stream, ends[0]);
    if (!terminator->config.deliver(terminator->config.context, ends[1],
                                    (const struct sockaddr *)&connection->address,
                                    connection->address_size)) {
        tls_stream_close(&connection->stream);
    }
}

static void step(struct tls_terminator *terminator, struct connection *connection, handle name,
                 bool outer_ready, bool inner_ready, time_us now)
{
    struct tls_stream *stream = &connection->stream;
    enum tls_stream_phase before = stream->phase;
    tls_stream_step(stream, outer_ready, inner_ready);
    if (stream->phase == TLS_STREAM_READY) {
        deliver(terminator, connection);
        // The first request may have come with the end of the handshake.
        tls_stream_step(stream, true, false);
    }
    terminator->figures.failed += before == TLS_STREAM_HANDSHAKE &&
                                  stream->phase == TLS_STREAM_OVER;
    if (stream->phase == TLS_STREAM_OVER) {
        forget(terminator, connection, name);
        return;
    }
    if (stream->phase == TLS_STREAM_OPEN && before != TLS_STREAM_OPEN) {
        set_due(terminator, connection, TIME_US_NEVER, now);
    } else if (stream->phase == TLS_STREAM_CLOSING &&
               (before != TLS_STREAM_CLOSING || (stream->progressed && !stream->output_ended))) {
        set_due(terminator, connection, now + CLOSE_WITHIN_US, now);
    }
    watch_one(terminator, stream->outer, tls_stream_outer_events(stream), &connection->outer_events,
              name);
    if (stream->inner >= 0) {
        watch_one(terminator, stream->inner, tls_stream_inner_events(stream),
                  &connection->inner_events, name | INNER_EVENT);
    }
}

// ---- Accepting ----

static bool same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
    if (a->ss_family != b->ss_family) {
        return false;
    }
    if (a->ss_family == AF_INET) {
        return memcmp(&((const struct sockaddr_in *)(const void *)a)->sin_addr,
                      &((const struct sockaddr_in *)(const void *)b)->sin_addr,
                      sizeof(struct in_addr)) == 0;
    }
    return a->ss_family == AF_INET6 &&
           memcmp(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr,
                  &((const struct sockaddr_in6 *)(const void *)b)->sin6_addr,
                  sizeof(struct in6_addr)) == 0;
}

static uint32_t count_of_address(const struct tls_terminator *terminator,
                                 const struct sockaddr_storage *address)
{
    uint32_t count = 0;
    handle name = HANDLE_NONE;
    for (uint32_t i = 0; i < terminator->connections.capacity; i++) {
        const struct connection *connection = pool_at(&terminator->connections, i, &name);
        count += connection != NULL && same_address(&connection->address, address);
    }
    return count;
}

static void accepted(struct tls_terminator *terminator, int fd,
                     const struct sockaddr_storage *address, socklen_t size, time_us now)
{
    handle name = HANDLE_NONE;
    struct connection *connection = NULL;
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (count_of_address(terminator, address) < terminator->config.connections_per_address_max) {
        connection = pool_take(&terminator->connections, &name);
    }
    if (connection == NULL) {
        terminator->figures.refused++;
        close(fd);
        return;
    }
    connection->due = TIME_US_NEVER;
    connection->address = *address;
    connection->address_size = size;
    if (tls_stream_init(&connection->stream, terminator->context, fd) != ERR_NONE) {
        terminator->figures.refused++;
        pool_give(&terminator->connections, name);
        return;
    }
    terminator->figures.accepted++;
    terminator->figures.open++;
    set_due(terminator, connection, now + HANDSHAKE_WITHIN_US, now);
    step(terminator, connection, name, true, false, now);
}

static void listen_on(struct tls_terminator *terminator, bool on)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = LISTEN_EVENT};
    if (epoll_ctl(terminator->poll_fd, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
                  terminator->config.listen_fd, &event) == 0) {
        terminator->listening = on;
    }
}

static void accept_all(struct tls_terminator *terminator, time_us now)
{
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        struct sockaddr_storage address = {0};
        socklen_t size = sizeof(address);
        int fd = accept4(terminator->config.listen_fd, (struct sockaddr *)&address, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            accepted(terminator, fd, &address, size, now);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            // What waits stays readable: look again at the next sweep, not in a hot loop.
            listen_on(terminator, false);
            terminator->sweep_at = now + SWEEP_EVERY_US;
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return;
        }
    }
}

// ---- Life ----

static void sweep(struct tls_terminator *terminator, time_us now)
{
    handle name = HANDLE_NONE;
    for (uint32_t i = 0; terminator->timed_count > 0 && i < terminator->connections.capacity; i++) {
        struct connection *connection = pool_at(&terminator->connections, i, &name);
        if (connection != NULL && connection->due <= now) {
            terminator->figures.failed += connection->stream.phase == TLS_STREAM_HANDSHAKE;
            forget(terminator, connection, name);
        }
    }
    if (!terminator->listening) {
        listen_on(terminator, true);
    }
    terminator->sweep_at = terminator->timed_count > 0 || !terminator->listening
                               ? now + SWEEP_EVERY_US
                               : TIME_US_NEVER;
}

enum err tls_terminator_create(const struct tls_terminator_config *config,
                               struct tls_terminator **ret_terminator)
{
    struct tls_terminator *terminator = calloc(1, sizeof(*terminator));
    if (terminator == NULL) {
        return ERR_FULL;
    }
    terminator->config = *config;
    terminator->config.certificate = NULL; // borrowed for this call only
    terminator->config.key = NULL;
    terminator->sweep_at = TIME_US_NEVER;
    terminator->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    terminator->context = make_context(config);
    int flags = fcntl(config->listen_fd, F_GETFL);
    enum err result = terminator->context == NULL ? ERR_INVALID : ERR_NONE;
    if (result == ERR_NONE && (terminator->poll_fd < 0 || flags < 0 ||
                               fcntl(config->listen_fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
                               pool_init(&terminator->connections, sizeof(struct connection),
                                         config->connections_max) != ERR_NONE)) {
        result = ERR_FULL;
    }
    if (result != ERR_NONE) {
        tls_terminator_destroy(terminator);
        return result;
    }
    listen_on(terminator, true);
    *ret_terminator = terminator;
    return ERR_NONE;
}

void tls_terminator_destroy(struct tls_terminator *terminator)
{
    if (terminator == NULL) {
        return;
    }
    handle name = HANDLE_NONE;
    for (uint32_t i = 0; i < terminator->connections.capacity; i++) {
        struct connection *connection = pool_at(&terminator->connections, i, &name);
        if (connection != NULL) {
            // One last try for what HTTP has said; the connection ends either way.
            tls_stream_step(&connection->stream, false, true);
            forget(terminator, connection, name);
        }
    }
    if (terminator->poll_fd >= 0) {
        close(terminator->poll_fd);
    }
    pool_finish(&terminator->connections);
    SSL_CTX_free(terminator->context);
    free(terminator);
}

int tls_terminator_fd(const struct tls_terminator *terminator)
{
    return terminator->poll_fd;
}

void tls_terminator_run(struct tls_terminator *terminator, time_us now)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int count = epoll_wait(terminator->poll_fd, events, EVENTS_PER_TURN, 0);
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 == LISTEN_EVENT) {
            accept_all(terminator, now);
            continue;
        }
        handle name = (handle)(events[i].data.u64 & UINT32_MAX);
        struct connection *connection = pool_get(&terminator->connections, name);
        if (connection == NULL) {
            continue; // ended earlier in this turn
        }
        bool inner = (events[i].data.u64 & INNER_EVENT) != 0;
        if (!inner && (events[i].events & (EPOLLERR | EPOLLHUP)) != 0) {
            // Reset: nobody hears what we would still say.
            terminator->figures.failed += connection->stream.phase == TLS_STREAM_HANDSHAKE;
            connection->stream.phase = TLS_STREAM_OVER;
        }
        step(terminator, connection, name, !inner, inner, now);
    }
    if (terminator->sweep_at <= now) {
        sweep(terminator, now);
    }
}

time_us tls_terminator_next_deadline(const struct tls_terminator *terminator)
{
    return terminator->sweep_at;
}

const struct tls_terminator_figures *tls_terminator_figures(const struct tls_terminator *terminator)
{
    return &terminator->figures;
}
