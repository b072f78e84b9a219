// Who may open, restart and close a session at a door, and what the client is told at once.
#include <stdio.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/secret.h"
#include "base/assert.h"
#include "base/text.h"
#include "meeting/feed.h"

#define DOORS_KEPT_SHARE 8

enum err app_door_permit(const struct app *app, const struct app_identity *identity,
                         const struct app_door_place *place)
{
    enum channel_id channel;
    const struct app_meeting *meeting = app_find_meeting(app, place->meeting);
    if (!text_equal(identity->meeting, place->meeting)) {
        return ERR_FORBIDDEN; // whether there is such a meeting is not told
    }
    if (meeting == NULL) {
        return loading_missing(app, place->meeting, ERR_FORBIDDEN);
    }
    bool listens = place->kind == APP_DOOR_LISTEN;
    if (listens ? !channel_id_from_text(place->name, &channel)
                : !meeting_feed_id_is_valid(place->name)) {
        return ERR_NOT_FOUND;
    }
    if (identity->bound) {
        return identity->door == place->kind && text_equal(identity->name, place->name)
                   ? ERR_NONE
                   : ERR_FORBIDDEN;
    }
    // Whoever is in the meeting may hear it; sending into it by a machine is the technicians'.
    return listens || capacity_can(identity->capacity, ABILITY_ROUTES_SOUND) ? ERR_NONE
                                                                             : ERR_FORBIDDEN;
}

static struct app_door *door_find(const struct app *app, const struct app_door_place *place)
{
    link_peer id;
    struct app_door *door = door_id_read(place->session, &id) ? door_by_id(app, id) : NULL;
    return door != NULL && !door->waits && door->kind == place->kind &&
                   text_equal(door->session, place->session) &&
                   text_equal(door->name, place->name) &&
                   text_equal(door->meeting->id, place->meeting)
               ? door
               : NULL;
}

static enum err door_permitted(const struct app *app, const struct app_identity *identity,
                               const struct app_door_place *place, struct app_door **ret_door)
{
    bool own_meeting = text_equal(identity->meeting, place->meeting);
    struct app_door *door = own_meeting ? door_find(app, place) : NULL;
    *ret_door = door;
    if (!own_meeting) {
        return ERR_FORBIDDEN;
    }
    if (door == NULL) {
        return ERR_NOT_FOUND;
    }
    bool keeper = !identity->bound && !identity->expired &&
                  capacity_can(identity->capacity, ABILITY_RUNS_CONSOLE);
    return keeper || text_equal(door->who, identity->who) ? ERR_NONE : ERR_FORBIDDEN;
}

static enum err may_ask_media(const struct app *app, size_t sdp_size, const char **ret_detail)
{
    if (sdp_size > LINK_SDP_MAX) {
        *ret_detail = "an offer is at most 48,000 bytes";
        return ERR_TOO_LARGE;
    }
    if (app->stopping || app->link.phase != APP_LINK_READY) {
        *ret_detail = "sound and pictures are not available now";
        return ERR_UNAVAILABLE;
    }
    if (app->doors_waiting >= APP_DOORS_WAITING) {
        *ret_detail = "too many offers wait for an answer";
        return ERR_UNAVAILABLE;
    }
    return ERR_NONE;
}

enum err app_door_etag(const struct app *app, const struct app_identity *identity,
                       const struct app_door_place *place, char ret_etag[APP_DOOR_ETAG_MAX + 1])
{
    struct app_door *door;
    enum err err = door_permitted(app, identity, place, &door);
    if (err == ERR_NONE) {
        door_etag(door, ret_etag);
    }
    return err;
}

enum err app_door_restart(struct app *app, const struct app_identity *identity,
                          const struct app_door_place *place, const char *fragment, size_t size,
                          uint64_t request, time_us now, const char **ret_detail)
{
    app->now = now;
    struct app_door *door;
    *ret_detail = NULL;
    enum err err = door_permitted(app, identity, place, &door);
    if (err != ERR_NONE) {
        return err;
    }
    if (door->restarting) {
        *ret_detail = "an ICE restart is under way";
        return ERR_CONFLICT;
    }
    err = may_ask_media(app, size, ret_detail);
    if (err == ERR_NONE && !door_restart(app, door, fragment, size)) {
        *ret_detail = "sound and pictures are not available now";
        err = ERR_UNAVAILABLE;
    }
    if (err == ERR_NONE) {
        door->restarting = true;
        door_expect(app, door, request);
    }
    return err;
}

enum err app_door_close(struct app *app, const struct app_identity *identity,
                        const struct app_door_place *place, time_us now)
{
    app->now = now;
    struct app_door *door;
    enum err err = door_permitted(app, identity, place, &door);
    if (err == ERR_NONE) {
        struct app_meeting *meeting = door->meeting;
        door_close(app, door);
        door_follow(app, meeting);
        peer_follow_meeting(app, meeting);
    }
    return err;
}

