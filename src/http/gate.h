// The door of the one TCP port: accepts, shakes hands where TLS is spoken, guards every request
// (http/request_guard.h), and hands each connection on as a plain local socket, so that whoever
// speaks HTTP or WebSocket sees nothing else. (libmicrohttpd's own TLS runs its loop hot during
// handshakes, and it repairs requests that have to be refused.) Control thread only; nothing
// blocks. OpenSSL.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/time.h"
#include "http/client_address.h"

struct gate;

struct gate_config {
    int listen_fd;           // bound and listening, non-blocking or not; borrowed
    const char *certificate; // PEM chain; NULL: no TLS
    const char *key;         // PEM
    uint32_t connections_max;
    uint32_t connections_per_address_max;
    const struct client_networks *trusted; // proxies, behind which are many; borrowed
    // Takes the inner end of a connection, also when it refuses (false).
    bool (*deliver)(void *context, int fd, const struct sockaddr *address, socklen_t size);
    void *context;
};

struct gate_figures {
    uint64_t accepted;
    uint64_t refused;  // closed as they came: too many connections
    uint64_t failed;   // no TLS, no common version, or too slow
    uint64_t slow;     // closed: a head or a body did not come in time, or an answer was not taken
    uint64_t overdue;  // closed: no head, and too many such of one address
    uint64_t gave_way; // closed: without a session, for others
    uint64_t guarded;  // requests refused for what could be understood in two ways
    uint64_t open;
};

// ERR_INVALID when certificate and key cannot be used.
enum err CHECKED gate_create(const struct gate_config *config, struct gate **ret_gate);
void gate_destroy(struct gate *gate);
// As http_renew_certificate().
enum err CHECKED gate_renew_certificate(struct gate *gate, const char *certificate,
                                        const char *key);
// As http_stop_accepting().
void gate_stop_accepting(struct gate *gate);
// Readable when gate_run() has work.
int gate_fd(const struct gate *gate);
void gate_run(struct gate *gate, time_us now);
// The connection whose inner end is open as `fd`; HANDLE_NONE when it has ended.
handle gate_find(const struct gate *gate, int fd);
// From whoever speaks HTTP: the answer to the request at hand is said, or was the upgrade to
// something that is no HTTP. Nothing happens when the connection has ended.
void gate_answered(struct gate *gate, handle connection);
void gate_upgraded(struct gate *gate, handle connection);
// The client of the request at hand has ended the connection, or at least what it sends: most
// likely nobody waits for the answer.
bool gate_client_has_left(const struct gate *gate, handle connection);
// How often that has become so; an unchanged number: of nobody since.
uint64_t gate_clients_left(const struct gate *gate);
// Somebody with a session is there (a number for each person): a few connections of theirs do not
// give way to others. False when this is none of the few.
bool gate_known(struct gate *gate, handle connection, uint64_t person, bool live);
// A whole request is there, of somebody without a session: false when all places are taken but
// those that are kept for who has one.
bool gate_has_place(struct gate *gate, handle connection);
// TIME_US_NEVER when nothing is due.
time_us gate_next_deadline(const struct gate *gate);
const struct gate_figures *gate_figures(struct gate *gate);
