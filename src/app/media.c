// The participant's side of media: joining, leaving, choosing what to hear. Changes of the meeting
// reach the media process through peer_follow_meeting(); what one person chooses goes there at once
// and never into the journal.
#include "app/app_priv.h"
#include "app/door.h"
#include "app/levels.h"
#include "app/quality_priv.h"

#include <stdlib.h>
#include <string.h>

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

void media_forget_join(struct app *app, struct app_connection *connection)
{
    if (connection->join_sdp != NULL) {
        free(connection->join_sdp);
        connection->join_sdp = NULL;
        app->joins_waiting--;
    }
}

void media_join_waiting(struct app *app)
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

void media_joins_on_deadline(struct app *app)
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

time_us media_joins_next_deadline(const struct app *app)
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

void media_live_opened(struct app *app, app_live live)
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

void media_live_closed(struct app *app, const struct app_meeting *meeting, const char *participant)
{
    handle peer_handle;
    struct app_peer *peer = peer_of(app, meeting, participant, &peer_handle);
    if (peer != NULL) {
        peer->answer_live = HANDLE_NONE;
        peer->orphan_due = app->now + APP_ORPHAN_PEER_US;
        app_wake_at(app, peer->orphan_due);
    }
}

void media_end_participant(struct app *app, struct app_meeting *meeting, const char *participant)
{
    handle peer_handle;
    if (peer_of(app, meeting, participant, &peer_handle) != NULL) {
        app_peer_close(app, peer_handle);
        peer_follow_meeting(app, meeting);
    }
}

void media_end_session(struct app *app, const char *session)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        if (peer != NULL && text_equal(peer->session, session)) {
            struct app_meeting *meeting = peer->meeting;
            app_peer_close(app, peer_handle);
            peer_follow_meeting(app, meeting);
        }
    }
}

void media_follow_events(struct app *app, struct app_meeting *meeting, const struct event *events,
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
    hearing_follow(app, meeting, events, count);
    door_follow(app, meeting); // a feed may have been ended
    peer_follow_meeting(app, meeting);
}

// The answer to LINK_PEER_CREATE.
static void receive_answer(struct app *app, const struct link_message *message)
{
    if (door_answered(app, message)) {
        return;
    }
    handle peer_handle;
    struct app_peer *peer = peer_by_id(app, message->peer, &peer_handle);
    if (peer == NULL || peer->answer_due == 0) {
        return; // replaced meanwhile
    }
    peer->answer_due = 0;
    if (message->err != ERR_NONE) {
        struct app_meeting *meeting = peer->meeting;
        const char *reason = message->sdp_length > 0 ? message->sdp
                                                     : "the offer does not fit the media plan";
        log_event(LOG_INFO, "media.join_refused", LOG_TEXT("error", err_slug(message->err)),
                  LOG_TEXT("reason", reason));
        peer_refuse(app, peer_handle, message->err, reason);
        peer_follow_meeting(app, meeting);
        return;
    }
    app_live live = peer->answer_live;
    peer->answer_live = HANDLE_NONE;
    if (live != HANDLE_NONE) {
        app_answer_join(app, live, peer->answer_request, message->sdp);
    }
}

static void receive_state(struct app *app, const struct link_message *message)
{
    if (app->link.phase == APP_LINK_SYNCING) {
        link_sync_peer_state(app, message);
        return;
    }
    if (door_state(app, message)) {
        return;
    }
    handle peer_handle;
    struct app_peer *peer = peer_by_id(app, message->peer, &peer_handle);
    if (peer == NULL) {
        return; // closed by us meanwhile
    }
    hearing_peer_phase(app, peer, message->phase);
    peer_tell_page(app, peer);
    if (message->phase == LINK_PEER_CLOSED) {
        struct app_meeting *meeting = peer->meeting;
        peer_forget(app, peer_handle, REFUSAL_MEDIA_ENDED);
        peer_follow_meeting(app, meeting);
    }
}

static void receive_counters(struct app *app, const struct link_message *message)
{
    app->media_counter_count = 0;
    for (uint32_t i = 0; i < message->counter_count && i < LINK_COUNTERS_MAX; i++) {
        struct app_media_counter *counter = &app->media_counters[app->media_counter_count++];
        struct text_builder name = text_builder(counter->name, sizeof(counter->name));
        text_append(&name, "plenary_media_");
        text_append(&name, message->counters[i].name);
        counter->value = message->counters[i].value;
    }
}

void app_link_receive(struct app *app, const struct link_message *message, time_us now,
                      time_ms wall)
{
    app_clock(app, now, wall);
    handle peer_handle;
    struct app_peer *peer;
    // Only what media says; anything else is a bug of the other side and is passed over.
    if (message->type == LINK_PEER_ANSWER) {
        receive_answer(app, message);
    } else if (message->type == LINK_PEER_STATE) {
        receive_state(app, message);
    } else if (message->type == LINK_SYNCED && app->link.phase == APP_LINK_SYNCING) {
        link_sync_end(app);
    } else if (message->type == LINK_SOURCE_STATE) {
        hearing_source_state(app, message);
        door_source_state(app, message);
    } else if (message->type == LINK_PEER_REPORT &&
               door_by_id(app, message->peer, &peer_handle) == NULL) {
        peer = peer_by_id(app, message->peer, &peer_handle);
        if (peer != NULL) {
            health_report(app, peer, message);
            quality_report(app, peer, message);
            peer_tell_pictures(app, peer, message->report.slots_held,
                               message->report.pictures_up_held);
        }
    } else if (message->type == LINK_SOURCE_LEVELS) {
        levels_receive(app, message);
    } else if (message->type == LINK_COUNTERS) {
        receive_counters(app, message);
    }
}
