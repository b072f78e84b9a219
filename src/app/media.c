// The participant's side of media: joining, leaving, choosing what to hear. Changes of the meeting
// reach the media process through peer_follow_meeting(); what one person chooses goes there at once
// and never into the journal.
#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/part.h"
#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"

static struct app_peer *peer_of_connection(const struct app *app,
                                           const struct app_connection *connection,
                                           handle *ret_handle)
{
    return peer_of(app, connection->meeting, connection->participant, ret_handle);
}

// Another page of the same person takes over: it never starts with an open microphone.
static void end_replaced(struct app *app, const struct app_connection *connection,
                         const struct app_peer *old)
{
    bool other_page = old->session[0] != '\0' && !text_equal(old->session, connection->session);
    if (!other_page || !outbox_has_room(&app->outbox)) {
        return;
    }
    meeting_source_ended(&connection->meeting->decided, connection->participant,
                         app_meeting_time(app, connection->meeting), &app->events);
    app_record(app, connection->meeting, NULL);
}

// The offer that waits, if any, is forgotten without an answer.
static void media_forget_join(struct app *app, struct app_connection *connection)
{
    if (connection->join_sdp != NULL) {
        free(connection->join_sdp);
        connection->join_sdp = NULL;
        app->joins_waiting--;
    }
}

// The media process is not there yet, or for the moment: a start, or a restart within a second.
static void wait_for_media(struct app *app, app_live live, uint64_t request, const char *sdp)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (connection->join_sdp != NULL) {
        media_forget_join(app, connection);
        app_refuse(app, live, connection->join_request, REFUSAL_MEDIA_SUPERSEDED);
    }
    char *copy = app->joins_waiting < APP_JOINS_WAITING ? strdup(sdp) : NULL;
    if (copy == NULL) {
        app_refuse(app, live, request, REFUSAL_MEDIA_UNAVAILABLE);
        return;
    }
    app->joins_waiting++;
    connection->join_sdp = copy;
    connection->join_request = request;
    connection->join_due = app->now + APP_JOIN_WAIT_US;
    app_wake_at(app, connection->join_due);
}

void media_join(struct app *app, app_live live, uint64_t request, const char *sdp)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    const struct participant *participant = meeting_find_participant(&meeting->decided,
                                                                     connection->participant);
    ASSERT(participant != NULL); // removal ends the connection
    if (app->link.phase != APP_LINK_READY) {
        wait_for_media(app, live, request, sdp);
        return;
    }
    handle peer_handle;
    struct app_peer *old = peer_of_connection(app, connection, &peer_handle);
    if (old != NULL) {
        end_replaced(app, connection, old);
        app_peer_close(app, peer_handle);
    }
    struct app_peer *peer = pool_take(&app->peers, &peer_handle);
    if (peer == NULL) {
        app_refuse(app, live, request, REFUSAL_MEDIA_FULL);
        peer_follow_meeting(app, meeting);
        return;
    }
    *peer = (struct app_peer){.meeting = meeting,
                              .capacity = participant->capacity,
                              .listen = connection->listen,
                              .relay = meeting_desk_hears(&meeting->told, participant->id),
                              .relay_known = true,
                              .phase = LINK_PEER_NEW,
                              .orphan_due = TIME_US_NEVER,
                              .answer_live = live,
                              .answer_request = request,
                              .answer_due = app->now + APP_ANSWER_US};
    memcpy(peer->participant, connection->participant, sizeof(peer->participant));
    memcpy(peer->session, connection->session, sizeof(peer->session));
    memcpy(peer->health.participant, connection->participant, sizeof(peer->health.participant));
    hearing_peer_begins(app, peer);
    if (participant->microphone != MICROPHONE_OFF && connection->media_gone_at != 0) {
        peer->silent_since = connection->media_gone_at; // until its first packet
    }
    connection->media_gone_at = 0;
    if (!peer_create(app, peer, sdp)) {
        peer_forget(app, peer_handle, REFUSAL_MEDIA_UNAVAILABLE);
        return;
    }
    app_wake_at(app, peer->answer_due);
    peer_follow_meeting(app, meeting);
}

void media_leave(struct app *app, app_live live, uint64_t request)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    handle peer_handle;
    if (peer_of_connection(app, connection, &peer_handle) != NULL) {
        app_peer_close(app, peer_handle);
    }
    const struct outbox_answer answer = {.live = live, .request = request};
    meeting_source_ended(&connection->meeting->decided, connection->participant,
                         app_meeting_time(app, connection->meeting), &app->events);
    app_record(app, connection->meeting, &answer);
    peer_follow_meeting(app, connection->meeting);
}

void media_listen_set(struct app *app, app_live live, uint64_t request,
                      const struct command_listen_set *command)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (command->slot != SLOT_NAME_LANGUAGE) {
        app_refuse(app, live, request, REFUSAL_LANGUAGE_SLOT_ALONE);
        return;
    }
    connection->listen = command->channel;
    handle peer_handle;
    struct app_peer *peer = peer_of_connection(app, connection, &peer_handle);
    if (peer != NULL) {
        peer->listen = command->channel;
        if (!peer->echo) {
            peer_tell_language_slot(app, peer);
            health_listeners_changed(app, peer->meeting);
        }
    }
    app_answer(app, live, request);
}

