// Live connections: one for each participant, a newer one replaces the older. Their beginning and
// end become presence through the meeting core.
#include <string.h>

#include "app/app_priv.h"
#include "app/stays.h"
#include "base/assert.h"
#include "base/text.h"
#include "meeting/timing.h"

struct app_connection *live_of(const struct app *app, const struct app_meeting *meeting,
                               const char *participant, app_live *ret_live)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        struct app_connection *connection = pool_at(&app->connections, i, ret_live);
        if (connection != NULL && connection->meeting == meeting &&
            text_equal(connection->participant, participant)) {
            return connection;
        }
    }
    *ret_live = HANDLE_NONE;
    return NULL;
}

// An interpreter on the air is lost with the page that pressed.
static void page_left(struct app *app, struct app_meeting *meeting, const char *participant,
                      time_ms since)
{
    // Without room the missing connection is counted a little later.
    if (outbox_has_room(&app->outbox)) {
        meeting_page_left(&meeting->decided, participant, since, app_meeting_time(app, meeting),
                          &app->events);
        app_record(app, meeting, NULL);
    }
}

// By the live line or by media, whichever is the longer: one of the two may not know yet.
static time_ms round_trip_of(const struct app *app, const struct app_connection *connection)
{
    handle any;
    const struct app_peer *peer = peer_of(app, connection->meeting, connection->participant, &any);
    time_ms media_ms = peer != NULL ? peer->health.round_trip_ms : 0;
    return media_ms > connection->round_trip_ms ? media_ms : connection->round_trip_ms;
}

// `left`: with its page. `ended`: by the server, so that nobody comes back with the session.
static void connection_gone(struct app *app, app_live live, bool left, bool ended)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (connection == NULL) {
        return;
    }
    struct app_meeting *meeting = connection->meeting;
    char participant[CONTRACT_ID_MAX + 1];
    memcpy(participant, connection->participant, sizeof(participant));
    time_ms round_trip_ms = round_trip_of(app, connection);
    media_forget_join(app, connection);
    if (!ended) {
        stay_left(app, connection);
    }
    pool_give(&app->connections, live);
    media_live_closed(app, meeting, participant);
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
        media_forget_join(app, connection);
        pool_give(&app->connections, live);
    } else {
        media_end_participant(app, connection->meeting, connection->participant);
        connection_gone(app, live, true, true);
    }
    app->ports.live_end(app->ports.context, live, reason);
}

void live_end_participant(struct app *app, const struct app_meeting *meeting,
                          const char *participant, const char *reason)
{
    app_live live;
    if (live_of(app, meeting, participant, &live) != NULL) {
        live_end(app, live, reason, false);
    }
}

void live_end_session(struct app *app, const char *session, const char *reason)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL && text_equal(connection->session, session)) {
            live_end(app, live, reason, false);
        }
    }
}

// What a person hears before choosing: interpreters the floor, others their language.
static enum channel_id listen_at_first(const struct participant *participant)
{
    if (participant->capacity == CAPACITY_INTERPRETER || participant->language == LANGUAGE_NONE) {
        return CHANNEL_ID_FLOOR;
    }
    return (enum channel_id)
        participant->language; // the same numbers, asserted in meeting/channel.c
}

// Whether another page than the participant's last one connects. A page that was there is known by
// its session also when the new one says that it resumes.
static bool is_new_page(const struct app *app, const struct app_meeting *meeting,
                        const struct app_identity *identity, const struct app_connection *older)
{
    handle peer_handle;
    const struct app_peer *peer = peer_of(app, meeting, identity->participant, &peer_handle);
    const char *before = older != NULL ? older->session : peer != NULL ? peer->session : "";
    return before[0] != '\0' && !text_equal(before, identity->session);
}

