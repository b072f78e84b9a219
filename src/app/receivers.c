// Listeners from outside the pages, as those who run the meeting see them: a notice at most once a
// second, and two commands.
#include <stdio.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/text.h"

// Their public name; the rest of the session's is known to the listener alone.
static void receiver_name(const struct app_door *door, char ret_id[CONTRACT_ID_MAX + 1])
{
    snprintf(ret_id, CONTRACT_ID_MAX + 1, "%016llx", (unsigned long long)door->id);
}

static void receiver_fill(const struct app_door *door, struct receiver *ret_receiver)
{
    memset(ret_receiver, 0, sizeof(*ret_receiver));
    receiver_name(door, ret_receiver->id);
    if (meeting_find_participant(&door->meeting->told, door->who) != NULL) {
        text_copy_cut(ret_receiver->participant, sizeof(ret_receiver->participant), door->who);
    }
    ret_receiver->channel = door->channel;
    ret_receiver->connected = door->phase == LINK_PEER_CONNECTED;
    ret_receiver->since = door->since;
}

// Into the list, newest first; the oldest falls out.
static void list_insert(struct notice_receivers_changed *list, const struct app_door *door)
{
    struct receiver receiver;
    receiver_fill(door, &receiver);
    uint32_t at = list->receivers_count;
    while (at > 0 && list->receivers[at - 1].since < receiver.since) {
        at--;
    }
    if (at == NOTICE_RECEIVERS_CHANGED_RECEIVERS_MAX) {
        return;
    }
    list->receivers_count += list->receivers_count < NOTICE_RECEIVERS_CHANGED_RECEIVERS_MAX;
    memmove(&list->receivers[at + 1], &list->receivers[at],
            (list->receivers_count - 1 - at) * sizeof(list->receivers[0]));
    list->receivers[at] = receiver;
}

static void tell_receivers(struct app *app, struct app_meeting *meeting)
{
    meeting->receivers_dirty = false;
    meeting->receivers_due = app->now + APP_LISTENERS_EVERY_US;
    struct notice_receivers_changed *changed = &app->notice.as.receivers_changed;
    app->notice.type = NOTICE_RECEIVERS_CHANGED;
    changed->total = meeting->receiver_count;
    changed->receivers_count = 0;
    for (struct list_link *at = meeting->doors.first; at != NULL; at = at->next) {
        const struct app_door *door = LIST_ITEM(at, struct app_door, in_meeting);
        if (door->kind == APP_DOOR_LISTEN && !door->waits) {
            list_insert(changed, door);
        }
    }
    live_notice_all(app, meeting, ABILITY_RUNS_CONSOLE);
}

static void receivers_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (app->meetings[i]->receivers_dirty && app->meetings[i]->receivers_due <= app->now) {
            tell_receivers(app, app->meetings[i]);
        }
    }
}

static time_us receivers_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        if (meeting->receivers_dirty && meeting->receivers_due < next) {
            next = meeting->receivers_due;
        }
    }
    return next;
}

void receiver_tell_slot(struct app *app, const struct app_door *door)
{
    struct link_message *message = peer_message(app, LINK_SLOT_SET_CHANNEL);
    message->peer = door->id;
    message->slot = SOUND_SLOT;
    message->channel = peer_channel_listened(door->meeting, door->channel);
    (void)peer_send(app);
}

void receiver_tell_variant(struct app *app, const struct app_door *door)
{
    struct link_message *message = peer_message(app, LINK_SLOT_SET_VARIANT);
    message->peer = door->id;
    message->slot = SOUND_SLOT;
    message->variant = door->variant;
    (void)peer_send(app);
}

// The caller's meeting's listener of this name, or the command is answered.
static struct app_door *receiver_find(struct app *app, app_live live, uint64_t request,
                                      const char *name)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    link_peer id;
    bool is_name = door_id_read(name, &id) && name[DOOR_ID_DIGITS] == '\0';
    struct app_door *door = is_name ? door_by_id(app, id) : NULL;
    if (door != NULL && door->meeting == connection->meeting && door->kind == APP_DOOR_LISTEN &&
        !door->waits) {
        return door;
    }
    app_refuse(app, live, request, REFUSAL_NO_SUCH_RECEIVER);
    return NULL;
}

void receiver_switch(struct app *app, app_live live, uint64_t request,
                     const struct command_receiver_switch *command)
{
    struct app_door *door = receiver_find(app, live, request, command->receiver);
    if (door == NULL) {
        return;
    }
    int64_t *connected = door->meeting->receivers_connected;
    connected[door->channel] -= door->phase == LINK_PEER_CONNECTED;
    door->channel = command->channel;
    connected[door->channel] += door->phase == LINK_PEER_CONNECTED;
    receiver_tell_slot(app, door);
    receivers_changed(app, door->meeting);
    app_answer(app, live, request);
}

void receiver_end(struct app *app, app_live live, uint64_t request,
                  const struct command_receiver_end *command)
{
    struct app_door *door = receiver_find(app, live, request, command->receiver);
    if (door != NULL) {
        door_close(app, door);
        app_answer(app, live, request);
    }
}

const struct app_part receivers_part = {.on_deadline = receivers_on_deadline,
                                        .next_deadline = receivers_next_deadline};
