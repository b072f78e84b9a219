// The HTTP side of WHIP and WHEP (RFC 9725): an offer is posted, the session deleted, over
// libcurl's multi interface inside the caller's epoll loop. Connections are kept and shared. One
// thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

#define LOAD_HTTP_BODY_MAX 65536 // bytes of an answer
#define LOAD_HTTP_REASON   192   // bytes with NUL

struct load_http;

struct load_http_answer {
    uint32_t client;
    bool deleted;     // it was a DELETE
    long status;      // 0: there was none
    const char *body; // NUL-terminated
    size_t body_size;
    const char *location; // absolute; NULL when there is none
    const char *reason;   // NULL for 2xx, else why, in a line
};

typedef void (*load_http_done)(void *context, const struct load_http_answer *answer);

struct load_http_options {
    int epoll_fd;
    uint64_t epoll_tag;   // upper half of the event's data; the lower is the descriptor
    unsigned connections; // at most, to one host
    unsigned patience_s;  // for one request
    bool insecure;        // any TLS certificate will do
    load_http_done done;
    void *context;
};

// The host of a URL, without brackets; false when it cannot be read.
bool load_http_host(const char *url, char *ret_host, size_t size);

// NULL when libcurl refuses.
struct load_http *load_http_create(const struct load_http_options *options);
// Requests under way are given up without a word.
void load_http_destroy(struct load_http *http);

// False when memory is short. The texts are copied. `token` NULL: none.
bool load_http_post(struct load_http *http, uint32_t client, const char *url, const char *token,
                    const char *offer);
bool load_http_delete(struct load_http *http, uint32_t client, const char *url, const char *token);
unsigned load_http_requests(const struct load_http *http); // under way

// TIME_US_NEVER when nothing waits for time.
time_us load_http_deadline(const struct load_http *http);
void load_http_on_time(struct load_http *http);
void load_http_on_ready(struct load_http *http, int fd, uint32_t epoll_events);
