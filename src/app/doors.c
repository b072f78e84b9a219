// The sessions at the two doors: a table by the id of their peer. There may be tens of thousands of
// listeners, so nothing here walks over all of them for one.
#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "base/assert.h"
#include "base/text.h"

const char *const door_kind_names[APP_DOOR_KIND_COUNT] = {
    [APP_DOOR_PUBLISH] = "whip", [APP_DOOR_LISTEN] = "whep"};

enum err doors_init(struct app *app)
{
    uint32_t places = 1;
    while (places < app->config.doors_max) {
        places *= 2;
    }
    app->door_places = calloc(places, sizeof(*app->door_places));
    app->door_mask = places - 1;
    return app->door_places != NULL
               ? pool_init(&app->doors, sizeof(struct app_door), app->config.doors_max)
               : ERR_FULL;
}

void doors_finish(struct app *app)
{
    pool_finish(&app->doors);
    free(app->door_places);
}

// Ids are given in a row: their low bits alone spread them.
static struct list *door_place(const struct app *app, link_peer id)
{
    return &app->door_places[id & app->door_mask];
}

struct app_door *door_by_id(const struct app *app, link_peer id)
{
    for (struct list_link *at = door_place(app, id)->first; at != NULL; at = at->next) {
        struct app_door *door = LIST_ITEM(at, struct app_door, by_id);
        if (door->id == id) {
            return door;
        }
    }
    return NULL;
}

bool door_id_read(const char *text, link_peer *ret_id)
{
    *ret_id = 0;
    for (int i = 0; i < DOOR_ID_DIGITS; i++) {
        char digit = text[i];
        bool decimal = digit >= '0' && digit <= '9';
        if (!decimal && (digit < 'a' || digit > 'f')) {
            return false;
        }
        *ret_id = *ret_id << 4 | (link_peer)(decimal ? digit - '0' : digit - 'a' + 10);
    }
    return true;
}

// Nothing is known of its sound.
void door_begins_unheard(const struct app *app, struct app_door *door)
{
    time_ms now = app_meeting_time(app, door->meeting);
    door->silent_since = now;
    door->quiet_since = now;
}

struct app_door *door_take(struct app *app, struct app_meeting *meeting, enum app_door_kind kind,
                           link_peer id, const char *who)
{
    handle door_handle;
    if (kind == APP_DOOR_PUBLISH && meeting->publisher_count == APP_PUBLISHERS_MAX) {
        return NULL;
    }
    struct app_door *door = pool_take(&app->doors, &door_handle);
    if (door == NULL) {
        return NULL;
    }
    door->handle = door_handle;
    door->id = id;
    door->meeting = meeting;
    door->kind = kind;
    door->phase = LINK_PEER_NEW;
    if (!door_attend(app, door, who)) {
        pool_give(&app->doors, door_handle);
        return NULL;
    }
    loading_came(app, meeting);
    list_add(door_place(app, id), &door->by_id);
    for (int track = 0; track < TRACK_NAME_COUNT; track++) {
        door->senders[track].door = door;
    }
    if (kind == APP_DOOR_PUBLISH) {
        meeting->publishers[meeting->publisher_count++] = door;
        door_begins_unheard(app, door);
    } else {
        meeting->receiver_count++;
    }
    return door;
}

static void publisher_remove(struct app_meeting *meeting, const struct app_door *door)
{
    uint32_t at = 0;
    while (meeting->publishers[at] != door) {
        at++;
        ASSERT(at < meeting->publisher_count);
    }
    meeting->publisher_count--;
    memmove(&meeting->publishers[at], &meeting->publishers[at + 1],
            (meeting->publisher_count - at) * sizeof(meeting->publishers[0]));
}

void door_forget(struct app *app, struct app_door *door)
{
    ASSERT(!door->waits);
    if (door->restarting) {
        door_restart_refuse(app, door, ERR_NOT_FOUND, REFUSAL_NONE);
    }
    for (int track = 0; track < TRACK_NAME_COUNT; track++) {
        sender_end(&door->senders[track]);
    }
    list_remove(&door->by_id);
    if (door->kind == APP_DOOR_PUBLISH) {
        publisher_remove(door->meeting, door);
    } else {
        door->meeting->receiver_count--;
        door->meeting->receivers_connected[door->channel] -= door->phase == LINK_PEER_CONNECTED;
        receivers_changed(app, door->meeting);
    }
    door_leave(door);
    pool_give(&app->doors, door->handle);
}

void door_close(struct app *app, struct app_door *door)
{
    peer_message(app, LINK_PEER_CLOSE)->peer = door->id;
    (void)peer_send(app);
    door_forget(app, door);
}

link_source door_source(const struct app_meeting *meeting, const char *feed, enum track_name track)
{
    const struct app_door *door = feed != NULL ? door_publishing(meeting, feed) : NULL;
    return door != NULL ? door->senders[track].source : 0;
}

const char *door_delivering(const struct app_meeting *meeting, link_source source)
{
    for (uint32_t i = 0; i < meeting->publisher_count; i++) {
        const struct app_door *door = meeting->publishers[i];
        if (!door->waits && door->senders[TRACK_NAME_MICROPHONE].source == source) {
            return door->delivers[TRACK_NAME_MICROPHONE] ? door->name : NULL;
        }
    }
    return NULL;
}

void door_expect(struct app *app, struct app_door *door, uint64_t request)
{
    door->request = request;
    door->answer_due = app->now + APP_ANSWER_US;
    app->doors_waiting++;
    list_add(&app->expecting_doors, &door->expecting);
    app_wake_at(app, door->answer_due);
}

void door_etag(const struct app_door *door, char ret_etag[APP_DOOR_ETAG_MAX + 1])
{
    struct text_builder etag = text_builder(ret_etag, APP_DOOR_ETAG_MAX + 1);
    text_append_format(&etag, "\"%s", door->session + 16);
    if (door->restarts > 0) {
        text_append_format(&etag, "-%u", (unsigned)door->restarts);
    }
    text_append(&etag, "\"");
    ASSERT(!etag.failed);
}

// ---- Answers

void door_reply(struct app *app, struct app_door *door, struct app_door_answer *answer)
{
    char etag[APP_DOOR_ETAG_MAX + 1];
    door_etag(door, etag);
    answer->kind = door->kind;
    answer->meeting = door->meeting->id;
    answer->name = door->name;
    answer->session = door->session;
    answer->etag = etag;
    door->waits = false;
    door->restarting = false;
    app->doors_waiting--;
    list_remove(&door->expecting);
    app->ports.door_answer(app->ports.context, door->request, answer);
}

void door_restart_refuse(struct app *app, struct app_door *door, enum err err,
                         enum refusal_reason reason)
{
    struct app_door_answer answer = {.err = err, .refusal.reason = reason};
    door_reply(app, door, &answer);
}

struct app_door *door_publishing(const struct app_meeting *meeting, const char *feed)
{
    for (uint32_t i = 0; i < meeting->publisher_count; i++) {
        struct app_door *door = meeting->publishers[i];
        if (!door->waits && text_equal(door->name, feed)) {
            return door;
        }
    }
    return NULL;
}
