#include "http/live_slots.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "http/live_socket.h"

#define CLOSE_WITHIN_US (2 * TIME_US_PER_S)
#define CLOSE_SLOW      4003 // ours, as those of api/live.h
// What all connections together may be read in one turn of the loop: some milliseconds. Whose turn
// it is then goes first in the next.
#define TURN_BYTES_MAX (256u << 10)

struct slot {
    api_connection connection; // 0: free
    struct live_socket *socket;
    struct MHD_UpgradeResponseHandle *upgrade;
    bool watching_write;
    bool unread;       // stands in slots->unread
    bool unsent;       // stands in slots->unsent
    bool room_awaited; // the api is told once there is room again
    time_us close_due; // a peer that does not answer our close frame is cut off; TIME_US_NEVER
    bool over;         // destroyed at the end of the turn, never inside a callback
};

struct live_slots {
    struct api *api;
    int poll_fd;
    struct message_deflate *deflate; // owned
    struct slot *slots;              // owned; `max`
    uint32_t max;
    uint64_t next_number;
    api_connection *unread; // owned; those with something to read, first come first served; `max`
    uint32_t unread_count;
    uint32_t *unsent; // owned; slots that have something to send since the last flush; `max`
    uint32_t unsent_count;
    uint32_t over_count;    // slots to release at the end of the turn
    uint32_t closing_count; // slots with a close_due
    time_us now;
    time_ms wall;
    struct live_slots_figures figures;
};

enum err live_slots_create(struct api *api, int poll_fd, uint32_t max,
                           struct live_slots **ret_slots)
{
    struct live_slots *slots = calloc(1, sizeof(*slots));
    if (slots == NULL) {
        return ERR_FULL;
    }
    slots->api = api;
    slots->poll_fd = poll_fd;
    slots->max = max;
    slots->slots = calloc(max, sizeof(*slots->slots));
    slots->unread = calloc(max, sizeof(*slots->unread));
    slots->unsent = calloc(max, sizeof(*slots->unsent));
    if (slots->slots == NULL || slots->unread == NULL || slots->unsent == NULL ||
        message_deflate_create(&slots->deflate) != ERR_NONE) {
        free(slots->slots);
        free(slots->unread);
        free(slots->unsent);
        free(slots);
        return ERR_FULL;
    }
    slots->figures.deflate = message_deflate_figures(slots->deflate);
    *ret_slots = slots;
    return ERR_NONE;
}

static struct slot *find_slot(struct live_slots *slots, api_connection connection)
{
    struct slot *slot = &slots->slots[connection % slots->max];
    return slot->connection == connection && connection != 0 ? slot : NULL;
}

static void slot_mark_over(struct live_slots *slots, struct slot *slot)
{
    if (!slot->over) {
        slot->over = true;
        slots->over_count++;
    }
}

static void slot_ended(struct live_slots *slots, struct slot *slot)
{
    if (!slot->over) {
        slot_mark_over(slots, slot);
        api_live_closed(slots->api, slot->connection, live_socket_left(slot->socket), slots->now,
                        slots->wall);
    }
}

static void slot_send_later(struct live_slots *slots, struct slot *slot)
{
    if (!slot->unsent) {
        slot->unsent = true;
        slots->unsent[slots->unsent_count++] = (uint32_t)(slot - slots->slots);
    }
}

static void slot_read_later(struct live_slots *slots, struct slot *slot)
{
    if (!slot->unread) {
        slot->unread = true;
        slots->unread[slots->unread_count++] = slot->connection;
    }
}

static void forget_unsent(struct live_slots *slots, const struct slot *slot)
{
    uint32_t index = (uint32_t)(slot - slots->slots);
    for (uint32_t i = 0; slot->unsent && i < slots->unsent_count; i++) {
        if (slots->unsent[i] == index) {
            slots->unsent[i] = slots->unsent[--slots->unsent_count];
            return;
        }
    }
}

static void forget_unread(struct live_slots *slots, const struct slot *slot)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; slot->unread && i < slots->unread_count; i++) {
        if (slots->unread[i] != slot->connection) {
            slots->unread[kept++] = slots->unread[i];
        }
    }
    slots->unread_count = slot->unread ? kept : slots->unread_count;
}

