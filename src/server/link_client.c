#include "server/link_client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define RETRY_INTERVAL_US 20000 // the supervisor restarts the media process at once
#define QUEUE_MAX         4096  // messages waiting for the socket
#define MESSAGES_PER_TURN 256

// A message encoded and waiting, in order.
struct waiting {
    struct waiting *next;
    size_t size;
    unsigned char bytes[];
};

struct link_client {
    struct sockaddr_un address;
    struct link_client_events events;
    int socket; // -1: not connected
    int poll_fd;
    time_us retry_at;
    struct waiting *first; // owned list
    struct waiting **last;
    uint32_t waiting_count;
    bool watching_write;
    bool overflowed; // a message was refused: only a new beginning makes both sides agree again
    struct link_message incoming; // one message is 50 KB: kept here, not on the stack
    unsigned char buffer[LINK_MESSAGE_MAX];
};

static void queue_clear(struct link_client *client)
{
    while (client->first != NULL) {
        struct waiting *message = client->first;
        client->first = message->next;
        free(message);
    }
    client->last = &client->first;
    client->waiting_count = 0;
}

enum err link_client_create(const char *path, const struct link_client_events *events,
                            struct link_client **ret_client)
{
    struct link_client *client = calloc(1, sizeof(*client));
    if (client == NULL) {
        return ERR_FULL;
    }
    client->socket = -1;
    client->events = *events;
    client->last = &client->first;
    client->address.sun_family = AF_UNIX;
    client->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (client->poll_fd < 0 ||
        text_copy(client->address.sun_path, sizeof(client->address.sun_path), path) != ERR_NONE) {
        link_client_destroy(client);
        return ERR_INVALID;
    }
    *ret_client = client;
    return ERR_NONE;
}

void link_client_destroy(struct link_client *client)
{
    if (client == NULL) {
        return;
    }
    queue_clear(client);
    if (client->socket >= 0) {
        close(client->socket);
    }
    if (client->poll_fd >= 0) {
        close(client->poll_fd);
    }
    free(client);
}

static void disconnect(struct link_client *client, time_us now)
{
    if (client->socket < 0) {
        return;
    }
    close(client->socket); // leaves the epoll set by itself
    client->socket = -1;
    client->watching_write = false;
    client->overflowed = false;
    client->retry_at = now;
    queue_clear(client);
    log_event(LOG_WARNING, "link.disconnected", LOG_TEXT("path", client->address.sun_path));
    client->events.disconnected(client->events.context);
}

static void watch(struct link_client *client)
{
    bool wants_write = client->first != NULL;
    if (client->socket < 0 || wants_write == client->watching_write) {
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0u)};
    if (epoll_ctl(client->poll_fd, EPOLL_CTL_MOD, client->socket, &event) == 0) {
        client->watching_write = wants_write;
    }
}

// False when the connection broke.
static bool flush(struct link_client *client)
{
    while (client->first != NULL) {
        struct waiting *message = client->first;
        ssize_t sent = send(client->socket, message->bytes, message->size,
                            MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
        }
        client->first = message->next;
        if (client->first == NULL) {
            client->last = &client->first;
        }
        client->waiting_count--;
        free(message);
    }
    return true;
}

bool link_client_send(struct link_client *client, const struct link_message *message)
{
    size_t size = 0;
    client->overflowed = client->overflowed || client->waiting_count >= QUEUE_MAX;
    if (client->socket < 0 || client->overflowed ||
        link_encode(message, client->buffer, sizeof(client->buffer), &size) != ERR_NONE) {
        return false;
    }
    struct waiting *waiting = malloc(sizeof(*waiting) + size);
    if (waiting == NULL) {
        return false;
    }
    waiting->next = NULL;
    waiting->size = size;
    memcpy(waiting->bytes, client->buffer, size);
    *client->last = waiting;
    client->last = &waiting->next;
    client->waiting_count++;
    bool alive = flush(client); // a broken connection is noticed by link_client_run()
    watch(client);
    return alive;
}

bool link_client_is_connected(const struct link_client *client)
{
    return client->socket >= 0;
}

int link_client_fd(const struct link_client *client)
{
    return client->poll_fd;
}

static void try_connect(struct link_client *client, time_us now)
{
    client->retry_at = now + RETRY_INTERVAL_US;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    int room = 4 * LINK_MESSAGE_MAX;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    struct epoll_event event = {.events = EPOLLIN};
    if (connect(fd, (const struct sockaddr *)&client->address, sizeof(client->address)) != 0 ||
        epoll_ctl(client->poll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        close(fd);
        return;
    }
    client->socket = fd;
    log_event(LOG_INFO, "link.connected", LOG_TEXT("path", client->address.sun_path));
    struct link_message hello = {.type = LINK_HELLO, .version = LINK_VERSION};
    if (link_client_send(client, &hello)) {
        client->events.connected(client->events.context);
    }
}

static bool receive(struct link_client *client)
{
    for (int i = 0; i < MESSAGES_PER_TURN && client->socket >= 0; i++) {
        ssize_t size = recv(client->socket, client->buffer, sizeof(client->buffer), MSG_DONTWAIT);
        if (size <= 0) {
            return size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
        }
        if (link_decode(client->buffer, (size_t)size, &client->incoming) != ERR_NONE) {
            log_event(LOG_ERROR, "link.malformed", LOG_INT("size", size));
            return false;
        }
        client->events.received(client->events.context, &client->incoming);
    }
    return true;
}

void link_client_run(struct link_client *client, time_us now)
{
    if (client->socket < 0) {
        if (now >= client->retry_at) {
            try_connect(client, now);
        }
        return;
    }
    if (client->overflowed || !receive(client) || !flush(client)) {
        disconnect(client, now);
        return;
    }
    watch(client);
}

time_us link_client_next_deadline(const struct link_client *client)
{
    return client->socket < 0 ? client->retry_at : TIME_US_NEVER;
}
