// Control's end of the link to the media process: connects, reconnects, queues what the socket does
// not take at once. Control thread only.
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/time.h"
#include "link/link.h"

struct link_client;

struct link_client_events {
    void *context;
    void (*connected)(void *context);
    void (*disconnected)(void *context);
    void (*received)(void *context, const struct link_message *message);
};

// `path` is the media process's socket. Connecting begins at the first link_client_run().
enum err CHECKED link_client_create(const char *path, const struct link_client_events *events,
                                    struct link_client **ret_client);
void link_client_destroy(struct link_client *client);
// False when not connected, or when the queue is full (the connection is then given up and made
// anew).
bool link_client_send(struct link_client *client, const struct link_message *message);
bool link_client_is_connected(const struct link_client *client);
// Readable when link_client_run() has work.
int link_client_fd(const struct link_client *client);
void link_client_run(struct link_client *client, time_us now);
time_us link_client_next_deadline(const struct link_client *client);