enum err app_live_open(struct app *app, const struct app_identity *identity, bool resumes,
                       time_us now, time_ms wall, app_live *ret_live)
{
    app_clock(app, now, wall);
    *ret_live = HANDLE_NONE;
    struct app_meeting *meeting = app_find_meeting(app, identity->meeting);
    if (meeting == NULL) {
        return ERR_NOT_FOUND;
    }
    const struct participant *participant = meeting_find_participant(&meeting->decided,
                                                                     identity->participant);
    if (participant == NULL) {
        return ERR_FORBIDDEN;
    }
    // While nothing is written people still come and hear; that they are there is written later.
    if (app->stopping || (!app->outbox.closed && !outbox_has_room(&app->outbox))) {
        return ERR_UNAVAILABLE;
    }
    app_live older;
    const struct app_connection *replaced = live_of(app, meeting, participant->id, &older);
    bool new_page = !resumes || is_new_page(app, meeting, identity, replaced);
    time_ms lost_since = losses_since(app, meeting, participant->id);
    if (replaced != NULL) {
        live_end(app, older, "replaced", true);
    }
    struct app_connection *connection = pool_take(&app->connections, ret_live);
    if (connection == NULL) {
        return ERR_FULL;
    }
    *connection = (struct app_connection){.meeting = meeting,
                                          .expires_at = identity->expires_at,
                                          .tell_store = app->store_told != STORE_STATE_WELL,
                                          .listen = listen_at_first(participant),
                                          .media_gone_at = lost_since};
    memcpy(connection->participant, participant->id, sizeof(connection->participant));
    memcpy(connection->session, identity->session, sizeof(connection->session));
    enum capacity capacity = participant->capacity;
    enum err err = meeting_connected(&meeting->presence, &meeting->decided, connection->participant,
                                     app_meeting_time(app, meeting), &app->events);
    ASSERT(err == ERR_NONE); // looked up above
    stay_begin(app, connection);
    media_live_opened(app, *ret_live);
    processes_live_opened(app, *ret_live);
    health_live_opened(app, meeting, capacity);
    app_record(app, meeting, NULL);
    if (new_page) {
        page_left(app, meeting, connection->participant, lost_since);
    }
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
        connection_gone(app, live, left, false);
    }
}

const struct participant *app_live_participant(const struct app *app, app_live live,
                                               const char **ret_meeting)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    if (connection == NULL) {
        return NULL;
    }
    *ret_meeting = connection->meeting->id;
    return meeting_find_participant(&connection->meeting->told, connection->participant);
}

void live_notice_all(struct app *app, const struct app_meeting *meeting, uint32_t capacities)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        const struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection == NULL || connection->meeting != meeting) {
            continue;
        }
        const struct participant *participant = meeting_find_participant(&meeting->decided,
                                                                         connection->participant);
        if (participant != NULL && (capacities >> participant->capacity & 1) != 0) {
            app->ports.notice(app->ports.context, live, &app->notice);
        }
    }
}

// A page that comes back asks itself whether its media still stand; only the server knows at once.
static void tell_no_peer(struct app *app, struct app_connection *connection, app_live live)
{
    handle peer_handle;
    if (!connection->tell_media || connection->join_sdp != NULL ||
        app->link.phase != APP_LINK_READY) {
        return;
    }
    connection->tell_media = false;
    if (peer_of(app, connection->meeting, connection->participant, &peer_handle) == NULL) {
        app->notice.type = NOTICE_MEDIA_STATE;
        app->notice.as.media_state.connected = false;
        app->ports.notice(app->ports.context, live, &app->notice);
    }
}

static void timing_on_deadline(struct app *app, struct app_meeting *meeting)
{
    while (meeting_timing_deadline(&meeting->decided) <= app_meeting_time(app, meeting) &&
           outbox_has_room(&app->outbox)) {
        meeting_timing_on_deadline(&meeting->decided, app_meeting_time(app, meeting), &app->events);
        app_record(app, meeting, NULL);
    }
}

static void presence_on_deadline(struct app *app, struct app_meeting *meeting)
{
    while (meeting_next_deadline(&meeting->presence) <= app_meeting_time(app, meeting) &&
           outbox_has_room(&app->outbox)) {
        meeting_on_deadline(&meeting->presence, &meeting->decided, app_meeting_time(app, meeting),
                            &app->events);
        app_record(app, meeting, NULL);
    }
}

void live_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL) {
            tell_no_peer(app, connection, live);
            storage_tell(app, live);
        }
    }
    stays_on_deadline(app);
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        hearing_on_deadline(app, app->meetings[i]);
        losses_on_deadline(app, app->meetings[i]);
        presence_on_deadline(app, app->meetings[i]);
        timing_on_deadline(app, app->meetings[i]);
    }
}

time_us live_next_deadline(const struct app *app)
{
    time_us next = stays_next_deadline(app);
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        time_us due = app_time_of(app, app->meetings[i],
                                  meeting_next_deadline(&app->meetings[i]->presence));
        next = due < next ? due : next;
        due = app_time_of(app, app->meetings[i],
                          meeting_timing_deadline(&app->meetings[i]->decided));
        next = due < next ? due : next;
        due = app_time_of(app, app->meetings[i], losses_next_deadline(app, app->meetings[i]));
        next = due < next ? due : next;
        due = app_time_of(app, app->meetings[i], hearing_next_deadline(app, app->meetings[i]));
        next = due < next ? due : next;
    }
    return next;
}
