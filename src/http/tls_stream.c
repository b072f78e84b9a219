#include "http/tls_stream.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"

// What one connection may move of a turn before the others have theirs.
#define RECORDS_PER_STEP 4
// What a client may still send after we have said goodbye before it is cut off.
#define DROPPED_MAX (256u << 10)

static bool rest_is_empty(const struct tls_stream_rest *rest)
{
    return rest->bytes == NULL;
}

static void rest_clear(struct tls_stream_rest *rest)
{
    free(rest->bytes);
    *rest = (struct tls_stream_rest){0};
}

static bool rest_keep(struct tls_stream_rest *rest, const uint8_t *bytes, size_t size)
{
    rest->bytes = malloc(size);
    if (rest->bytes == NULL) {
        return false;
    }
    memcpy(rest->bytes, bytes, size);
    rest->size = size;
    rest->position = 0;
    return true;
}

static void rest_taken(struct tls_stream_rest *rest, size_t size)
{
    rest->position += size;
    if (rest->position == rest->size) {
        rest_clear(rest);
    }
}

static bool is_later(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

enum err tls_stream_init(struct tls_stream *stream, SSL_CTX *context, int outer)
{
    *stream = (struct tls_stream){.outer = outer, .inner = -1, .ssl = SSL_new(context)};
    if (stream->ssl == NULL || SSL_set_fd(stream->ssl, outer) != 1) {
        tls_stream_finish(stream);
        return ERR_FULL;
    }
    SSL_set_accept_state(stream->ssl);
    return ERR_NONE;
}

void tls_stream_finish(struct tls_stream *stream)
{
    SSL_free(stream->ssl);
    rest_clear(&stream->to_inner);
    rest_clear(&stream->to_outer);
    if (stream->outer >= 0) {
        close(stream->outer);
    }
    if (stream->inner >= 0) {
        close(stream->inner);
    }
    *stream = (struct tls_stream){.phase = TLS_STREAM_OVER, .outer = -1, .inner = -1};
}

static void step_handshake(struct tls_stream *stream)
{
    ERR_clear_error();
    int result = SSL_do_handshake(stream->ssl);
    if (result == 1) {
        stream->phase = TLS_STREAM_READY;
        stream->progressed = true;
        return;
    }
    int error = SSL_get_error(stream->ssl, result);
    stream->wants_write = error == SSL_ERROR_WANT_WRITE;
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        stream->phase = TLS_STREAM_OVER;
    }
}

void tls_stream_open(struct tls_stream *stream, int inner)
{
    ASSERT(stream->phase == TLS_STREAM_READY);
    stream->inner = inner;
    stream->phase = TLS_STREAM_OPEN;
}

void tls_stream_close(struct tls_stream *stream)
{
    if (stream->phase == TLS_STREAM_READY || stream->phase == TLS_STREAM_OPEN) {
        stream->phase = TLS_STREAM_CLOSING;
    }
}

// ---- Outwards ----

// How many bytes OpenSSL took; 0 when there is no room or the connection is over.
static size_t write_outer(struct tls_stream *stream, const uint8_t *bytes, size_t size)
{
    size_t written = 0;
    ERR_clear_error();
    int result = SSL_write_ex(stream->ssl, bytes, size, &written);
    if (result == 1) {
        stream->progressed = true;
        return written;
    }
    if (SSL_get_error(stream->ssl, result) != SSL_ERROR_WANT_WRITE) {
        stream->phase = TLS_STREAM_OVER;
    }
    return 0;
}

static bool flush_outer(struct tls_stream *stream)
{
    struct tls_stream_rest *rest = &stream->to_outer;
    while (!rest_is_empty(rest)) {
        size_t taken = write_outer(stream, rest->bytes + rest->position,
                                   rest->size - rest->position);
        if (taken == 0) {
            return false;
        }
        rest_taken(rest, taken);
    }
    return true;
}

