// The one TCP port: HTTP/1.1, TLS and WebSocket framing (libmicrohttpd, OpenSSL, wslay). It owns
// connections and knows nothing of meetings: whole requests and whole live messages go to the api,
// static files come from memory. Control thread only; libmicrohttpd runs inside http_run(), with no
// thread of its own.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "base/err.h"
#include "base/time.h"

struct http;

struct http_config {
    int listen_fd;               // bound and listening; borrowed
    const char *web_root;        // folder with index.html; without it there is no page
    const char *certificate;     // PEM chain; NULL serves plain HTTP
    const char *key;             // PEM
    const char *prefix;          // "", or "/sub": where on its host the server stands
    const char *trusted_proxies; // as client_networks_read() takes it
    bool proxies_say_forwarded;  // by Forwarded, else by X-Forwarded-For
    uint32_t hsts_days;          // 0: none
    uint32_t connections_max;
    uint32_t connections_per_address_max;
};

enum err CHECKED http_create(const struct http_config *config, struct api *api,
                             struct http **ret_http);
void http_destroy(struct http *http);

// Who comes from now on meets this certificate (PEM texts, borrowed for the call); connections that
// are there go on. ERR_INVALID, and nothing changes, when the two cannot be used together, or
// without TLS.
enum err CHECKED http_renew_certificate(struct http *http, const char *certificate,
                                        const char *key);

// Who comes from now on is not let in and waits in the listening socket, for whoever has it next.
// Connections that are there go on.
void http_stop_accepting(struct http *http);

// What the api's ports live_send, live_has_room, live_close and respond come down to.
bool http_live_send(struct http *http, api_connection connection, const char *text, size_t size);
bool http_live_has_room(struct http *http, api_connection connection);
void http_live_close(struct http *http, api_connection connection, uint16_t code,
                     const char *reason);
void http_respond(struct http *http, uint64_t request, struct api_response *response);

// Readable when http_run() has work.
int http_poll_fd(const struct http *http);
void http_run(struct http *http, time_us now, time_ms wall);
// At the end of a turn of the loop: what the turn has for a live client leaves in one write, and
// what was responded goes out.
void http_flush(struct http *http);
// TIME_US_NEVER when nothing is due.
time_us http_next_deadline(const struct http *http, time_us now);

struct http_figures {
    uint64_t requests;
    uint64_t responses_4xx;
    uint64_t responses_5xx;
    uint64_t live_opened;
    uint64_t live_open;
    uint64_t live_slow_closed;
    uint64_t bytes_sent_live;
    uint64_t live_packed;          // messages that were compressed
    uint64_t live_packed_again;    // and were sent to others as they were
    uint64_t connections_refused;  // over the limits
    uint64_t connections_gave_way; // without a session, for others
    uint64_t connections_slow;     // ended: a head, a body or the taking of an answer took too long
    uint64_t tls_failed;           // handshakes that did not come about
    uint64_t ambiguous;            // requests that could be understood in two ways
};
const struct http_figures *http_figures(struct http *http);
