#include "http/live_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <wslay/wslay.h>

#include "base/text.h"

// What one connection may take of a turn before the others have theirs, as it came and as it is
// when unpacked; the rest waits in the kernel. What was taken from there is read to its end: of
// small frames that are long messages, as many as their person may say.
#define TURN_BYTES_MAX (64u << 10)
// Pings, pongs and fragments between two whole messages. A page sends none, other clients a few;
// each ping costs an answer in the queue.
#define FRAMES_MAX 1024
// Frames are gathered to so much before they go to the kernel: what there is for a client leaves in
// one segment, and over TLS in one record.
#define GATHERED_MAX 16384

struct live_socket {
    wslay_event_context_ptr framing; // owned
    int fd;                          // borrowed
    api_connection connection;
    struct live_socket_compression compression;
    struct live_socket_events events;
    uint8_t *early; // owned; bytes that came behind the handshake, read before the socket
    size_t early_size;
    size_t early_position;
    size_t large;      // bytes of the one message in the queue that does not count; 0: none
    size_t turn_bytes; // received in this turn, and unpacked
    uint32_t frames;   // since the last whole message
    uint8_t *gathered; // borrowed, within live_socket_on_writable(); GATHERED_MAX
    size_t gathered_size;
    uint8_t *rest; // owned; gathered bytes that the kernel did not take; NULL when there are none
    size_t rest_size;
    size_t rest_position;
    uint16_t close_code; // a close frame to be queued once all messages are sent; 0: none
    char close_reason[64];
    bool closing; // our close frame is owed: what still comes is read and dropped until the
                  // peer's arrives
    bool ended;   // the peer closed or the transport failed
    bool left;    // the peer said that its page is gone
};