void media_echo_set(struct app *app, app_live live, uint64_t request, bool on)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    const struct participant *participant = meeting_find_participant(&connection->meeting->decided,
                                                                     connection->participant);
    handle peer_handle;
    struct app_peer *peer = peer_of_connection(app, connection, &peer_handle);
    if (peer == NULL) {
        app_refuse(app, live, request, REFUSAL_MEDIA_NOT_JOINED);
        return;
    }
    if (on && participant->presence != PRESENCE_ENTRANCE) {
        app_refuse(app, live, request, REFUSAL_ENTRANCE_ALONE);
        return;
    }
    if (on && peer->sources[TRACK_NAME_MICROPHONE] == 0) {
        app_refuse(app, live, request, REFUSAL_NO_MICROPHONE_SENT);
        return;
    }
    peer->echo = on;
    peer->echo_unknown = false;
    peer_tell_language_slot(app, peer);
    app_answer(app, live, request);
}

void media_forget_all_joins(struct app *app)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL) {
            media_forget_join(app, connection);
        }
    }
}

// ---- As a part

static void media_live_opened(struct app *app, app_live live)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    handle peer_handle;
    struct app_peer *peer = peer_of_connection(app, connection, &peer_handle);
    if (peer != NULL) {
        peer->orphan_due = TIME_US_NEVER;
        peer->pictures_stale = true;
        connection->listen = peer->listen;
        connection->media_gone_at = 0;
    }
    connection->tell_media = true;
    app_wake_at(app, app->now);
}

static void media_live_closing(struct app *app, app_live live, enum app_closing closing)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    handle peer_handle;
    media_forget_join(app, connection);
    struct app_peer *peer = peer_of_connection(app, connection, &peer_handle);
    if (peer != NULL && closing == APP_CLOSING_ENDED) {
        app_peer_close(app, peer_handle);
        peer_follow_meeting(app, meeting);
    } else if (peer != NULL && closing == APP_CLOSING_LEFT) {
        peer->answer_live = HANDLE_NONE;
        peer->orphan_due = app->now + APP_ORPHAN_PEER_US;
        app_wake_at(app, peer->orphan_due);
    }
}

static void media_end(struct app *app, const struct app_leaver *leaver)
{
    handle peer_handle;
    const struct app_peer *peer = peer_of(app, leaver->meeting, leaver->participant, &peer_handle);
    if (peer != NULL && (leaver->session == NULL || text_equal(peer->session, leaver->session))) {
        app_peer_close(app, peer_handle);
        peer_follow_meeting(app, leaver->meeting);
    }
}

static void media_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (events[i].type != EVENT_PRESENCE_CHANGED ||
            events[i].as.presence_changed.presence != PRESENCE_PRESENT) {
            continue;
        }
        handle peer_handle;
        struct app_peer *peer = peer_of(app, meeting, events[i].as.presence_changed.participant,
                                        &peer_handle);
        // The echo test ends at the door.
        if (peer != NULL && (peer->echo || peer->echo_unknown)) {
            peer->echo = false;
            peer->echo_unknown = false;
            peer_tell_language_slot(app, peer);
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

static void joins_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->connections.capacity && app->joins_waiting > 0; i++) {
        app_live live;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL && connection->join_sdp != NULL &&
            connection->join_due <= app->now) {
            media_forget_join(app, connection);
            app_refuse(app, live, connection->join_request, REFUSAL_MEDIA_UNAVAILABLE);
        }
    }
}

// Who never came back, and whom media does not answer.
static void peers_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        bool unanswered = peer != NULL && peer->answer_due != 0 && peer->answer_due <= app->now;
        if (peer == NULL || (peer->orphan_due > app->now && !unanswered)) {
            continue;
        }
        struct app_meeting *meeting = peer->meeting;
        if (unanswered) {
            log_event(LOG_WARNING, "media.no_answer", LOG_TEXT("meeting", meeting->id));
        }
        app_peer_close(app, peer_handle);
        peer_follow_meeting(app, meeting);
    }
}

static void media_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL) {
            tell_no_peer(app, connection, live);
        }
    }
    peers_on_deadline(app);
    joins_on_deadline(app);
}

static time_us peers_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        const struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        if (peer != NULL && peer->orphan_due < next) {
            next = peer->orphan_due;
        }
        if (peer != NULL && peer->answer_due != 0 && peer->answer_due < next) {
            next = peer->answer_due;
        }
    }
    return next;
}

static time_us joins_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < app->connections.capacity && app->joins_waiting > 0; i++) {
        app_live live;
        const struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL && connection->join_sdp != NULL && connection->join_due < next) {
            next = connection->join_due;
        }
    }
    return next;
}

static time_us media_next_deadline(const struct app *app)
{
    time_us joins = joins_next_deadline(app);
    time_us peers = peers_next_deadline(app);
    return joins < peers ? joins : peers;
}

static void tell_media_lost(struct app *app)
{
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        handle peer_handle;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL && connection->join_sdp == NULL &&
            peer_of(app, connection->meeting, connection->participant, &peer_handle) == NULL) {
            connection->tell_media = false;
            app->notice.type = NOTICE_MEDIA_LOST;
            app->ports.notice(app->ports.context, live, &app->notice);
        }
    }
}

// Media is there: the offers that wait for it.
static void join_waiting(struct app *app)
{
    for (uint32_t i = 0; i < app->connections.capacity && app->joins_waiting > 0; i++) {
        app_live live;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL && connection->join_sdp != NULL) {
            char *sdp = connection->join_sdp;
            connection->join_sdp = NULL;
            app->joins_waiting--;
            media_join(app, live, connection->join_request, sdp);
            free(sdp);
        }
    }
}

static void media_link_ready(struct app *app)
{
    if (app->link.was_down) {
        tell_media_lost(app);
    }
    join_waiting(app);
}

const struct app_part media_part = {.follow = media_follow,
                                    .live_opened = media_live_opened,
                                    .live_closing = media_live_closing,
                                    .end = media_end,
                                    .link_ready = media_link_ready,
                                    .on_deadline = media_on_deadline,
                                    .next_deadline = media_next_deadline};
