// One upgraded WebSocket: framing by wslay (RFC 6455), a bounded queue of what is still to be sent.
// No masking or fragment of a frame is visible outside. Control thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"
#include "base/err.h"
#include "http/message_deflate.h"

struct live_socket;

// What the socket reports; called from within live_socket_on_readable().
struct live_socket_events {
    void *context;
    // Before a message is unpacked and read: false when it is one too many.
    bool (*admit)(void *context, api_connection connection);
    // That, or its first API_REFUSED_MAX bytes; `text` is NULL where it cannot be unpacked.
    void (*refused)(void *context, api_connection connection, const char *text, size_t size);
    void (*received)(void *context, api_connection connection, const char *text, size_t size);
    // A broken or binary frame, invalid UTF-8, or not what was compressed; or text that is too
    // large.
    void (*misbehaved)(void *context, api_connection connection, bool too_large);
};

// Of what a client has not read. One message of more than half of that does not count: the state of
// a large meeting.
#define LIVE_SOCKET_QUEUE_MAX (1u << 20)
// With so much or less on its way a connection has room for a further state.
#define LIVE_SOCKET_DRAINED (64u << 10)

// How its messages are compressed, as the handshake agreed.
struct live_socket_compression {
    struct message_deflate *deflate; // borrowed, outlives the socket
    int window;                      // websocket_extension(); 0: they are not
};

// `early` is what arrived behind the handshake; copied. The descriptor is borrowed (libmicrohttpd
// owns it).
enum err CHECKED live_socket_create(int fd, api_connection connection, const void *early,
                                    size_t early_size,
                                    const struct live_socket_compression *compression,
                                    const struct live_socket_events *events,
                                    struct live_socket **ret_socket);
void live_socket_destroy(struct live_socket *socket);

int live_socket_fd(const struct live_socket *socket);
// Whether the peer closed because its page is gone for good.
bool live_socket_left(const struct live_socket *socket);
api_connection live_socket_connection(const struct live_socket *socket);
// False when LIVE_SOCKET_QUEUE_MAX would be exceeded: the client does not read; end it. *ret_sent
// is what the message weighs as it goes out.
bool live_socket_send(struct live_socket *socket, const char *text, size_t size, size_t *ret_sent);
bool live_socket_has_room(const struct live_socket *socket);
// Behind what is queued.
void live_socket_close(struct live_socket *socket, uint16_t code, const char *reason);
// Ahead of what is queued, of which no message is begun any more.
void live_socket_close_now(struct live_socket *socket, uint16_t code, const char *reason);
// Both false when the connection is over and the socket must be destroyed. Not all is read at once;
// *ret_bytes is how much work it was: what came, and what that was when unpacked.
bool CHECKED live_socket_on_readable(struct live_socket *socket, size_t *ret_bytes);
// Whatever is queued goes to the kernel in as few writes as may be.
bool CHECKED live_socket_on_writable(struct live_socket *socket);
bool live_socket_wants_write(const struct live_socket *socket);
