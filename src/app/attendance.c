#include "app/attendance.h"

#include <stdlib.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "base/assert.h"
#include "base/text.h"

#define PEERS_PER_CONNECTION 2 // some wait for their page to come back

// ---- Attendances

static uint32_t attendance_place(const char *participant)
{
    return text_hash(participant) & (ATTENDANCE_PLACES - 1);
}

struct app_attendance *attendance_of(const struct app_meeting *meeting, const char *participant)
{
    struct list_link *at = meeting->attendances[attendance_place(participant)].first;
    for (; at != NULL; at = at->next) {
        struct app_attendance *attendance = LIST_ITEM(at, struct app_attendance, link);
        if (text_equal(attendance->participant, participant)) {
            return attendance;
        }
    }
    return NULL;
}

static void attendance_end(struct app_attendance *attendance)
{
    if (attendance->connection == NULL && attendance->peer == NULL && attendance->door_count == 0) {
        list_remove(&attendance->link);
        free(attendance->audience);
        free(attendance);
    }
}

// As many as there are connections, peers and doors, at most.
static struct app_attendance *attendance_begin(struct app_meeting *meeting, const char *participant)
{
    struct app_attendance *attendance = attendance_of(meeting, participant);
    if (attendance != NULL) {
        return attendance;
    }
    attendance = calloc(1, sizeof(*attendance));
    if (attendance != NULL) {
        attendance->meeting = meeting;
        text_copy_cut(attendance->participant, sizeof(attendance->participant), participant);
        list_add(&meeting->attendances[attendance_place(participant)], &attendance->link);
    }
    return attendance;
}

// The same for a person, of whom nobody but their attendance knows when they are of the audience.
static struct app_attendance *attendance_begin_person(struct app_meeting *meeting,
                                                      const struct participant *person)
{
    struct app_attendance *attendance = attendance_begin(meeting, person->id);
    if (attendance == NULL || attendance->audience != NULL || !audience_is(person->id)) {
        return attendance;
    }
    attendance->audience = malloc(sizeof(*attendance->audience));
    if (attendance->audience == NULL) {
        attendance_end(attendance);
        return NULL;
    }
    *attendance->audience = *person; // who may be listed now
    attendance->audience->audience = false;
    attendance->audience->help = HELP_STATE_NONE;
    return attendance;
}

// ---- Connections

struct app_connection *connection_take(struct app *app, struct app_meeting *meeting,
                                       const struct participant *participant)
{
    app_live live;
    struct app_attendance *attendance = attendance_begin_person(meeting, participant);
    if (attendance == NULL) {
        return NULL;
    }
    ASSERT(attendance->connection == NULL);
    struct app_connection *connection = pool_take(&app->connections, &live);
    if (connection == NULL) {
        attendance_end(attendance);
        return NULL;
    }
    attendance->connection = connection;
    connection->live = live;
    connection->attendance = attendance;
    connection->meeting = meeting;
    connection->participant = attendance->participant;
    connection->capacity = participant->capacity;
    list_add(&app->all_connections, &connection->link);
    list_add(&meeting->connections, &connection->in_meeting);
    return connection;
}

void connection_give(struct app *app, struct app_connection *connection)
{
    struct app_attendance *attendance = connection->attendance;
    ASSERT(connection->join_sdp == NULL); // media.c has forgotten it
    list_remove(&connection->link);
    list_remove(&connection->in_meeting);
    list_remove(&connection->newcomer);
    list_remove(&connection->of_session);
    attendance->connection = NULL;
    pool_give(&app->connections, connection->live);
    attendance_end(attendance);
}

static struct list *session_place(const struct app *app, const char *session)
{
    return &app->session_places[text_hash(session) & app->place_mask];
}

void connection_sign(struct app *app, struct app_connection *connection, const char *session)
{
    text_copy_cut(connection->session, sizeof(connection->session), session);
    if (session[0] != '\0') {
        list_add(session_place(app, session), &connection->of_session);
    }
}

struct app_connection *connection_of_session(const struct app *app, const char *session,
                                             const struct app_connection *before)
{
    struct list_link *at = before != NULL ? before->of_session.next
                                          : session_place(app, session)->first;
    for (; at != NULL; at = at->next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, of_session);
        if (text_equal(connection->session, session)) {
            return connection;
        }
    }
    return NULL;
}

void connection_tell_later(struct app *app, struct app_connection *connection)
{
    if (!list_has(&connection->newcomer)) {
        list_add(&app->newcomers, &connection->newcomer);
    }
    app_wake_at(app, app->now);
}

void connection_told(struct app_connection *connection)
{
    if (!connection->tell_processes && !connection->tell_media && !connection->tell_store) {
        list_remove(&connection->newcomer);
    }
}

struct app_connection *live_of(const struct app_meeting *meeting, const char *participant)
{
    const struct app_attendance *attendance = attendance_of(meeting, participant);
    return attendance != NULL ? attendance->connection : NULL;
}

void live_notice_all(struct app *app, const struct app_meeting *meeting, unsigned int abilities)
{
    for (struct list_link *at = meeting->connections.first, *next; at != NULL; at = next) {
        const struct app_connection *connection = LIST_ITEM(at, struct app_connection, in_meeting);
        next = at->next;
        if (capacity_can(connection->capacity, abilities)) {
            app->ports.notice(app->ports.context, connection->live, &app->notice);
        }
    }
}

