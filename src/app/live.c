// Live connections: one for each participant, a newer one replaces the older. Their beginning and
// end become presence through the meeting core.
#include <string.h>

#include "app/app_priv.h"
#include "app/part.h"
#include "base/assert.h"
#include "base/text.h"
#include "meeting/timing.h"

static void lose_page(struct app *app, const struct app_wish *wish)
{
    // Without room the missing connection is counted a little later.
    if (outbox_has_room(&app->outbox)) {
        struct app_meeting *meeting = wish->meeting;
        meeting_page_left(&meeting->decided, wish->participant, wish->since,
                          app_meeting_time(app, meeting), &app->events);
        app_record(app, meeting, NULL);
    }
}

// An interpreter on the air is lost with the page that pressed.
static void page_left(struct app *app, struct app_meeting *meeting, const char *participant,
                      time_ms since)
{
    struct app_wish wish = {.run = lose_page, .meeting = meeting, .since = since};
    text_copy_cut(wish.participant, sizeof(wish.participant), participant);
    (void)!wish_post(app, &wish);
}

// By the live line or by media, whichever is the longer: one of the two may not know yet.
static time_ms round_trip_of(const struct app_connection *connection)
{
    const struct app_peer *peer = connection->attendance->peer;
    time_ms media_ms = peer != NULL ? peer->health.round_trip_ms : 0;
    return media_ms > connection->round_trip_ms ? media_ms : connection->round_trip_ms;
}

// `left`: with its page.
static void connection_gone(struct app *app, app_live live, bool left, enum app_closing closing)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (connection == NULL) {
        return;
    }
    struct app_meeting *meeting = connection->meeting;
    char participant[CONTRACT_ID_MAX + 1];
    memcpy(participant, connection->participant, sizeof(participant));
    parts_live_closing(app, live, closing);
    time_ms round_trip_ms = round_trip_of(connection);
    connection_give(app, connection);
    meeting_disconnected(&meeting->presence, &meeting->decided, participant, round_trip_ms,
                         app_meeting_time(app, meeting));
    if (left) {
        page_left(app, meeting, participant, app_meeting_time(app, meeting));
    }
    app_wake_at(app, app->now); // an interpreter on the air: losses.c
    app_wake_at(app, app_time_of(app, meeting, meeting_next_deadline(&meeting->presence)));
}

void live_end(struct app *app, app_live live, const char *reason, bool replaced)
{
    app->notice.type = NOTICE_SESSION_ENDED;
    text_copy_cut(app->notice.as.session_ended.reason, sizeof(app->notice.as.session_ended.reason),
                  reason);
    app->ports.notice(app->ports.context, live, &app->notice);
    struct app_connection *connection = pool_get(&app->connections, live);
    if (connection == NULL) {
        return; // too slow to hear even that: closed meanwhile
    }
    if (replaced) {
        parts_live_closing(app, live, APP_CLOSING_REPLACED);
        connection_give(app, connection);
    } else {
        connection_gone(app, live, true, APP_CLOSING_ENDED);
    }
    app->ports.live_end(app->ports.context, live, reason);
}

static void live_leaver(struct app *app, const struct app_leaver *leaver)
{
    const struct app_connection *connection = live_of(leaver->meeting, leaver->participant);
    if (connection != NULL &&
        (leaver->session == NULL || text_equal(connection->session, leaver->session))) {
        live_end(app, connection->live, leaver->reason, false);
    }
}

// What a person hears before choosing: interpreters the floor, others their language.
static enum channel_id listen_at_first(const struct participant *participant)
{
    if (capacity_can(participant->capacity, ABILITY_HAS_DESK) ||
        participant->language == LANGUAGE_NONE) {
        return CHANNEL_ID_FLOOR;
    }
    return (enum channel_id)
        participant->language; // the same numbers, asserted in meeting/channel.c
}

// Whether another page than the participant's last one connects. A page that was there is known by
// its session also when the new one says that it resumes.
static bool is_new_page(const struct app_meeting *meeting, const struct app_identity *identity,
                        const struct app_connection *older)
{
    const struct app_peer *peer = peer_of(meeting, identity->participant);
    const char *before = older != NULL ? older->session : peer != NULL ? peer->session : "";
    return before[0] != '\0' && !text_equal(before, identity->session);
}

enum err app_live_open(struct app *app, const struct app_identity *identity, bool resumes,
                       time_us now, time_ms wall, app_live *ret_live)
{
    app_clock(app, now, wall);
    *ret_live = HANDLE_NONE;
    struct app_meeting *meeting = NULL;
    struct participant person;
    enum err err = loading_find(app, identity->meeting, &meeting);
    if (err != ERR_NONE) {
        return err;
    }
    err = person_find(app, meeting, identity->participant, &person);
    if (err != ERR_NONE) {
        return err;
    }
    // While nothing is written people still come and hear; that they are there is written later.
    if (app->stopping || (!app->outbox.closed && !outbox_has_room(&app->outbox))) {
        return ERR_UNAVAILABLE;
    }
    const struct app_connection *replaced = live_of(meeting, person.id);
    bool new_page = !resumes || is_new_page(meeting, identity, replaced);
    time_ms lost_since = losses_since(app, meeting, person.id);
    if (replaced != NULL) {
        live_end(app, replaced->live, "replaced", true);
    }
    struct app_connection *connection = connection_take(app, meeting, &person);
    if (connection == NULL) {
        return ERR_FULL;
    }
    if (connection->attendance->peer == NULL) {
        connection->attendance->listen = listen_at_first(&person);
    }
    connection->attendance->by_account |= identity->account[0] != '\0';
    connection->expires_at = identity->expires_at;
    connection->media_gone_at = lost_since;
    connection_sign(app, connection, identity->session);
    loading_came(app, meeting);
    err = meeting_connected(&meeting->presence, &meeting->decided, connection->participant,
                            app_meeting_time(app, meeting), &app->events);
    ASSERT(err == ERR_NONE || connection->attendance->audience != NULL); // looked up above
    parts_live_opened(app, connection->live);
    app_record(app, meeting, NULL);
    if (new_page) {
        page_left(app, meeting, connection->participant, lost_since);
    }
    wishes_run(app);
    *ret_live = connection->live;
    return ERR_NONE;
}

void app_live_round_trip(struct app *app, app_live live, time_us round_trip)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (connection != NULL) {
        connection->round_trip_ms = round_trip / TIME_US_PER_MS;
    }
}

void app_live_close(struct app *app, app_live live, bool left, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    if (pool_get(&app->connections, live) != NULL) {
        connection_gone(app, live, left, APP_CLOSING_LEFT);
        wishes_run(app);
    }
}

void app_live_leave(struct app *app, app_live live, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    connection_gone(app, live, true, APP_CLOSING_ENDED);
    wishes_run(app);
}

const struct participant *app_live_participant(const struct app *app, app_live live,
                                               const char **ret_meeting)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    if (connection == NULL) {
        return NULL;
    }
    *ret_meeting = connection->meeting->id;
    const struct participant *listed = meeting_find_participant(&connection->meeting->told,
                                                                connection->participant);
    return listed != NULL ? listed : connection->attendance->audience;
}

const struct app_part live_part = {.end = live_leaver};
