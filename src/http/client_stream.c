#include "http/client_stream.h"

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
// What a client may still send after we have said goodbye before it is cut off: one that sends a
// body which is refused reads the answer when it has sent all of it; whoever floods reads nothing.
#define DROPPED_MAX     (32u << 20)
#define DROPPED_RAW_MAX (256u << 10)

static bool rest_is_empty(const struct client_stream_rest *rest)
{
    return rest->bytes == NULL;
}

static void rest_clear(struct client_stream_rest *rest)
{
    free(rest->bytes);
    *rest = (struct client_stream_rest){0};
}

static bool rest_keep(struct client_stream_rest *rest, const uint8_t *bytes, size_t size)
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

static void rest_taken(struct client_stream_rest *rest, size_t size)
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

enum err client_stream_init(struct client_stream *stream, SSL_CTX *context, int outer)
{
    *stream = (struct client_stream){.outer = outer, .inner = -1};
    if (context == NULL) {
        stream->phase = CLIENT_STREAM_READY;
        return ERR_NONE;
    }
    stream->ssl = SSL_new(context);
    if (stream->ssl == NULL || SSL_set_fd(stream->ssl, outer) != 1) {
        client_stream_finish(stream);
        return ERR_FULL;
    }
    SSL_set_accept_state(stream->ssl);
    return ERR_NONE;
}

void client_stream_finish(struct client_stream *stream)
{
    SSL_free(stream->ssl);
    request_guard_finish(&stream->guard);
    rest_clear(&stream->from_outer);
    rest_clear(&stream->to_inner);
    rest_clear(&stream->to_outer);
    if (stream->outer >= 0) {
        close(stream->outer);
    }
    if (stream->inner >= 0) {
        close(stream->inner);
    }
    *stream = (struct client_stream){.phase = CLIENT_STREAM_OVER, .outer = -1, .inner = -1};
}

static void step_handshake(struct client_stream *stream)
{
    ERR_clear_error();
    int result = SSL_do_handshake(stream->ssl);
    if (result == 1) {
        stream->phase = CLIENT_STREAM_READY;
        stream->progressed = true;
        return;
    }
    int error = SSL_get_error(stream->ssl, result);
    stream->wants_write = error == SSL_ERROR_WANT_WRITE;
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        stream->phase = CLIENT_STREAM_OVER;
    }
}

void client_stream_open(struct client_stream *stream, int inner)
{
    ASSERT(stream->phase == CLIENT_STREAM_READY);
    stream->inner = inner;
    stream->phase = CLIENT_STREAM_OPEN;
}

void client_stream_close(struct client_stream *stream)
{
    if (stream->phase == CLIENT_STREAM_READY || stream->phase == CLIENT_STREAM_OPEN) {
        stream->phase = CLIENT_STREAM_CLOSING;
    }
}

// ---- Outwards ----

static size_t write_plain(struct client_stream *stream, const uint8_t *bytes, size_t size)
{
    ssize_t sent = send(stream->outer, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
        stream->progressed = true;
        stream->sent += (size_t)sent;
        return (size_t)sent;
    }
    if (sent < 0 && !is_later(errno)) {
        stream->phase = CLIENT_STREAM_OVER;
    }
    return 0;
}

// How many bytes were taken; 0 when there is no room or the connection is over.
static size_t write_outer(struct client_stream *stream, const uint8_t *bytes, size_t size)
{
    size_t written = 0;
    if (stream->ssl == NULL) {
        return write_plain(stream, bytes, size);
    }
    ERR_clear_error();
    int result = SSL_write_ex(stream->ssl, bytes, size, &written);
    if (result == 1) {
        stream->progressed = true;
        stream->sent += written;
        return written;
    }
    if (SSL_get_error(stream->ssl, result) != SSL_ERROR_WANT_WRITE) {
        stream->phase = CLIENT_STREAM_OVER;
    }
    return 0;
}

// True when nothing is left of what had to wait.
static bool flush(struct client_stream *stream, struct client_stream_rest *rest,
                  size_t (*write)(struct client_stream *stream, const uint8_t *bytes, size_t size))
{
    while (!rest_is_empty(rest)) {
        size_t taken = write(stream, rest->bytes + rest->position, rest->size - rest->position);
        if (taken == 0) {
            return false;
        }
        rest_taken(rest, taken);
    }
    return true;
}