// ---- Peers

// Ids are given in a row: their low bits alone spread them.
static struct list *peer_place(const struct app *app, link_peer id)
{
    return &app->peer_places[id & app->place_mask];
}

struct app_peer *peer_take(struct app *app, struct app_meeting *meeting,
                           const struct participant *participant, link_peer id)
{
    handle peer_handle;
    struct app_attendance *attendance = attendance_begin_person(meeting, participant);
    if (attendance == NULL) {
        return NULL;
    }
    ASSERT(attendance->peer == NULL);
    struct app_peer *peer = pool_take(&app->peers, &peer_handle);
    if (peer == NULL) {
        attendance_end(attendance);
        return NULL;
    }
    attendance->peer = peer;
    peer->handle = peer_handle;
    peer->id = id != 0 ? id : app->link.next_peer++;
    peer->attendance = attendance;
    peer->meeting = meeting;
    peer->participant = attendance->participant;
    peer->capacity = participant->capacity;
    peer->orphan_due = TIME_US_NEVER;
    text_copy_cut(peer->health.participant, sizeof(peer->health.participant), participant->id);
    list_add(&app->all_peers, &peer->link);
    list_add(&meeting->peers, &peer->in_meeting);
    list_add(peer_place(app, peer->id), &peer->by_id);
    if (capacity_can(peer->capacity, ABILITY_HAS_DESK | ABILITY_ROUTES_SOUND)) {
        list_add(&meeting->desk_peers, &peer->at_desk);
    }
    for (int track = 0; track < TRACK_NAME_COUNT; track++) {
        peer->senders[track].peer = peer;
    }
    return peer;
}

void peer_give(struct app *app, struct app_peer *peer)
{
    struct app_attendance *attendance = peer->attendance;
    for (int track = 0; track < TRACK_NAME_COUNT; track++) {
        sender_end(&peer->senders[track]);
    }
    list_remove(&peer->link);
    list_remove(&peer->in_meeting);
    list_remove(&peer->at_desk);
    list_remove(&peer->by_id);
    list_remove(&peer->has_due);
    attendance->peer = NULL;
    pool_give(&app->peers, peer->handle);
    attendance_end(attendance);
}

void peer_due_changed(struct app *app, struct app_peer *peer)
{
    bool has_due = peer->answer_due != 0 || peer->orphan_due != TIME_US_NEVER;
    if (has_due && !list_has(&peer->has_due)) {
        list_add(&app->due_peers, &peer->has_due);
    } else if (!has_due) {
        list_remove(&peer->has_due);
    }
    app_wake_at(app, peer->orphan_due);
    app_wake_at(app, peer->answer_due != 0 ? peer->answer_due : TIME_US_NEVER);
}

struct app_peer *peer_of(const struct app_meeting *meeting, const char *participant)
{
    const struct app_attendance *attendance = attendance_of(meeting, participant);
    return attendance != NULL ? attendance->peer : NULL;
}

struct app_peer *peer_by_id(const struct app *app, link_peer id)
{
    for (struct list_link *at = peer_place(app, id)->first; at != NULL; at = at->next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, by_id);
        if (peer->id == id) {
            return peer;
        }
    }
    return NULL;
}

// ---- Doors

bool door_attend(struct app *app, struct app_door *door, const char *who)
{
    struct app_attendance *attendance = attendance_begin(door->meeting, who);
    if (attendance == NULL) {
        return false;
    }
    attendance->door_count++;
    door->attendance = attendance;
    door->who = attendance->participant;
    list_add(&attendance->doors, &door->of_person);
    list_add(&app->all_doors, &door->link);
    list_add(&door->meeting->doors, &door->in_meeting);
    return true;
}

void door_leave(struct app_door *door)
{
    struct app_attendance *attendance = door->attendance;
    list_remove(&door->of_person);
    list_remove(&door->link);
    list_remove(&door->in_meeting);
    attendance->door_count--;
    attendance_end(attendance);
}

// ---- Life

enum err attendance_init(struct app *app)
{
    uint32_t peers = app->config.lives_max * PEERS_PER_CONNECTION;
    uint32_t places = 1;
    while (places < peers) {
        places *= 2;
    }
    app->place_mask = places - 1;
    app->peer_places = calloc(places, sizeof(*app->peer_places));
    app->source_places = calloc(places, sizeof(*app->source_places));
    app->session_places = calloc(places, sizeof(*app->session_places));
    if (app->peer_places == NULL || app->source_places == NULL || app->session_places == NULL) {
        return ERR_FULL;
    }
    enum err err = pool_init(&app->connections, sizeof(struct app_connection),
                             app->config.lives_max);
    return err == ERR_NONE ? pool_init(&app->peers, sizeof(struct app_peer), peers) : err;
}

static void attendances_free(struct app_meeting *meeting)
{
    for (uint32_t i = 0; i < ATTENDANCE_PLACES; i++) {
        for (struct list_link *at = meeting->attendances[i].first, *next; at != NULL; at = next) {
            struct app_attendance *attendance = LIST_ITEM(at, struct app_attendance, link);
            next = at->next;
            free(attendance->audience);
            free(attendance);
        }
    }
}

void attendance_finish(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        attendances_free(app->meetings[i]);
    }
    pool_finish(&app->connections);
    pool_finish(&app->peers);
    free(app->peer_places);
    free(app->source_places);
    free(app->session_places);
}