static ssize_t receive_bytes(wslay_event_context_ptr framing, uint8_t *to, size_t size, int flags,
                             void *user)
{
    (void)flags;
    struct live_socket *socket = user;
    size_t early = socket->early_size - socket->early_position;
    if (early > 0) {
        size_t taken = early < size ? early : size;
        memcpy(to, socket->early + socket->early_position, taken);
        socket->early_position += taken;
        return (ssize_t)taken;
    }
    if (socket->turn_bytes >= TURN_BYTES_MAX) {
        wslay_event_set_error(framing, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    ssize_t received;
    do {
        received = recv(socket->fd, to, size, MSG_DONTWAIT);
    } while (received < 0 && errno == EINTR);
    if (received > 0) {
        socket->turn_bytes += (size_t)received;
        return received;
    }
    bool would_block = received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    socket->ended = socket->ended || !would_block;
    wslay_event_set_error(framing, would_block ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static ssize_t gather_bytes(wslay_event_context_ptr framing, const uint8_t *data, size_t size,
                            int flags, void *user)
{
    (void)flags;
    struct live_socket *socket = user;
    size_t room = GATHERED_MAX - socket->gathered_size;
    size_t taken = size < room ? size : room;
    if (taken == 0) {
        wslay_event_set_error(framing, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(socket->gathered + socket->gathered_size, data, taken);
    socket->gathered_size += taken;
    return (ssize_t)taken;
}

// Cut off at once, with no close frame: nothing more is read, and whoever floods does not read
// either.
static void frame_started(wslay_event_context_ptr framing,
                          const struct wslay_event_on_frame_recv_start_arg *frame, void *user)
{
    (void)frame;
    struct live_socket *socket = user;
    if (++socket->frames > FRAMES_MAX && !socket->ended) {
        socket->ended = true;
        wslay_event_shutdown_read(framing);
        socket->events.misbehaved(socket->events.context, socket->connection, false);
    }
}

// The text of a message that may be compressed, and is no longer than `max`: ERR_TOO_LARGE beyond
// that, with its first `max` bytes, as for one beyond API_BODY_MAX that is not compressed, of which
// wslay tells nobody and closes with 1009.
static enum err text_of(struct live_socket *socket,
                        const struct wslay_event_on_msg_recv_arg *message, size_t max,
                        const char **ret_text, size_t *ret_size)
{
    *ret_text = (const char *)message->msg;
    *ret_size = message->msg_length < max ? message->msg_length : max;
    if (wslay_get_rsv1(message->rsv) == 0) {
        return message->msg_length <= max ? ERR_NONE : ERR_TOO_LARGE;
    }
    *ret_text = NULL;
    enum err err = message_deflate_unpack(socket->compression.deflate, message->msg,
                                          message->msg_length, max, ret_text, ret_size);
    socket->turn_bytes += err == ERR_NONE ? *ret_size : max;
    return err;
}

// Unpacking is the greater part of the work that a small frame can be: what is one too many is not.
static void text_received(struct live_socket *socket,
                          const struct wslay_event_on_msg_recv_arg *message)
{
    const struct live_socket_events *events = &socket->events;
    const char *text = NULL;
    size_t size = 0;
    bool admitted = events->admit(events->context, socket->connection);
    size_t max = admitted ? API_BODY_MAX : API_REFUSED_MAX;
    enum err err = text_of(socket, message, max, &text, &size);
    if (!admitted) {
        events->refused(events->context, socket->connection, text, size);
    } else if (err != ERR_NONE) {
        events->misbehaved(events->context, socket->connection, err == ERR_TOO_LARGE);
    } else {
        events->received(events->context, socket->connection, text, size);
    }
}

static void message_received(wslay_event_context_ptr framing,
                             const struct wslay_event_on_msg_recv_arg *message, void *user)
{
    (void)framing;
    struct live_socket *socket = user;
    // Browsers close with this code when the page is left or loaded anew (RFC 6455, 7.4.1).
    socket->left = socket->left || (message->opcode == WSLAY_CONNECTION_CLOSE &&
                                    message->status_code == WSLAY_CODE_GOING_AWAY);
    if (wslay_is_ctrl_frame(message->opcode) || socket->closing) {
        return; // ping and close are answered by wslay itself
    }
    socket->frames = 0;
    if (message->opcode != WSLAY_TEXT_FRAME) {
        socket->events.misbehaved(socket->events.context, socket->connection, false);
        return;
    }
    text_received(socket, message);
}

enum err live_socket_create(int fd, api_connection connection, const void *early, size_t early_size,
                            const struct live_socket_compression *compression,
                            const struct live_socket_events *events,
                            struct live_socket **ret_socket)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = receive_bytes,
        .send_callback = gather_bytes,
        .on_frame_recv_start_callback = frame_started,
        .on_msg_recv_callback = message_received,
    };
    struct live_socket *socket = calloc(1, sizeof(*socket));
    if (socket == NULL) {
        return ERR_FULL;
    }
    socket->fd = fd;
    socket->connection = connection;
    socket->compression = *compression;
    socket->events = *events;
    if (early_size > 0) {
        socket->early = malloc(early_size);
        if (socket->early == NULL) {
            live_socket_destroy(socket);
            return ERR_FULL;
        }
        memcpy(socket->early, early, early_size);
        socket->early_size = early_size;
    }
    if (wslay_event_context_server_init(&socket->framing, &callbacks, socket) != 0) {
        live_socket_destroy(socket);
        return ERR_FULL;
    }
    wslay_event_config_set_max_recv_msg_length(socket->framing, API_BODY_MAX);
    if (compression->window != 0) {
        wslay_event_config_set_allowed_rsv_bits(socket->framing, WSLAY_RSV1_BIT);
    }
    *ret_socket = socket;
    return ERR_NONE;
}

void live_socket_destroy(struct live_socket *socket)
{
    if (socket == NULL) {
        return;
    }
    if (socket->framing != NULL) {
        wslay_event_context_free(socket->framing);
    }
    free(socket->early);
    free(socket->rest);
    free(socket);
}

bool live_socket_left(const struct live_socket *socket)
{
    return socket->left;
}

int live_socket_fd(const struct live_socket *socket)
{
    return socket->fd;
}

api_connection live_socket_connection(const struct live_socket *socket)
{
    return socket->connection;
}

// The message as it goes out: compressed where that was agreed and makes it smaller.
static struct wslay_event_msg message_of(struct live_socket *socket, const char *text, size_t size,
                                         uint8_t *ret_rsv)
{
    const struct live_socket_compression *compression = &socket->compression;
    size_t packed_size = 0;
    const uint8_t *packed = compression->window != 0
                                ? message_deflate_pack(compression->deflate, compression->window,
                                                       text, size, &packed_size)
                                : NULL;
    *ret_rsv = packed != NULL ? WSLAY_RSV1_BIT : WSLAY_RSV_NONE;
    return (struct wslay_event_msg){.opcode = WSLAY_TEXT_FRAME,
                                    .msg = packed != NULL ? packed : (const uint8_t *)text,
                                    .msg_length = packed != NULL ? packed_size : size};
}

bool live_socket_send(struct live_socket *socket, const char *text, size_t size, size_t *ret_sent)
{
    uint8_t rsv;
    const struct wslay_event_msg message = message_of(socket, text, size, &rsv);
    size_t queued = wslay_event_get_queued_msg_length(socket->framing);
    if (queued <= LIVE_SOCKET_QUEUE_MAX / 2) {
        socket->large = 0; // it has gone
    }
    // The state of a large meeting alone may be more than that: the first such message in
    // the queue does not count. Further ones wait for live_socket_has_room().
    if (socket->large == 0 && message.msg_length > LIVE_SOCKET_QUEUE_MAX / 2) {
        socket->large = message.msg_length;
    }
    if (queued > 0 && queued + message.msg_length > LIVE_SOCKET_QUEUE_MAX + socket->large) {
        return false;
    }
    int queued_ok = wslay_event_queue_msg_ex(socket->framing, &message, rsv);
    *ret_sent = message.msg_length;
    return queued_ok == 0 ||
           queued_ok == WSLAY_ERR_NO_MORE_MSG; // closing already: nothing more is owed
}

// wslay sends control frames before messages: a close frame queued behind messages would take their
// place.
static void close_when_sent(struct live_socket *socket)
{
    if (socket->close_code != 0 && wslay_event_get_queued_msg_count(socket->framing) == 0) {
        (void)wslay_event_queue_close(socket->framing, socket->close_code,
                                      (const uint8_t *)socket->close_reason,
                                      strlen(socket->close_reason));
        socket->close_code = 0;
    }
}

void live_socket_close(struct live_socket *socket, uint16_t code, const char *reason)
{
    if (!socket->closing) {
        // Reading goes on: closing with unread bytes would reset the connection and take from the
        // peer what it has not read yet.
        socket->closing = true;
        socket->close_code = code;
        text_copy_cut(socket->close_reason, sizeof(socket->close_reason), reason);
        close_when_sent(socket);
    }
}

void live_socket_close_now(struct live_socket *socket, uint16_t code, const char *reason)
{
    if (!socket->closing) {
        socket->closing = true;
        (void)wslay_event_queue_close(socket->framing, code, (const uint8_t *)reason,
                                      strlen(reason));
    }
}

static bool is_open(const struct live_socket *socket)
{
    return !socket->ended &&
           (wslay_event_want_read(socket->framing) != 0 || live_socket_wants_write(socket));
}

// wslay ends the reading by itself where frames are broken, and tells nobody.
static bool broke_the_framing(const struct live_socket *socket)
{
    return !socket->ended && !socket->closing &&
           wslay_event_get_read_enabled(socket->framing) == 0 &&
           wslay_event_get_close_received(socket->framing) == 0;
}

bool live_socket_on_readable(struct live_socket *socket, size_t *ret_bytes)
{
    socket->turn_bytes = 0;
    *ret_bytes = 0;
    if (wslay_event_want_read(socket->framing) != 0) {
        bool good = wslay_event_recv(socket->framing) == 0;
        *ret_bytes = socket->turn_bytes;
        if (broke_the_framing(socket)) {
            socket->events.misbehaved(socket->events.context, socket->connection, false);
        }
        return good && is_open(socket);
    }
    // The close frames are exchanged: only the end of the connection is awaited.
    uint8_t dropped[4096];
    ssize_t received = recv(socket->fd, dropped, sizeof(dropped), MSG_DONTWAIT);
    bool over = received == 0 || (received < 0 && errno != EAGAIN && errno != EINTR);
    return !over && is_open(socket);
}

// How many bytes the kernel took; fewer than `size` when there is no room or the transport failed.
static size_t send_bytes(struct live_socket *socket, const uint8_t *data, size_t size)
{
    ssize_t sent;
    do {
        sent = send(socket->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0) {
        return (size_t)sent;
    }
    socket->ended = socket->ended || (errno != EAGAIN && errno != EWOULDBLOCK);
    return 0;
}

static bool flush_rest(struct live_socket *socket)
{
    if (socket->rest == NULL) {
        return true;
    }
    socket->rest_position += send_bytes(socket, socket->rest + socket->rest_position,
                                        socket->rest_size - socket->rest_position);
    if (socket->rest_position < socket->rest_size) {
        return false;
    }
    free(socket->rest);
    socket->rest = NULL;
    return true;
}

static bool keep_rest(struct live_socket *socket, const uint8_t *data, size_t size)
{
    socket->rest = malloc(size);
    if (socket->rest == NULL) {
        return false;
    }
    memcpy(socket->rest, data, size);
    socket->rest_size = size;
    socket->rest_position = 0;
    return true;
}

// The next frames, to the end of the queue or as many as fit.
static bool gather(struct live_socket *socket, uint8_t *gathered)
{
    socket->gathered = gathered;
    socket->gathered_size = 0;
    bool good = wslay_event_send(socket->framing) == 0;
    close_when_sent(socket);
    if (good && wslay_event_want_write(socket->framing) != 0) {
        good = wslay_event_send(socket->framing) == 0;
    }
    socket->gathered = NULL;
    return good;
}

bool live_socket_on_writable(struct live_socket *socket)
{
    uint8_t gathered[GATHERED_MAX];
    while (flush_rest(socket) && !socket->ended && live_socket_wants_write(socket)) {
        if (!gather(socket, gathered)) {
            return false;
        }
        if (socket->gathered_size == 0) {
            break;
        }
        size_t sent = send_bytes(socket, gathered, socket->gathered_size);
        if (sent < socket->gathered_size &&
            !keep_rest(socket, gathered + sent, socket->gathered_size - sent)) {
            return false;
        }
    }
    return is_open(socket);
}

bool live_socket_has_room(const struct live_socket *socket)
{
    return wslay_event_get_queued_msg_length(socket->framing) <= LIVE_SOCKET_DRAINED;
}

bool live_socket_wants_write(const struct live_socket *socket)
{
    return socket->rest != NULL || wslay_event_want_write(socket->framing) != 0;
}
