// The sessions at the doors after the link has broken: what media has is adopted by its owner's
// note.
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/text.h"
#include "meeting/feed.h"

static void doors_syncing(struct app *app)
{
    for (struct list_link *at = app->all_doors.first; at != NULL; at = at->next) {
        struct app_door *door = LIST_ITEM(at, struct app_door, link);
        door->seen = false;
        door->too_late = 0; // what was not answered went with the link
        memset(door->delivers, 0, sizeof(door->delivers));
        door_begins_unheard(app, door);
    }
}

struct owner_note {
    struct app_meeting *meeting;
    enum app_door_kind kind;
    char name[CONTRACT_ID_MAX + 1];
    char session[CONTRACT_ID_MAX + 1];
    char who[CONTRACT_ID_MAX + 1];
    char by[CONTRACT_ID_MAX + 1];
    time_ms since;
    uint32_t restarts;
};

// The next part of the note, up to ':' or the end.
static bool owner_part(const char **at, char *to, size_t size)
{
    size_t length = strcspn(*at, ":");
    if (text_copy_n(to, size, *at, length) != ERR_NONE) {
        return false;
    }
    *at += length + ((*at)[length] == ':');
    return true;
}

static bool owner_number(const char **at, uint64_t max, unsigned long long *ret_number)
{
    char part[CONTRACT_ID_MAX + 1];
    return owner_part(at, part, sizeof(part)) &&
           text_to_u64(part, strlen(part), max, ret_number) == ERR_NONE;
}

static bool owner_read(struct app *app, const char *owner, struct owner_note *ret_note)
{
    char part[CONTRACT_ID_MAX + 1];
    unsigned long long since = 0;
    unsigned long long restarts = 0;
    const char *slash = strchr(owner, '/');
    if (slash == NULL ||
        text_copy_n(part, sizeof(part), owner, (size_t)(slash - owner)) != ERR_NONE) {
        return false;
    }
    const char *at = slash + 1;
    if (loading_find(app, part, &ret_note->meeting) != ERR_NONE ||
        !owner_part(&at, part, sizeof(part)) ||
        !owner_part(&at, ret_note->name, sizeof(ret_note->name)) ||
        !owner_part(&at, ret_note->session, sizeof(ret_note->session)) ||
        !owner_part(&at, ret_note->who, sizeof(ret_note->who)) ||
        !owner_number(&at, INT64_MAX, &since) || !owner_number(&at, UINT32_MAX, &restarts) ||
        !owner_part(&at, ret_note->by, sizeof(ret_note->by))) {
        return false;
    }
    ret_note->since = (time_ms)since;
    ret_note->restarts = (uint32_t)restarts;
    ret_note->kind = text_equal(part, door_kind_names[APP_DOOR_LISTEN]) ? APP_DOOR_LISTEN
                                                                        : APP_DOOR_PUBLISH;
    return strlen(ret_note->session) > 16;
}

static void adopt_sections(struct app *app, struct app_door *door,
                           const struct link_message *message)
{
    for (uint8_t i = 0; i < message->section_count; i++) {
        const struct link_section *section = &message->sections[i];
        if (section->direction == LINK_RECEIVE && section->slot == SOUND_SLOT) {
            door->channel = peer_channel_heard(door->meeting, section->channel);
        } else if (section->direction == LINK_SEND) {
            enum track_name track = section->kind == LINK_AUDIO ? TRACK_NAME_MICROPHONE
                                                                : TRACK_NAME_CAMERA;
            sender_begin(app, &door->senders[track], section->source);
        }
    }
}

static struct app_door *door_adopt(struct app *app, const struct link_message *message)
{
    struct owner_note read = {0};
    if (!owner_read(app, message->owner, &read)) {
        return NULL;
    }
    struct app_door *door = door_take(app, read.meeting, read.kind, message->peer, read.who);
    if (door == NULL) {
        return NULL;
    }
    memcpy(door->name, read.name, sizeof(door->name));
    memcpy(door->session, read.session, sizeof(door->session));
    memcpy(door->by, read.by, sizeof(door->by));
    door->attendance->by_account |= read.by[0] != '\0'; // its note does not say
    door->since = read.since;
    door->restarts = read.restarts;
    door->begun = meeting_find_feed(&door->meeting->decided, door->name) != NULL;
    adopt_sections(app, door, message);
    return door;
}

bool door_sync_state(struct app *app, const struct link_message *message)
{
    struct app_door *door = door_by_id(app, message->peer);
    const char *slash = strchr(message->owner, '/');
    if (door == NULL && (slash == NULL || strchr(slash, ':') == NULL)) {
        return false; // a page's
    }
    if (message->phase == LINK_PEER_CLOSED) {
        return true;
    }
    door = door != NULL ? door : door_adopt(app, message);
    if (door == NULL) {
        peer_message(app, LINK_PEER_CLOSE)->peer = message->peer;
        (void)peer_send(app);
        return true;
    }
    door->seen = true;
    door_set_phase(app, door, message->phase);
    return true;
}

static void doors_ready(struct app *app)
{
    for (struct list_link *at = app->all_doors.first, *next; at != NULL; at = next) {
        struct app_door *door = LIST_ITEM(at, struct app_door, link);
        next = at->next;
        if (!door->seen) {
            door_forget(app, door);
        } else if (door->kind == APP_DOOR_LISTEN) {
            receiver_tell_slot(app, door); // a choice made while the link was down
        }
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        receivers_changed(app, app->meetings[i]);
    }
}

const struct app_part door_sync_part = {.link_syncing = doors_syncing, .link_ready = doors_ready};