static void pump_out(struct client_stream *stream)
{
    uint8_t bytes[CLIENT_STREAM_RECORD_MAX];
    for (int i = 0; i < RECORDS_PER_STEP && stream->phase == CLIENT_STREAM_OPEN; i++) {
        if (!flush(stream, &stream->to_outer, write_outer)) {
            return;
        }
        ssize_t size = recv(stream->inner, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (size <= 0) {
            if (size == 0 || !is_later(errno)) {
                client_stream_close(stream);
            }
            return;
        }
        size_t taken = write_outer(stream, bytes, (size_t)size);
        if (stream->phase == CLIENT_STREAM_OPEN && taken < (size_t)size &&
            !rest_keep(&stream->to_outer, bytes + taken, (size_t)size - taken)) {
            stream->phase = CLIENT_STREAM_OVER;
        }
    }
}

// ---- Inwards ----

static void end_input(struct client_stream *stream)
{
    stream->input_ended = true;
    rest_clear(&stream->to_inner);
    rest_clear(&stream->from_outer);
    (void)shutdown(stream->inner, SHUT_WR); // whoever reads there sees the end
}

static size_t write_inner(struct client_stream *stream, const uint8_t *bytes, size_t size)
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

static size_t read_plain(struct client_stream *stream, uint8_t *bytes, size_t size)
{
    ssize_t received = recv(stream->outer, bytes, size, MSG_DONTWAIT);
    if (received == 0) {
        end_input(stream);
    } else if (received < 0 && !is_later(errno)) {
        stream->phase = CLIENT_STREAM_OVER;
    }
    return received > 0 ? (size_t)received : 0;
}

// 0: nothing now, or nothing ever again. A whole record fits: nothing readable stays behind in
// OpenSSL when the socket is dry.
static size_t read_outer(struct client_stream *stream, uint8_t bytes[CLIENT_STREAM_RECORD_MAX])
{
    size_t size = 0;
    if (stream->ssl == NULL) {
        return read_plain(stream, bytes, CLIENT_STREAM_RECORD_MAX);
    }
    ERR_clear_error();
    int result = SSL_read_ex(stream->ssl, bytes, CLIENT_STREAM_RECORD_MAX, &size);
    if (result == 1) {
        return size;
    }
    int error = SSL_get_error(stream->ssl, result);
    if (error == SSL_ERROR_ZERO_RETURN) {
        end_input(stream);
    } else if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
        stream->phase = CLIENT_STREAM_OVER;
    }
    return 0;
}

// Through the guard to the inner socket; returns how many the guard took.
static size_t pass_guard(struct client_stream *stream, const uint8_t *bytes, size_t size)
{
    uint8_t out[REQUEST_GUARD_OUT_MAX(CLIENT_STREAM_RECORD_MAX)];
    size_t out_size = 0;
    size_t taken = request_guard_take(&stream->guard, bytes, size, out, &out_size);
    size_t written = out_size > 0 ? write_inner(stream, out, out_size) : 0;
    if (!stream->input_ended && written < out_size &&
        !rest_keep(&stream->to_inner, out + written, out_size - written)) {
        stream->phase = CLIENT_STREAM_OVER;
    }
    return taken;
}

// Bytes that the guard did not take before, or else new ones. False when there are none.
static bool pump_in_once(struct client_stream *stream)
{
    struct client_stream_rest *waiting = &stream->from_outer;
    if (!rest_is_empty(waiting)) {
        size_t taken = pass_guard(stream, waiting->bytes + waiting->position,
                                  waiting->size - waiting->position);
        if (!rest_is_empty(waiting)) { // cleared when nobody reads inside any more
            rest_taken(waiting, taken);
        }
        return true;
    }
    uint8_t bytes[CLIENT_STREAM_RECORD_MAX];
    size_t size = read_outer(stream, bytes);
    if (size == 0) {
        return false;
    }
    stream->received += size;
    stream->progressed = true;
    size_t taken = pass_guard(stream, bytes, size);
    if (stream->phase == CLIENT_STREAM_OPEN && taken < size &&
        !rest_keep(waiting, bytes + taken, size - taken)) {
        stream->phase = CLIENT_STREAM_OVER;
    }
    return true;
}

static bool takes_input(const struct client_stream *stream)
{
    return !stream->input_ended && stream->phase == CLIENT_STREAM_OPEN &&
           request_guard_takes(&stream->guard);
}