static void slot_release(struct live_slots *slots, struct slot *slot)
{
    forget_unread(slots, slot);
    forget_unsent(slots, slot);
    slots->closing_count -= slot->close_due != TIME_US_NEVER;
    (void)epoll_ctl(slots->poll_fd, EPOLL_CTL_DEL, live_socket_fd(slot->socket), NULL);
    live_socket_destroy(slot->socket);
    (void)MHD_upgrade_action(slot->upgrade, MHD_UPGRADE_ACTION_CLOSE);
    *slot = (struct slot){0};
    slots->figures.open--;
}

void live_slots_destroy(struct live_slots *slots)
{
    if (slots == NULL) {
        return;
    }
    for (uint32_t i = 0; i < slots->max; i++) {
        if (slots->slots[i].connection != 0) {
            // One last try for close frames; the connection ends either way.
            (void)!live_socket_on_writable(slots->slots[i].socket);
            slot_release(slots, &slots->slots[i]);
        }
    }
    message_deflate_destroy(slots->deflate);
    free(slots->slots);
    free(slots->unread);
    free(slots->unsent);
    free(slots);
}

bool live_slots_are_full(const struct live_slots *slots)
{
    return slots->figures.open >= slots->max;
}

static void slot_watch(struct live_slots *slots, struct slot *slot)
{
    bool wants_write = live_socket_wants_write(slot->socket);
    if (wants_write == slot->watching_write) {
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | (wants_write ? EPOLLOUT : 0u),
                                .data.u64 = slot->connection};
    if (epoll_ctl(slots->poll_fd, EPOLL_CTL_MOD, live_socket_fd(slot->socket), &event) != 0) {
        slot_ended(slots, slot);
        return;
    }
    slot->watching_write = wants_write;
}

static void slot_flush(struct live_slots *slots, struct slot *slot)
{
    if (!slot->over && live_socket_wants_write(slot->socket) &&
        !live_socket_on_writable(slot->socket)) {
        slot_ended(slots, slot);
    }
    if (!slot->over) {
        slot_watch(slots, slot);
    }
    if (!slot->over && slot->room_awaited && live_socket_has_room(slot->socket)) {
        slot->room_awaited = false;
        api_live_has_room(slots->api, slot->connection);
    }
}

// ---- Opening ----

static bool admit(void *context, api_connection connection)
{
    struct live_slots *slots = context;
    return api_live_admit(slots->api, connection, slots->now, slots->wall);
}

static void refused(void *context, api_connection connection, const char *text, size_t size)
{
    struct live_slots *slots = context;
    api_live_refuse_message(slots->api, connection, text, size, slots->now, slots->wall);
}

static void received(void *context, api_connection connection, const char *text, size_t size)
{
    struct live_slots *slots = context;
    api_live_receive(slots->api, connection, text, size, slots->now, slots->wall);
}

static void misbehaved(void *context, api_connection connection, bool too_large)
{
    struct live_slots *slots = context;
    api_live_misbehaved(slots->api, connection, too_large);
}

static struct slot *take_slot(struct live_slots *slots)
{
    for (uint32_t tried = 0; tried < slots->max; tried++) {
        uint64_t number = ++slots->next_number;
        struct slot *slot = &slots->slots[number % slots->max];
        if (slot->connection == 0) {
            slot->connection = number;
            return slot;
        }
    }
    return NULL;
}

void live_slots_open(struct live_slots *slots, int fd, struct MHD_UpgradeResponseHandle *upgrade,
                     const void *extra, size_t extra_size, int window,
                     const struct api_live_ticket *ticket)
{
    struct slot *slot = take_slot(slots);
    const struct live_socket_events socket_events = {.context = slots,
                                                     .admit = admit,
                                                     .refused = refused,
                                                     .received = received,
                                                     .misbehaved = misbehaved};
    const struct live_socket_compression compression = {slots->deflate, window};
    int flags = fcntl(fd, F_GETFL);
    if (slot == NULL || flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
        live_socket_create(fd, slot->connection, extra, extra_size, &compression, &socket_events,
                           &slot->socket) != ERR_NONE) {
        if (slot != NULL) {
            *slot = (struct slot){0};
        }
        (void)MHD_upgrade_action(upgrade, MHD_UPGRADE_ACTION_CLOSE);
        return;
    }
    slot->upgrade = upgrade;
    slot->close_due = TIME_US_NEVER;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = slot->connection};
    slots->figures.opened++;
    slots->figures.open++;
    if (epoll_ctl(slots->poll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
        slot_mark_over(slots, slot); // the api has not heard of it yet
        return;
    }
    api_live_open(slots->api, slot->connection, ticket, slots->now, slots->wall);
    if (!slot->over && extra_size > 0) {
        slot_read_later(slots, slot);
    }
    slot_send_later(slots, slot);
}