// Whether this one may publish under the name: it is free, or was this one's before.
static enum err name_is_free(const struct app_meeting *meeting, const char *name, const char *who,
                             const char **ret_detail)
{
    for (uint32_t i = 0; i < meeting->publisher_count; i++) {
        const struct app_door *door = meeting->publishers[i];
        if (!text_equal(door->name, name)) {
            continue;
        }
        if (door->waits || !text_equal(door->who, who)) {
            *ret_detail = "another publishes under this name";
            return ERR_CONFLICT;
        }
        return ERR_NONE;
    }
    *ret_detail = "the meeting has as many feeds as it can have";
    return meeting->decided.meeting.feeds_count < MEETING_FEEDS_MAX ||
                   meeting_find_feed(&meeting->decided, name) != NULL
               ? ERR_NONE
               : ERR_FULL;
}

// The sessions of one who asks.
static uint32_t sessions_of(const struct app *app, const struct app_identity *identity)
{
    const struct app_meeting *meeting = app_find_meeting(app, identity->meeting);
    const struct app_attendance *attendance = meeting != NULL
                                                  ? attendance_of(meeting, identity->who)
                                                  : NULL;
    return attendance != NULL ? attendance->door_count : 0;
}

// Pages and doors share media's places: one in DOORS_KEPT_SHARE is kept for pages. When three of
// four of the others are taken, one token has a quarter of them at most; a technician's may have
// all.
static bool has_room(const struct app *app, const struct app_identity *identity)
{
    uint32_t places = app->doors.capacity - app->doors.capacity / DOORS_KEPT_SHARE;
    if (app->doors.used >= places) {
        return false;
    }
    return app->doors.used < places - places / 4 ||
           capacity_can(identity->capacity, ABILITY_ROUTES_SOUND) ||
           sessions_of(app, identity) < places / 4;
}

static enum err may_open_now(const struct app *app, const struct app_identity *identity,
                             const struct app_door_place *place, size_t sdp_size,
                             const char **ret_detail)
{
    enum err err = may_ask_media(app, sdp_size, ret_detail);
    if (err != ERR_NONE) {
        return err;
    }
    if (!has_room(app, identity)) {
        *ret_detail = "no room for another session";
        return ERR_FULL;
    }
    if (place->kind == APP_DOOR_LISTEN) {
        enum link_variant variant;
        *ret_detail = "variant is auto, plain, long, red or red2";
        return place->variant == NULL || link_variant_from_text(place->variant, &variant)
                   ? ERR_NONE
                   : ERR_INVALID;
    }
    return name_is_free(app_find_meeting(app, place->meeting), place->name, identity->who,
                        ret_detail);
}

static void door_describe(struct app *app, struct app_door *door,
                          const struct app_door_place *place, const struct app_identity *identity)
{
    char prefix[17];
    snprintf(prefix, sizeof(prefix), "%016llx", (unsigned long long)door->id);
    secret_make_id(prefix, door->session);
    text_copy_cut(door->name, sizeof(door->name), place->name);
    memcpy(door->by, identity->session, sizeof(door->by));
    door->attendance->by_account |= identity->account[0] != '\0';
    door->since = app_meeting_time(app, door->meeting);
    if (door->kind == APP_DOOR_PUBLISH) {
        sender_begin(app, &door->senders[TRACK_NAME_MICROPHONE], source_take(app));
        sender_begin(app, &door->senders[TRACK_NAME_CAMERA], source_take(app));
    } else {
        ASSERT(channel_id_from_text(place->name, &door->channel)); // app_door_permit() has looked
        ASSERT(place->variant == NULL || link_variant_from_text(place->variant, &door->variant));
    }
}

enum err app_door_open(struct app *app, const struct app_identity *identity,
                       const struct app_door_place *place, const char *sdp, size_t sdp_size,
                       uint64_t request, time_us now, const char **ret_detail)
{
    app->now = now;
    *ret_detail = NULL;
    enum err err = app_door_permit(app, identity, place);
    if (err == ERR_NONE) {
        err = may_open_now(app, identity, place, sdp_size, ret_detail);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct app_meeting *meeting = app_find_meeting(app, place->meeting);
    struct app_door *door = door_take(app, meeting, place->kind, app->link.next_peer++,
                                      identity->who);
    if (door == NULL) {
        *ret_detail = "no room for another session";
        return ERR_FULL;
    }
    door_describe(app, door, place, identity);
    if (!door_create(app, door, sdp, sdp_size)) {
        door_forget(app, door);
        *ret_detail = "sound and pictures are not available now";
        return ERR_UNAVAILABLE;
    }
    door->waits = true;
    door_expect(app, door, request);
    peer_follow_meeting(app, meeting);
    return ERR_NONE;
}
