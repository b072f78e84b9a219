// The upgraded connections of the one TCP port, each a WebSocket. A slot's number is the api's name
// for it; numbers are never used twice. What a turn of the loop has for a client is sent at its
// end, in one write. Control thread only. Private to src/http.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"
#include "base/err.h"
#include "base/time.h"
#include "http/message_deflate.h"

struct live_slots;

struct live_slots_figures {
    uint64_t opened;
    uint64_t open;
    uint64_t slow_closed;
    uint64_t bytes_sent; // of messages, compressed where they are
    const struct message_deflate_figures *deflate;
};

// The slots register themselves in `poll_fd` by their numbers, from 1. Everything is borrowed.
enum err CHECKED live_slots_create(struct api *api, int poll_fd, uint32_t max,
                                   struct live_slots **ret_slots);
// Says once more what is queued, as far as the kernel takes it.
void live_slots_destroy(struct live_slots *slots);
bool live_slots_are_full(const struct live_slots *slots);

// An upgrade has come about: takes the descriptor's life from libmicrohttpd, also when it fails.
// `extra` is what came behind the handshake; copied. `window`: websocket_extension().
void live_slots_open(struct live_slots *slots, int fd, struct MHD_UpgradeResponseHandle *upgrade,
                     const void *extra, size_t extra_size, int window,
                     const struct api_live_ticket *ticket);
// What the api's ports live_send, live_has_room and live_close come down to.
bool live_slots_send(struct live_slots *slots, api_connection connection, const char *text,
                     size_t size);
bool live_slots_has_room(struct live_slots *slots, api_connection connection);
void live_slots_close(struct live_slots *slots, api_connection connection, uint16_t code,
                      const char *reason);

// A turn of the loop: the time; what the poll descriptor reported; what came, of each in its turn
// and not more in all than a turn has time for; connections that are over; and, last of all, what
// there is to send.
void live_slots_set_now(struct live_slots *slots, time_us now, time_ms wall);
void live_slots_event(struct live_slots *slots, api_connection connection, uint32_t events);
void live_slots_read(struct live_slots *slots);
void live_slots_release(struct live_slots *slots);
void live_slots_flush(struct live_slots *slots);
// TIME_US_NEVER when nothing is due.
time_us live_slots_next_deadline(const struct live_slots *slots);

const struct live_slots_figures *live_slots_figures(const struct live_slots *slots);