// ---- What the api says ----

static void slot_close_soon(struct live_slots *slots, struct slot *slot)
{
    if (slot->close_due == TIME_US_NEVER) {
        slot->close_due = slots->now + CLOSE_WITHIN_US;
        slots->closing_count++;
    }
    slot_send_later(slots, slot);
}

bool live_slots_send(struct live_slots *slots, api_connection connection, const char *text,
                     size_t size)
{
    struct slot *slot = find_slot(slots, connection);
    if (slot == NULL || slot->over) {
        return false;
    }
    size_t sent = 0;
    if (!live_socket_send(slot->socket, text, size, &sent)) {
        // The api forgets it because of our answer. Whoever reads after all is told why.
        slots->figures.slow_closed++;
        live_socket_close_now(slot->socket, CLOSE_SLOW, "messages are not read");
        slot_close_soon(slots, slot);
        return false;
    }
    slots->figures.bytes_sent += sent;
    slot_send_later(slots, slot);
    return true;
}

bool live_slots_has_room(struct live_slots *slots, api_connection connection)
{
    struct slot *slot = find_slot(slots, connection);
    if (slot == NULL || slot->over || live_socket_has_room(slot->socket)) {
        return true;
    }
    slot->room_awaited = true;
    return false;
}

void live_slots_close(struct live_slots *slots, api_connection connection, uint16_t code,
                      const char *reason)
{
    struct slot *slot = find_slot(slots, connection);
    if (slot != NULL && !slot->over) {
        live_socket_close(slot->socket, code, reason);
        slot_close_soon(slots, slot);
    }
}

// ---- A turn of the loop ----

void live_slots_set_now(struct live_slots *slots, time_us now, time_ms wall)
{
    slots->now = now;
    slots->wall = wall;
}

void live_slots_event(struct live_slots *slots, api_connection connection, uint32_t events)
{
    struct slot *slot = find_slot(slots, connection);
    if (slot == NULL || slot->over) {
        return;
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        slot_read_later(slots, slot);
    }
    slot_send_later(slots, slot);
}

static size_t slot_read(struct live_slots *slots, struct slot *slot)
{
    size_t bytes = 0;
    slot->unread = false;
    if (!slot->over && !live_socket_on_readable(slot->socket, &bytes)) {
        slot_ended(slots, slot);
    } else if (!slot->over) {
        slot_send_later(slots, slot);
    }
    return bytes;
}

void live_slots_read(struct live_slots *slots)
{
    size_t bytes = 0;
    uint32_t done = 0;
    uint32_t count = slots->unread_count;
    while (done < count && bytes < TURN_BYTES_MAX) {
        bytes += slot_read(slots, find_slot(slots, slots->unread[done++]));
    }
    slots->unread_count -= done;
    memmove(slots->unread, slots->unread + done, slots->unread_count * sizeof(*slots->unread));
}

void live_slots_release(struct live_slots *slots)
{
    for (uint32_t i = 0; slots->closing_count > 0 && i < slots->max; i++) {
        if (slots->slots[i].connection != 0 && slots->slots[i].close_due <= slots->now) {
            slot_mark_over(slots, &slots->slots[i]);
        }
    }
    for (uint32_t i = 0; slots->over_count > 0 && i < slots->max; i++) {
        if (slots->slots[i].over) {
            slot_release(slots, &slots->slots[i]);
            slots->over_count--;
        }
    }
}

void live_slots_flush(struct live_slots *slots)
{
    while (slots->unsent_count > 0) {
        struct slot *slot = &slots->slots[slots->unsent[--slots->unsent_count]];
        slot->unsent = false;
        slot_flush(slots, slot);
    }
}

time_us live_slots_next_deadline(const struct live_slots *slots)
{
    if (slots->over_count > 0 || slots->unread_count > 0) {
        return slots->now;
    }
    return slots->closing_count > 0 ? slots->now + CLOSE_WITHIN_US / 4 : TIME_US_NEVER;
}

const struct live_slots_figures *live_slots_figures(const struct live_slots *slots)
{
    return &slots->figures;
}
