// The participant's side of media: joining, leaving, choosing what to hear. Changes of the meeting
// reach the media process through peer_follow_meeting(); what one person chooses goes there at once
// and never into the journal.
#include "app/app_priv.h"
#include "app/door.h"
#include "app/levels.h"
#include "app/quality_priv.h"

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
    meeting_source_ended(&connection->meeting->decided, connection->participant, app->wall,
                         &app->events);
    app_record(app, connection->meeting, NULL);
}

void media_join(struct app *app, app_live live, uint64_t request, const char *sdp)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    const struct participant *participant = meeting_find_participant(&meeting->decided,
                                                                     connection->participant);
    ASSERT(participant != NULL); // removal ends the connection
    if (app->link.phase != APP_LINK_READY) {
        app_answer(app, live, request, ERR_UNAVAILABLE, "sound and pictures are not available now");
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
        app_answer(app, live, request, ERR_FULL, "no room for another media connection");
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
    if (!peer_create(app, peer, sdp)) {
        peer_forget(app, peer_handle, ERR_UNAVAILABLE, "sound and pictures are not available now");
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
    meeting_source_ended(&connection->meeting->decided, connection->participant, app->wall,
                         &app->events);
    app_record(app, connection->meeting, &answer);
    peer_follow_meeting(app, connection->meeting);
}

void media_listen_set(struct app *app, app_live live, uint64_t request,
                      const struct command_listen_set *command)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    if (command->slot != SLOT_NAME_LANGUAGE) {
        app_answer(app, live, request, ERR_INVALID,
                   "the language slot is chosen here, the relay by desk.listen");
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
    app_answer(app, live, request, ERR_NONE, NULL);
}

void media_echo_set(struct app *app, app_live live, uint64_t request, bool on)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    const struct participant *participant = meeting_find_participant(&connection->meeting->decided,
                                                                     connection->participant);
    handle peer_handle;
    struct app_peer *peer = peer_of_connection(app, connection, &peer_handle);
    if (peer == NULL) {
        app_answer(app, live, request, ERR_CONFLICT, "join the media first");
        return;
    }
    if (on && participant->presence != PRESENCE_ENTRANCE) {
        app_answer(app, live, request, ERR_CONFLICT, "only at the entrance");
        return;
    }
    if (on && peer->sources[TRACK_NAME_MICROPHONE] == 0) {
        app_answer(app, live, request, ERR_CONFLICT, "you send no microphone");
        return;
    }
    peer->echo = on;
    peer->echo_unknown = false;
    peer_tell_language_slot(app, peer);
    app_answer(app, live, request, ERR_NONE, NULL);
}

void media_live_opened(struct app *app, app_live live)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    handle peer_handle;
    struct app_peer *peer = peer_of_connection(app, connection, &peer_handle);
    if (peer != NULL) {
        peer->orphan_due = TIME_US_NEVER;
        connection->listen = peer->listen;
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
        log_event(LOG_INFO, "media.join_refused", LOG_TEXT("error", err_slug(message->err)));
        peer_forget(app, peer_handle, message->err, "the offer does not fit the media plan");
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
    peer->phase = message->phase;
    peer_tell_page(app, peer);
    if (message->phase == LINK_PEER_CLOSED) {
        struct app_meeting *meeting = peer->meeting;
        peer_forget(app, peer_handle, ERR_UNAVAILABLE, "the media connection ended");
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

static void receive_source(struct app *app, const struct link_message *message)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        if (peer != NULL && message->source != 0 &&
            peer->sources[TRACK_NAME_MICROPHONE] == message->source) {
            peer->silent_since = message->active ? 0 : app->wall - APP_SOURCE_SILENT_MS;
            app_wake_at(app, app->now);
        }
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
        receive_source(app, message);
        door_source_state(app, message);
    } else if (message->type == LINK_PEER_REPORT &&
               door_by_id(app, message->peer, &peer_handle) == NULL) {
        peer = peer_by_id(app, message->peer, &peer_handle);
        if (peer != NULL) {
            health_report(app, peer, message);
            quality_report(app, peer, message);
        }
    } else if (message->type == LINK_SOURCE_LEVELS) {
        levels_receive(app, message);
    } else if (message->type == LINK_COUNTERS) {
        receive_counters(app, message);
    }
}
