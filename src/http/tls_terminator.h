// TLS of the one TCP port: accepts, shakes hands, and hands each connection on as a plain local
// socket, so that HTTP and WebSocket never know of it. (libmicrohttpd's own TLS runs its loop hot
// during handshakes and forwards upgraded connections a few bytes a record.) TLS 1.2 and 1.3.
// Control thread only; nothing blocks. OpenSSL.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/time.h"

struct tls_terminator;

struct tls_terminator_config {
    int listen_fd;           // bound and listening, non-blocking or not; borrowed
    const char *certificate; // PEM chain
    const char *key;         // PEM
    uint32_t connections_max;
    uint32_t connections_per_address_max;
    // Takes the plain end of a connection, also when it refuses (false).
    bool (*deliver)(void *context, int fd, const struct sockaddr *address, socklen_t size);
    void *context;
};

struct tls_terminator_figures {
    uint64_t accepted;
    uint64_t refused; // closed before the handshake: too many connections
    uint64_t failed;  // no TLS, no common version, or too slow
    uint64_t open;
};

// ERR_INVALID when certificate and key cannot be used.
enum err CHECKED tls_terminator_create(const struct tls_terminator_config *config,
                                       struct tls_terminator **ret_terminator);
void tls_terminator_destroy(struct tls_terminator *terminator);
// Readable when tls_terminator_run() has work.
int tls_terminator_fd(const struct tls_terminator *terminator);
void tls_terminator_run(struct tls_terminator *terminator, time_us now);
// TIME_US_NEVER when nothing is due.
time_us tls_terminator_next_deadline(const struct tls_terminator *terminator);
const struct tls_terminator_figures *
tls_terminator_figures(const struct tls_terminator *terminator);
