// The participant's side of media: joining, leaving, choosing what to hear. Changes of the meeting
// reach the media process through peer_follow_meeting(); what one person chooses goes there at once
// and never into the journal.
#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/part.h"
#include "base/log.h"
#include "base/text.h"
#include "meeting/feed.h"

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

static void end_old_peer(struct app *app, const struct app_connection *connection)
{
    struct app_peer *old = connection->attendance->peer;
    if (old != NULL) {
        end_replaced(app, connection, old);
        app_peer_close(app, old);
    }
}

// The offer that waits, if any, is forgotten without an answer.
static void media_forget_join(struct app *app, struct app_connection *connection)
{
    if (connection->join_sdp != NULL) {
        free(connection->join_sdp);
        connection->join_sdp = NULL;
        list_remove(&connection->waiting_join);
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
    list_add(&app->waiting_joins, &connection->waiting_join);
    app_wake_at(app, connection->join_due);
}

void media_join(struct app *app, app_live live, uint64_t request, const char *sdp)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    if (app->link.phase != APP_LINK_READY) {
        wait_for_media(app, live, request, sdp);
        return;
    }
    end_old_peer(app, connection);
    // Looked up here and not before: a journal that closes takes back what is decided, and with it
    // the places in the list.
    const struct participant *participant = person_of(meeting, connection->participant);
    // NULL: removed while the offer waited; the connection ends once that is written.
    struct app_peer *peer = participant != NULL ? peer_take(app, meeting, participant, 0) : NULL;
    if (peer == NULL) {
        app_refuse(app, live, request,
                   participant != NULL ? REFUSAL_MEDIA_FULL : REFUSAL_CAPACITY_FORBIDS);
        peer_follow_meeting(app, meeting);
        return;
    }
    peer->relay = meeting_desk_hears(&meeting->told, participant->id);
    peer->relay_known = true;
    peer->phase = LINK_PEER_NEW;
    peer->answer_live = live;
    peer->answer_request = request;
    peer->answer_due = app->now + APP_ANSWER_US;
    memcpy(peer->session, connection->session, sizeof(peer->session));
    hearing_peer_begins(app, peer);
    if (participant->microphone != MICROPHONE_OFF && connection->media_gone_at != 0) {
        peer->silent_since = connection->media_gone_at; // until its first packet
    }
    connection->media_gone_at = 0;
    if (!peer_create(app, peer, sdp)) {
        peer_forget(app, peer, REFUSAL_MEDIA_UNAVAILABLE);
        return;
    }
    peer_due_changed(app, peer);
    peer_follow_meeting(app, meeting);
}

void media_leave(struct app *app, app_live live, uint64_t request)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (connection->attendance->peer != NULL) {
        app_peer_close(app, connection->attendance->peer);
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
    connection->attendance->listen = command->channel;
    connection->attendance->alone = (struct listen_alone){0};
    struct app_peer *peer = connection->attendance->peer;
    if (peer != NULL && !peer->echo) {
        peer_tell_language_slot(app, peer);
        health_listeners_changed(app, peer->meeting);
    }
    app_answer(app, live, request);
}

void media_listen_source(struct app *app, app_live live, uint64_t request,
                         const struct command_listen_source *command)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    const struct participant *heard = meeting_find_participant(&meeting->told,
                                                               command->participant);
    bool feed = command->feed[0] != '\0';
    enum refusal_reason reason = REFUSAL_NONE;
    if (feed && meeting_find_feed(&meeting->told, command->feed) == NULL) {
        reason = REFUSAL_NO_SUCH_FEED;
    } else if (!feed && heard == NULL) {
        reason = REFUSAL_NO_SUCH_PARTICIPANT;
    } else if (!feed && heard->microphone == MICROPHONE_OFF) {
        reason = REFUSAL_MICROPHONE_NOT_OPEN;
    }
    if (reason != REFUSAL_NONE) {
        app_refuse(app, live, request, reason);
        return;
    }
    struct listen_alone *alone = &connection->attendance->alone;
    *alone = (struct listen_alone){0};
    if (feed) {
        text_copy_cut(alone->feed, sizeof(alone->feed), command->feed);
    } else {
        text_copy_cut(alone->participant, sizeof(alone->participant), command->participant);
    }
    if (connection->attendance->peer != NULL) {
        connection->attendance->peer->alone_told = APP_SOURCE_UNKNOWN;
        peer_follow_meeting(app, meeting);
    }
    app_answer(app, live, request);
}

void media_echo_set(struct app *app, app_live live, uint64_t request, bool on)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    const struct participant *participant = person_of(connection->meeting, connection->participant);
    struct app_peer *peer = connection->attendance->peer;
    if (peer == NULL) {
        app_refuse(app, live, request, REFUSAL_MEDIA_NOT_JOINED);
        return;
    }
    if (on && participant->presence != PRESENCE_ENTRANCE) {
        app_refuse(app, live, request, REFUSAL_ENTRANCE_ALONE);
        return;
    }
    if (on && peer->senders[TRACK_NAME_MICROPHONE].source == 0) {
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
    while (app->waiting_joins.first != NULL) {
        media_forget_join(app,
                          LIST_ITEM(app->waiting_joins.first, struct app_connection, waiting_join));
    }
}

