#include "media/link_port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"

#define LENGTH_SIZE 4

enum err link_port_init(struct link_port *port, int listen_fd)
{
    *port = (struct link_port){.listen_fd = listen_fd, .fd = -1};
    port->outbox = malloc(LINK_PORT_OUTBOX_MAX);
    return port->outbox != NULL ? ERR_NONE : ERR_FULL;
}

void link_port_finish(struct link_port *port)
{
    link_port_disconnect(port);
    free(port->outbox);
    port->outbox = NULL;
}

bool link_port_accept(struct link_port *port)
{
    int fd = accept4(port->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    link_port_disconnect(port);
    port->fd = fd;
    return true;
}

void link_port_disconnect(struct link_port *port)
{
    if (port->fd >= 0) {
        close(port->fd);
    }
    port->fd = -1;
    port->greeted = false;
    port->outbox_start = 0;
    port->outbox_end = 0;
}

enum err link_port_read(struct link_port *port, struct link_message *ret_message)
{
    uint8_t data[LINK_MESSAGE_MAX + 1];
    ssize_t size = port->fd < 0 ? 0 : recv(port->fd, data, sizeof(data), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
        return ERR_AGAIN;
    }
    enum err err = ERR_IO;
    if (size > 0) {
        err = link_decode(data, (size_t)size, ret_message);
    }
    if (err == ERR_NONE && !port->greeted) {
        bool fits = ret_message->type == LINK_HELLO && ret_message->version == LINK_VERSION;
        err = fits ? ERR_NONE : ERR_UNSUPPORTED;
        port->greeted = fits;
    }
    if (err != ERR_NONE) {
        link_port_disconnect(port);
    }
    return err;
}

static bool sheddable(const struct link_message *message)
{
    return message->type == LINK_PEER_REPORT || message->type == LINK_COUNTERS;
}

// False when the socket takes no more now, or the connection ended.
static bool write_one(struct link_port *port, const uint8_t *data, size_t size)
{
    if (send(port->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        return true;
    }
    if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
        link_port_disconnect(port);
    }
    return false;
}

void link_port_flush(struct link_port *port)
{
    while (link_port_connected(port) && link_port_blocked(port)) {
        uint32_t length;
        memcpy(&length, port->outbox + port->outbox_start, LENGTH_SIZE);
        if (!write_one(port, port->outbox + port->outbox_start + LENGTH_SIZE, length)) {
            return;
        }
        port->outbox_start += LENGTH_SIZE + length;
    }
    port->outbox_start = 0;
    port->outbox_end = 0;
}

// True when `size` bytes fit behind what waits.
static bool outbox_room(struct link_port *port, size_t size)
{
    size_t waiting = port->outbox_end - port->outbox_start;
    if (size > LINK_PORT_OUTBOX_MAX - waiting) {
        return false;
    }
    if (size > LINK_PORT_OUTBOX_MAX - port->outbox_end) {
        memmove(port->outbox, port->outbox + port->outbox_start, waiting);
        port->outbox_start = 0;
        port->outbox_end = waiting;
    }
    return true;
}

void link_port_send(struct link_port *port, const struct link_message *message)
{
    uint8_t data[LINK_MESSAGE_MAX];
    size_t size = 0;
    if (!link_port_connected(port)) {
        return;
    }
    if (sheddable(message) && port->outbox_end - port->outbox_start > LINK_PORT_SHED_ABOVE) {
        port->shed++;
        return;
    }
    enum err err = link_encode(message, data, sizeof(data), &size);
    ASSERT(err == ERR_NONE); // LINK_MESSAGE_MAX does for every message
    if (!link_port_blocked(port) && write_one(port, data, size)) {
        return;
    }
    if (!link_port_connected(port)) {
        return;
    }
    if (!outbox_room(port, LENGTH_SIZE + size)) {
        link_port_disconnect(port);
        return;
    }
    uint32_t length = (uint32_t)size;
    memcpy(port->outbox + port->outbox_end, &length, LENGTH_SIZE);
    memcpy(port->outbox + port->outbox_end + LENGTH_SIZE, data, size);
    port->outbox_end += LENGTH_SIZE + size;
}
