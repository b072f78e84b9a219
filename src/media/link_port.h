// The media process's end of the link: it listens, serves one control process at a time (a newer
// connection ends the older), and never waits for it. What the socket does not take at once stays
// in a bounded outbox. When that fills, reports and counters are shed first; when it is full the
// connection is ended, and control makes everything whole by LINK_SYNC when it comes back.
// Coordinator thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "link/link.h"

#define LINK_PORT_OUTBOX_MAX (4u << 20) // bytes
#define LINK_PORT_SHED_ABOVE (1u << 20) // bytes that wait: reports and counters are shed

struct link_port {
    int listen_fd;   // borrowed
    int fd;          // owned; -1 when control is not there
    bool greeted;    // LINK_HELLO came
    uint64_t shed;   // reports and counters not told
    uint8_t *outbox; // owned; each message behind its length in four bytes
    size_t outbox_start;
    size_t outbox_end;
};

enum err CHECKED link_port_init(struct link_port *port, int listen_fd);
void link_port_finish(struct link_port *port);

static inline bool link_port_connected(const struct link_port *port)
{
    return port->fd >= 0;
}
static inline bool link_port_blocked(const struct link_port *port)
{
    return port->outbox_end > port->outbox_start;
}

// The listening socket is readable. True when a control process connected.
bool link_port_accept(struct link_port *port);
void link_port_disconnect(struct link_port *port);
// The next message. ERR_AGAIN: none now. Anything else: the connection was ended (closed by
// control, not a message, no LINK_HELLO first, another version).
enum err CHECKED link_port_read(struct link_port *port, struct link_message *ret_message);
// Does nothing without a connection.
void link_port_send(struct link_port *port, const struct link_message *message);
// The connection is writable.
void link_port_flush(struct link_port *port);