static void pump_in(struct client_stream *stream)
{
    for (int i = 0; i < RECORDS_PER_STEP && flush(stream, &stream->to_inner, write_inner) &&
                    takes_input(stream);
         i++) {
        if (!pump_in_once(stream)) {
            return;
        }
    }
}

void client_stream_answered(struct client_stream *stream)
{
    request_guard_answered(&stream->guard);
}

void client_stream_upgraded(struct client_stream *stream)
{
    request_guard_upgraded(&stream->guard);
}

void client_stream_left(struct client_stream *stream)
{
    stream->left = true;
}

// ---- The end ----

// Our last bytes and close_notify; then the client's end is awaited, for closing with unread bytes
// would reset the connection and take from the client what it has not read yet.
static void step_closing(struct client_stream *stream)
{
    if (!stream->output_ended) {
        if (!flush(stream, &stream->to_outer, write_outer)) {
            return;
        }
        ERR_clear_error();
        int result = stream->ssl != NULL ? SSL_shutdown(stream->ssl) : 0;
        if (result < 0) {
            if (SSL_get_error(stream->ssl, result) != SSL_ERROR_WANT_WRITE) {
                stream->phase = CLIENT_STREAM_OVER;
            }
            return;
        }
        stream->output_ended = true;
        stream->progressed = true;
        (void)shutdown(stream->outer, SHUT_WR);
    }
    uint8_t dropped[CLIENT_STREAM_RECORD_MAX];
    ssize_t size = 1;
    for (int i = 0; i < RECORDS_PER_STEP && size > 0; i++) {
        size = recv(stream->outer, dropped, sizeof(dropped), MSG_DONTWAIT);
        stream->dropped += size > 0 ? (size_t)size : 0;
    }
    size_t most = stream->guard.phase == REQUEST_GUARD_RAW ? DROPPED_RAW_MAX : DROPPED_MAX;
    if (size == 0 || (size < 0 && !is_later(errno)) || stream->dropped > most) {
        stream->phase = CLIENT_STREAM_OVER;
    }
}

void client_stream_step(struct client_stream *stream, bool outer_ready, bool inner_ready)
{
    stream->progressed = false;
    if (stream->phase == CLIENT_STREAM_HANDSHAKE) {
        step_handshake(stream);
    }
    if (stream->phase == CLIENT_STREAM_OPEN && (inner_ready || !rest_is_empty(&stream->to_outer))) {
        pump_out(stream);
    }
    if (stream->phase == CLIENT_STREAM_OPEN &&
        (outer_ready || !rest_is_empty(&stream->to_inner) || !rest_is_empty(&stream->from_outer))) {
        pump_in(stream);
    }
    if (stream->phase == CLIENT_STREAM_CLOSING) {
        step_closing(stream);
    }
}

bool client_stream_is_blocked(const struct client_stream *stream)
{
    return !rest_is_empty(&stream->to_outer);
}

bool client_stream_holds_back(const struct client_stream *stream)
{
    return !rest_is_empty(&stream->to_inner);
}

// While an answer is awaited nothing is read, so that the client's end would not be seen.
static bool looks_for_end(const struct client_stream *stream)
{
    return stream->guard.phase == REQUEST_GUARD_ANSWER && !stream->left && !stream->input_ended;
}

uint32_t client_stream_outer_events(const struct client_stream *stream)
{
    switch (stream->phase) {
    case CLIENT_STREAM_HANDSHAKE: return stream->wants_write ? EPOLLOUT : EPOLLIN;
    case CLIENT_STREAM_OPEN:
        return (takes_input(stream) && rest_is_empty(&stream->to_inner) ? EPOLLIN : 0u) |
               (rest_is_empty(&stream->to_outer) ? 0u : EPOLLOUT) |
               (looks_for_end(stream) ? EPOLLRDHUP : 0u) |
               (stream->input_ended ? 0u : EPOLLERR); // a client that resets is seen meanwhile
    case CLIENT_STREAM_CLOSING: return stream->output_ended ? EPOLLIN : EPOLLOUT;
    case CLIENT_STREAM_READY:
    case CLIENT_STREAM_OVER:
    default: return 0;
    }
}

uint32_t client_stream_inner_events(const struct client_stream *stream)
{
    if (stream->phase != CLIENT_STREAM_OPEN) {
        return 0;
    }
    return (rest_is_empty(&stream->to_outer) ? EPOLLIN : 0u) |
           (rest_is_empty(&stream->to_inner) ? 0u : EPOLLOUT);
}
