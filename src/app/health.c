// What the people who run the meeting see of others' connections, and interpreters of their
// listeners: transient notices, only what changed, at most every 5 s and every second.
#include <string.h>

#include "app/app_priv.h"
#include "app/part.h"

#define LISTENERS_READERS (ABILITY_RUNS_CONSOLE | ABILITY_HAS_DESK)

static void wait_until(struct app *app, bool *dirty, time_us due)
{
    *dirty = true;
    app_wake_at(app, due > app->now ? due : app->now);
}

static bool health_equal(const struct connection_health *a, const struct connection_health *b)
{
    return a->round_trip_ms == b->round_trip_ms && a->jitter_ms == b->jitter_ms &&
           a->loss_up_permille == b->loss_up_permille &&
           a->loss_down_permille == b->loss_down_permille && a->blocked == b->blocked &&
           strcmp(a->microphone, b->microphone) == 0 && strcmp(a->earphones, b->earphones) == 0;
}

static void tell_if_changed(struct app *app, struct app_peer *peer,
                            const struct connection_health *health)
{
    if (peer->health_known && health_equal(health, &peer->health)) {
        return;
    }
    peer->health = *health;
    peer->health_known = true;
    peer->health_dirty = true;
    wait_until(app, &peer->meeting->health_dirty, peer->meeting->health_due);
}

void health_report(struct app *app, struct app_peer *peer, const struct link_message *message)
{
    struct connection_health health = peer->health;
    health.round_trip_ms = message->report.round_trip_us / 1000;
    health.jitter_ms = message->report.jitter_us / 1000;
    health.loss_up_permille = message->report.loss_up_permille;
    health.loss_down_permille = message->report.loss_down_permille;
    health.blocked = false; // something came through
    tell_if_changed(app, peer, &health);
}

// The asker's; NULL where they have none, which is answered.
static struct app_peer *peer_that_joined(struct app *app, app_live live, uint64_t request)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    struct app_peer *peer = peer_of(connection->meeting, connection->participant);
    if (peer == NULL) {
        app_refuse(app, live, request, REFUSAL_MEDIA_NOT_JOINED);
    }
    return peer;
}

void health_blocked(struct app *app, app_live live, uint64_t request, bool blocked)
{
    struct app_peer *peer = peer_that_joined(app, live, request);
    if (peer == NULL) {
        return;
    }
    struct connection_health health = peer->health;
    health.blocked = blocked;
    tell_if_changed(app, peer, &health);
    app_answer(app, live, request);
}

void health_devices(struct app *app, app_live live, uint64_t request,
                    const struct command_media_devices *devices)
{
    struct app_peer *peer = peer_that_joined(app, live, request);
    if (peer == NULL) {
        return;
    }
    struct connection_health health = peer->health;
    memcpy(health.microphone, devices->microphone, sizeof health.microphone);
    memcpy(health.earphones, devices->earphones, sizeof health.earphones);
    tell_if_changed(app, peer, &health);
    app_answer(app, live, request);
}

static void health_live_opened(struct app *app, app_live live)
{
    const struct app_connection *connection = pool_get(&app->connections, live);
    struct app_meeting *meeting = connection->meeting;
    if (capacity_can(connection->capacity, LISTENERS_READERS)) {
        meeting->listeners_told[0] = -1;
        health_listeners_changed(app, meeting);
    }
    if (!capacity_can(connection->capacity, ABILITY_RUNS_CONSOLE)) {
        return;
    }
    receivers_changed(app, meeting);
    for (struct list_link *at = meeting->peers.first; at != NULL; at = at->next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, in_meeting);
        if (peer->health_known) {
            peer->health_dirty = true;
            wait_until(app, &meeting->health_dirty, meeting->health_due);
        }
    }
}

// Of the audience nobody is named but who called; should one do so, theirs is told with the next.
static bool is_to_be_told(const struct app_meeting *meeting, const struct app_peer *peer)
{
    return peer->health_dirty &&
           (!audience_is(peer->health.participant) ||
            meeting_find_participant(&meeting->decided, peer->health.participant) != NULL);
}

// As many notices as it takes.
static void tell_health(struct app *app, struct app_meeting *meeting)
{
    struct notice_health_changed *changed = &app->notice.as.health_changed;
    struct list_link *at = meeting->peers.first;
    meeting->health_dirty = false;
    meeting->health_due = app->now + APP_HEALTH_EVERY_US;
    while (at != NULL) {
        app->notice.type = NOTICE_HEALTH_CHANGED;
        changed->health_count = 0;
        for (; at != NULL && changed->health_count < NOTICE_HEALTH_CHANGED_HEALTH_MAX;
             at = at->next) {
            struct app_peer *peer = LIST_ITEM(at, struct app_peer, in_meeting);
            if (is_to_be_told(meeting, peer)) {
                peer->health_dirty = false;
                changed->health[changed->health_count++] = peer->health;
            }
        }
        if (changed->health_count > 0) {
            live_notice_all(app, meeting, ABILITY_RUNS_CONSOLE);
        }
    }
}

static void tell_listeners(struct app *app, struct app_meeting *meeting)
{
    int64_t listeners[CHANNEL_ID_COUNT];
    memcpy(listeners, meeting->receivers_connected, sizeof(listeners));
    for (struct list_link *at = meeting->peers.first; at != NULL; at = at->next) {
        const struct app_peer *peer = LIST_ITEM(at, struct app_peer, in_meeting);
        if (peer->phase == LINK_PEER_CONNECTED) {
            listeners[peer->attendance->listen]++;
        }
    }
    meeting->listeners_dirty = false;
    if (memcmp(listeners, meeting->listeners_told, sizeof(listeners)) == 0 &&
        meeting->audience_told == meeting->audience_count) {
        return;
    }
    meeting->audience_told = meeting->audience_count;
    memcpy(meeting->listeners_told, listeners, sizeof(listeners));
    meeting->listeners_due = app->now + APP_LISTENERS_EVERY_US;
    struct notice_listeners_changed *changed = &app->notice.as.listeners_changed;
    app->notice.type = NOTICE_LISTENERS_CHANGED;
    changed->channels_count = CHANNEL_ID_COUNT;
    memcpy(changed->channels, listeners, sizeof(listeners));
    changed->audience = meeting->audience_count;
    changed->pages = app->connections.used;
    changed->pages_most = app->connections.capacity;
    live_notice_all(app, meeting, LISTENERS_READERS);
}

static void health_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        struct app_meeting *meeting = app->meetings[i];
        if (meeting->health_dirty && meeting->health_due <= app->now) {
            tell_health(app, meeting);
        }
        if (meeting->listeners_dirty && meeting->listeners_due <= app->now) {
            tell_listeners(app, meeting);
        }
    }
}

static time_us health_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        if (meeting->health_dirty && meeting->health_due < next) {
            next = meeting->health_due;
        }
        if (meeting->listeners_dirty && meeting->listeners_due < next) {
            next = meeting->listeners_due;
        }
    }
    return next;
}

const struct app_part health_part = {.live_opened = health_live_opened,
                                     .on_deadline = health_on_deadline,
                                     .next_deadline = health_next_deadline};
