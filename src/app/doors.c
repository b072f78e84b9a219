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
static handle *door_place(const struct app *app, link_peer id)
{
    return &app->door_places[id & app->door_mask];
}

struct app_door *door_by_id(const struct app *app, link_peer id, handle *ret_handle)
{
    for (*ret_handle = *door_place(app, id); *ret_handle != HANDLE_NONE;) {
        struct app_door *door = pool_get(&app->doors, *ret_handle);
        if (door->id == id) {
            return door;
        }
        *ret_handle = door->next;
    }
    return NULL;
}

// Nothing is known of its sound.
void door_begins_unheard(const struct app *app, struct app_door *door)
{
    time_ms now = app_meeting_time(app, door->meeting);
    door->silent_since = now;
    door->quiet_since = now;
}

struct app_door *door_take(struct app *app, struct app_meeting *meeting, enum app_door_kind kind,
                           link_peer id, handle *ret_handle)
{
    if (kind == APP_DOOR_PUBLISH && meeting->publisher_count == APP_PUBLISHERS_MAX) {
        return NULL;
    }
    struct app_door *door = pool_take(&app->doors, ret_handle);
    if (door == NULL) {
        return NULL;
    }
    door->id = id;
    door->meeting = meeting;
    door->kind = kind;
    door->phase = LINK_PEER_NEW;
    door->next = *door_place(app, id);
    *door_place(app, id) = *ret_handle;
    if (kind == APP_DOOR_PUBLISH) {
        meeting->publishers[meeting->publisher_count++] = *ret_handle;
        door_begins_unheard(app, door);
    } else {
        meeting->receiver_count++;
    }
    return door;
}

static void publisher_remove(struct app_meeting *meeting, handle door_handle)
{
    uint32_t at = 0;
    while (meeting->publishers[at] != door_handle) {
        at++;
        ASSERT(at < meeting->publisher_count);
    }
    meeting->publisher_count--;
    memmove(&meeting->publishers[at], &meeting->publishers[at + 1],
            (meeting->publisher_count - at) * sizeof(meeting->publishers[0]));
}

void door_forget(struct app *app, handle door_handle)
{
    struct app_door *door = pool_get(&app->doors, door_handle);
    ASSERT(door != NULL && !door->waits);
    if (door->restarting) {
        door_restart_refuse(app, door, ERR_NOT_FOUND, NULL);
    }
    handle *at = door_place(app, door->id);
    while (*at != door_handle) {
        at = &((struct app_door *)pool_get(&app->doors, *at))->next;
    }
    *at = door->next;
    if (door->kind == APP_DOOR_PUBLISH) {
        publisher_remove(door->meeting, door_handle);
    } else {
        door->meeting->receiver_count--;
        door->meeting->receivers_connected[door->channel] -= door->phase == LINK_PEER_CONNECTED;
        receivers_changed(app, door->meeting);
    }
    pool_give(&app->doors, door_handle);
}

void door_close(struct app *app, handle door_handle)
{
    const struct app_door *door = pool_get(&app->doors, door_handle);
    peer_message(app, LINK_PEER_CLOSE)->peer = door->id;
    (void)peer_send(app);
    door_forget(app, door_handle);
}

const struct app_door *door_publisher(const struct app *app, const struct app_meeting *meeting,
                                      uint32_t at)
{
    const struct app_door *door = pool_get(&app->doors, meeting->publishers[at]);
    ASSERT(door != NULL);
    return door;
}

link_source door_source(const struct app *app, const struct app_meeting *meeting, const char *feed,
                        enum track_name track)
{
    // The newest: the one before is about to be closed.
    for (uint32_t i = meeting->publisher_count; feed != NULL && i-- > 0;) {
        const struct app_door *door = door_publisher(app, meeting, i);
        if (!door->waits && text_equal(door->name, feed)) {
            return door->sources[track];
        }
    }
    return 0;
}

bool door_delivers(const struct app *app, const struct app_meeting *meeting, link_source source)
{
    for (uint32_t i = 0; i < meeting->publisher_count; i++) {
        const struct app_door *door = door_publisher(app, meeting, i);
        if (!door->waits && door->sources[TRACK_NAME_MICROPHONE] == source) {
            return door->delivers[TRACK_NAME_MICROPHONE];
        }
    }
    return false;
}

bool door_has_source(const struct app *app, link_source source)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        for (uint32_t k = 0; k < meeting->publisher_count; k++) {
            const struct app_door *door = door_publisher(app, meeting, k);
            if (door->sources[TRACK_NAME_MICROPHONE] == source ||
                door->sources[TRACK_NAME_CAMERA] == source) {
                return true;
            }
        }
    }
    return false;
}

void door_expect(struct app *app, struct app_door *door, uint64_t request)
{
    door->request = request;
    door->answer_due = app->now + APP_ANSWER_US;
    app->doors_waiting++;
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
    app->ports.door_answer(app->ports.context, door->request, answer);
}

void door_restart_refuse(struct app *app, struct app_door *door, enum err err, const char *detail)
{
    struct app_door_answer answer = {.err = err, .detail = detail};
    door_reply(app, door, &answer);
}

const struct app_door *door_publishing(const struct app *app, const struct app_meeting *meeting,
                                       const char *feed)
{
    for (uint32_t i = 0; i < meeting->publisher_count; i++) {
        const struct app_door *door = pool_get(&app->doors, meeting->publishers[i]);
        if (!door->waits && text_equal(door->name, feed)) {
            return door;
        }
    }
    return NULL;
}