static void pump_out(struct tls_stream *stream)
{
    uint8_t bytes[TLS_STREAM_RECORD_MAX];
    for (int i = 0; i < RECORDS_PER_STEP && stream->phase == TLS_STREAM_OPEN; i++) {
        if (!flush_outer(stream)) {
            return;
        }
        ssize_t size = recv(stream->inner, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (size <= 0) {
            if (size == 0 || !is_later(errno)) {
                tls_stream_close(stream);
            }
            return;
        }
        size_t taken = write_outer(stream, bytes, (size_t)size);
        if (stream->phase == TLS_STREAM_OPEN && taken < (size_t)size &&
            !rest_keep(&stream->to_outer, bytes + taken, (size_t)size - taken)) {
            stream->phase = TLS_STREAM_OVER;
        }
    }
}

// ---- Inwards ----

static void end_input(struct tls_stream *stream)
{
    stream->input_ended = true;
    rest_clear(&stream->to_inner);
    (void)shutdown(stream->inner, SHUT_WR); // whoever reads there sees the end
}

static size_t write_inner(struct tls_stream *stream, const uint8_t *bytes, size_t size)
{
    ssize_t sent = send(stream->inner, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
        stream->progressed = true;
        return (size_t)sent;
    }
    if (sent < 0 && !is_later(errno)) {
        end_input(stream); // nobody reads any more; what is still to go out goes out
    }
    return 0;
}

static bool flush_inner(struct tls_stream *stream)
{
    struct tls_stream_rest *rest = &stream->to_inner;
    while (!rest_is_empty(rest)) {
        size_t taken = write_inner(stream, rest->bytes + rest->position,
                                   rest->size - rest->position);
        if (taken == 0) {
            return false;
        }
        rest_taken(rest, taken);
    }
    return true;
}

static void pump_in(struct tls_stream *stream)
{
    uint8_t bytes[TLS_STREAM_RECORD_MAX];
    for (int i = 0; i < RECORDS_PER_STEP; i++) {
        if (stream->input_ended || stream->phase != TLS_STREAM_OPEN || !flush_inner(stream)) {
            return;
        }
        size_t size = 0;
        ERR_clear_error();
        // A whole record fits: nothing readable stays behind in OpenSSL when the socket is dry.
        int result = SSL_read_ex(stream->ssl, bytes, sizeof(bytes), &size);
        if (result != 1) {
            int error = SSL_get_error(stream->ssl, result);
            if (error == SSL_ERROR_ZERO_RETURN) {
                end_input(stream);
            } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
                stream->phase = TLS_STREAM_OVER;
            }
            return;
        }
        size_t taken = write_inner(stream, bytes, size);
        if (!stream->input_ended && taken < size &&
            !rest_keep(&stream->to_inner, bytes + taken, size - taken)) {
            stream->phase = TLS_STREAM_OVER;
        }
    }
}

// ---- The end ----

// Our last bytes and close_notify; then the client's end is awaited, for closing with unread bytes
// would reset the connection and take from the client what it has not read yet.
static void step_closing(struct tls_stream *stream)
{
    if (!stream->output_ended) {
        if (!flush_outer(stream)) {
            return;
        }
        ERR_clear_error();
        int result = SSL_shutdown(stream->ssl);
        if (result < 0) {
            if (SSL_get_error(stream->ssl, result) != SSL_ERROR_WANT_WRITE) {
                stream->phase = TLS_STREAM_OVER;
            }
            return;
        }
        stream->output_ended = true;
        stream->progressed = true;
        (void)shutdown(stream->outer, SHUT_WR);
    }
    uint8_t dropped[4096];
    ssize_t size = recv(stream->outer, dropped, sizeof(dropped), MSG_DONTWAIT);
    stream->dropped += size > 0 ? (size_t)size : 0;
    if (size == 0 || (size < 0 && !is_later(errno)) || stream->dropped > DROPPED_MAX) {
        stream->phase = TLS_STREAM_OVER;
    }
}

void tls_stream_step(struct tls_stream *stream, bool outer_ready, bool inner_ready)
{
    stream->progressed = false;
    if (stream->phase == TLS_STREAM_HANDSHAKE) {
        step_handshake(stream);
    }
    if (stream->phase == TLS_STREAM_OPEN && (inner_ready || !rest_is_empty(&stream->to_outer))) {
        pump_out(stream);
    }
    if (stream->phase == TLS_STREAM_OPEN && (outer_ready || !rest_is_empty(&stream->to_inner))) {
        pump_in(stream);
    }
    if (stream->phase == TLS_STREAM_CLOSING) {
        step_closing(stream);
    }
}

uint32_t tls_stream_outer_events(const struct tls_stream *stream)
{
    switch (stream->phase) {
    case TLS_STREAM_HANDSHAKE: return stream->wants_write ? EPOLLOUT : EPOLLIN;
    case TLS_STREAM_OPEN:
        return (!stream->input_ended && rest_is_empty(&stream->to_inner) ? EPOLLIN : 0u) |
               (rest_is_empty(&stream->to_outer) ? 0u : EPOLLOUT);
    case TLS_STREAM_CLOSING: return stream->output_ended ? EPOLLIN : EPOLLOUT;
    case TLS_STREAM_READY:
    case TLS_STREAM_OVER:
    default: return 0;
    }
}

uint32_t tls_stream_inner_events(const struct tls_stream *stream)
{
    if (stream->phase != TLS_STREAM_OPEN) {
        return 0;
    }
    return (rest_is_empty(&stream->to_outer) ? EPOLLIN : 0u) |
           (rest_is_empty(&stream->to_inner) ? 0u : EPOLLOUT);
}
