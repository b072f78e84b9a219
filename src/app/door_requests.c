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

static enum err refuse(enum refusal_reason reason, int64_t most, struct refusal *ret_refusal)
{
    *ret_refusal = (struct refusal){.reason = reason, .most = most};
    return refusal_reason_err(reason);
}

static enum err may_ask_media(const struct app *app, size_t sdp_size, struct refusal *ret_refusal)
{
    if (sdp_size > LINK_SDP_MAX) {
        return refuse(REFUSAL_OFFER_TOO_LONG, LINK_SDP_MAX, ret_refusal);
    }
    if (app->stopping || app->link.phase != APP_LINK_READY) {
        return refuse(REFUSAL_MEDIA_UNAVAILABLE, 0, ret_refusal);
    }
    if (app->doors_waiting >= APP_DOORS_WAITING) {
        return refuse(REFUSAL_OFFERS_WAITING, 0, ret_refusal);
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
                          uint64_t request, time_us now, struct refusal *ret_refusal)
{
    app->now = now;
    struct app_door *door;
    *ret_refusal = (struct refusal){0};
    enum err err = door_permitted(app, identity, place, &door);
    if (err != ERR_NONE) {
        return err;
    }
    if (door->restarting) {
        return refuse(REFUSAL_RESTART_UNDER_WAY, 0, ret_refusal);
    }
    err = may_ask_media(app, size, ret_refusal);
    if (err == ERR_NONE && !door_restart(app, door, fragment, size)) {
        err = refuse(REFUSAL_MEDIA_UNAVAILABLE, 0, ret_refusal);
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
                             struct refusal *ret_refusal)
{
    for (uint32_t i = 0; i < meeting->publisher_count; i++) {
        const struct app_door *door = meeting->publishers[i];
        if (!text_equal(door->name, name)) {
            continue;
        }
        if (door->waits || !text_equal(door->who, who)) {
            return refuse(REFUSAL_FEED_TAKEN, 0, ret_refusal);
        }
        return ERR_NONE;
    }
    return meeting->decided.meeting.feeds_count < MEETING_FEEDS_MAX ||
                   meeting_find_feed(&meeting->decided, name) != NULL
               ? ERR_NONE
               : refuse(REFUSAL_FEEDS_FULL, MEETING_FEEDS_MAX, ret_refusal);
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
                             struct refusal *ret_refusal)
{
    enum err err = may_ask_media(app, sdp_size, ret_refusal);
    if (err != ERR_NONE) {
        return err;
    }
    if (!has_room(app, identity)) {
        return refuse(REFUSAL_MEDIA_FULL, 0, ret_refusal);
    }
    if (place->kind == APP_DOOR_LISTEN) {
        enum link_variant variant;
        return place->variant == NULL || link_variant_from_text(place->variant, &variant)
                   ? ERR_NONE
                   : refuse(REFUSAL_SOUND_FORM_UNKNOWN, 0, ret_refusal);
    }
    return name_is_free(app_find_meeting(app, place->meeting), place->name, identity->who,
                        ret_refusal);
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
                       uint64_t request, time_us now, struct refusal *ret_refusal)
{
    app->now = now;
    *ret_refusal = (struct refusal){0};
    enum err err = app_door_permit(app, identity, place);
    if (err == ERR_NONE) {
        err = may_open_now(app, identity, place, sdp_size, ret_refusal);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct app_meeting *meeting = app_find_meeting(app, place->meeting);
    struct app_door *door = door_take(app, meeting, place->kind, app->link.next_peer++,
                                      identity->who);
    if (door == NULL) {
        return refuse(REFUSAL_MEDIA_FULL, 0, ret_refusal);
    }
    door_describe(app, door, place, identity);
    if (!door_create(app, door, sdp, sdp_size)) {
        door_forget(app, door);
        return refuse(REFUSAL_MEDIA_UNAVAILABLE, 0, ret_refusal);
    }
    door->waits = true;
    door_expect(app, door, request);
    peer_follow_meeting(app, meeting);
    return ERR_NONE;
}