// ---- As a part

static void media_live_opened(struct app *app, app_live live)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    struct app_peer *peer = connection->attendance->peer;
    if (peer != NULL) {
        peer->orphan_due = TIME_US_NEVER;
        peer_due_changed(app, peer);
        peer->pictures_stale = true;
        connection->media_gone_at = 0;
    }
    connection->tell_media = true;
    connection_tell_later(app, connection);
}

static void media_live_closing(struct app *app, app_live live, enum app_closing closing)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    media_forget_join(app, connection);
    struct app_peer *peer = connection->attendance->peer;
    if (peer != NULL && closing == APP_CLOSING_ENDED) {
        app_peer_close(app, peer);
        peer_follow_meeting(app, meeting);
    } else if (peer != NULL && closing == APP_CLOSING_LEFT) {
        peer->answer_live = HANDLE_NONE;
        peer->orphan_due = app->now + APP_ORPHAN_PEER_US;
        peer_due_changed(app, peer);
    }
}

static void media_end(struct app *app, const struct app_leaver *leaver)
{
    struct app_peer *peer = peer_of(leaver->meeting, leaver->participant);
    if (peer != NULL && (leaver->session == NULL || text_equal(peer->session, leaver->session))) {
        app_peer_close(app, peer);
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
        struct app_peer *peer = peer_of(meeting, events[i].as.presence_changed.participant);
        // The echo test ends at the door.
        if (peer != NULL && (peer->echo || peer->echo_unknown)) {
            peer->echo = false;
            peer->echo_unknown = false;
            peer_tell_language_slot(app, peer);
        }
    }
}

// A page that comes back asks itself whether its media still stand; only the server knows at once.
static void tell_no_peer(struct app *app, struct app_connection *connection)
{
    if (!connection->tell_media || connection->join_sdp != NULL ||
        app->link.phase != APP_LINK_READY) {
        return;
    }
    connection->tell_media = false;
    connection_told(connection);
    if (connection->attendance->peer == NULL) {
        app->notice.type = NOTICE_MEDIA_STATE;
        app->notice.as.media_state.connected = false;
        app->ports.notice(app->ports.context, connection->live, &app->notice);
    }
}

static void joins_on_deadline(struct app *app)
{
    for (struct list_link *at = app->waiting_joins.first, *next; at != NULL; at = next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, waiting_join);
        next = at->next;
        if (connection->join_due <= app->now) {
            media_forget_join(app, connection);
            app_refuse(app, connection->live, connection->join_request, REFUSAL_MEDIA_UNAVAILABLE);
        }
    }
}

// Who never came back, and whom media does not answer.
static void peers_on_deadline(struct app *app)
{
    for (struct list_link *at = app->due_peers.first, *next; at != NULL; at = next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, has_due);
        next = at->next;
        bool unanswered = peer->answer_due != 0 && peer->answer_due <= app->now;
        if (peer->orphan_due > app->now && !unanswered) {
            continue;
        }
        struct app_meeting *meeting = peer->meeting;
        if (unanswered) {
            log_event(LOG_WARNING, "media.no_answer", LOG_TEXT("meeting", meeting->id));
        }
        app_peer_close(app, peer);
        peer_follow_meeting(app, meeting);
    }
}

static void media_on_deadline(struct app *app)
{
    for (struct list_link *at = app->newcomers.first, *next; at != NULL; at = next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, newcomer);
        next = at->next;
        tell_no_peer(app, connection);
    }
    peers_on_deadline(app);
    joins_on_deadline(app);
}

static time_us media_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (struct list_link *at = app->waiting_joins.first; at != NULL; at = at->next) {
        time_us due = LIST_ITEM(at, struct app_connection, waiting_join)->join_due;
        next = due < next ? due : next;
    }
    for (struct list_link *at = app->due_peers.first; at != NULL; at = at->next) {
        const struct app_peer *peer = LIST_ITEM(at, struct app_peer, has_due);
        next = peer->orphan_due < next ? peer->orphan_due : next;
        next = peer->answer_due != 0 && peer->answer_due < next ? peer->answer_due : next;
    }
    return next;
}

static void tell_media_lost(struct app *app)
{
    for (struct list_link *at = app->all_connections.first, *next; at != NULL; at = next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, link);
        next = at->next;
        if (connection->join_sdp == NULL && connection->attendance->peer == NULL) {
            connection->tell_media = false;
            connection_told(connection);
            app->notice.type = NOTICE_MEDIA_LOST;
            app->ports.notice(app->ports.context, connection->live, &app->notice);
        }
    }
}

// Media is there: the offers that wait for it.
static void join_waiting(struct app *app)
{
    for (struct list_link *at = app->waiting_joins.first, *next; at != NULL; at = next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, waiting_join);
        next = at->next;
        char *sdp = connection->join_sdp;
        connection->join_sdp = NULL;
        list_remove(&connection->waiting_join);
        app->joins_waiting--;
        media_join(app, connection->live, connection->join_request, sdp);
        free(sdp);
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
