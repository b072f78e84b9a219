#include "app/app.h"

#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/documents_priv.h"
#include "app/door.h"
#include "app/levels.h"
#include "app/quality_priv.h"
#include "base/assert.h"
#include "base/log.h"
#include "base/text.h"
#include "meeting/timing.h"
#include "store/journal.h"
#include "store/people.h"

#define APP_CLOCK_EVERY_US     (100 * TIME_US_PER_MS)
#define PEERS_PER_CONNECTION   2 // some wait for their page to come back
#define PEOPLE_EXPIRE_EVERY_US (INT64_C(3600) * TIME_US_PER_S)
#define PEOPLE_EXPIRED_KEPT_MS (INT64_C(30) * 24 * 3600 * 1000)
#define CLOSED_LOOK_US         (100 * TIME_US_PER_MS) // at what is due, while nothing is written
#define LINK_PEERS_PER_MS_BITS \
    20 // ids of peers begin with the time, so that none is ever used twice
#define LINK_SOURCES_PER_S 256
// ---- Clocks ----

// A meeting's clock follows the wall clock.
static void meeting_follow_clock(struct app *app, struct app_meeting *meeting)
{
    bool quiet = meeting_is_quiet(&meeting->decided);
    time_ms stepped = clock_follow(&meeting->clock, app->now, app->wall, quiet);
    if (stepped != 0) {
        meeting_presence_move(&meeting->presence, stepped);
        log_event(LOG_WARNING, "meeting.clock_stepped", LOG_TEXT("meeting", meeting->id),
                  LOG_INT("ms", stepped));
    }
    if (meeting->place != NULL) {
        meeting->place->offset_us = meeting->clock.offset_us;
    }
}

void app_clock(struct app *app, time_us now, time_ms wall)
{
    app->now = now;
    app->wall = wall;
    time_us passed = now - app->ticked_at;
    time_ms jump = wall - app->ticked_wall - passed / TIME_US_PER_MS;
    bool jumped = jump > CLOCK_JUMP_MS || jump < -CLOCK_JUMP_MS;
    if (passed < APP_CLOCK_EVERY_US && !jumped) {
        return;
    }
    if (jumped && app->ticked_at != 0) {
        log_event(LOG_WARNING, "clock.jumped", LOG_INT("ms", jump));
        app_wake_at(app, now); // dates have come, or are ahead again
    }
    app->ticked_at = now;
    app->ticked_wall = wall;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        meeting_follow_clock(app, app->meetings[i]);
    }
}

void app_tick(struct app *app, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
}

void app_date(struct app *app, time_ms wall)
{
    app->wall = wall;
}

time_ms app_meeting_time(const struct app *app, const struct app_meeting *meeting)
{
    return clock_at(&meeting->clock, app->now);
}

time_ms app_time(const struct app *app, const char *meeting)
{
    const struct app_meeting *found = app_find_meeting(app, meeting);
    return found != NULL ? app_meeting_time(app, found) : app->wall;
}

void app_wake_at(struct app *app, time_us at)
{
    if (at < app->wake_at) {
        app->wake_at = at;
    }
}

time_us app_time_of(const struct app *app, const struct app_meeting *meeting, time_ms at)
{
    return clock_when(&meeting->clock, app->now, at);
}

// ---- Meetings ----

struct app_meeting *app_find_meeting(const struct app *app, const char *id)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (text_equal(app->meetings[i]->id, id)) {
            return app->meetings[i];
        }
    }
    return NULL;
}

const struct meeting *app_meeting(const struct app *app, const char *meeting, uint64_t *ret_seq)
{
    const struct app_meeting *found = app_find_meeting(app, meeting);
    if (found == NULL || found->told.seq == 0) {
        return NULL;
    }
    *ret_seq = found->told.seq;
    return &found->told.meeting;
}

// ---- The journal ----

void app_store_failed(const struct app *app, enum err err)
{
    log_event(LOG_ERROR, "store.failed", LOG_TEXT("error", err_slug(err)),
              LOG_TEXT("detail", store_failure(app->store)));
    abort();
}

void app_record(struct app *app, struct app_meeting *meeting, const struct outbox_answer *answer)
{
    const struct event_list *events = &app->events;
    uint64_t ticket = 0;
    if (events->count == 0 && answer == NULL) {
        return;
    }
    if (events->count == 0 && outbox_is_empty(&app->outbox)) {
        app_answer_as(app, answer);
        return;
    }
    if (app->outbox.closed) {
        storage_undo(meeting);
        storage_refuse(app, answer);
        return;
    }
    if (events->count > 0) {
        enum err err = journal_append(app->store, meeting->id, events->events, events->count,
                                      &ticket);
        if (err == ERR_STORAGE) {
            app->outbox.closed = true; // what waits is undone by app_committed()
            app_wake_at(app, app->now);
            storage_undo(meeting);
            storage_refuse(app, answer);
            return;
        }
        if (err != ERR_NONE) {
            app_store_failed(app, err);
        }
        app_wake_at(app, app->now); // the rules may have a new deadline
    }
    enum err err = outbox_put(&app->outbox, meeting, ticket, events->events, events->count, answer,
                              app->now);
    if (err != ERR_NONE) {
        app_store_failed(app, err); // journalled, and could not be told: only a replay helps
    }
}

static void end_removed(struct app *app, const struct outbox_batch *batch)
{
    for (uint32_t i = 0; i < batch->event_count; i++) {
        if (batch->events[i].type == EVENT_PARTICIPANT_REMOVED) {
            const char *participant = batch->events[i].as.participant_removed.participant;
            live_end_participant(app, batch->meeting, participant, "removed");
            media_end_participant(app, batch->meeting, participant);
            doors_end_participant(app, batch->meeting, participant);
            enum err err = token_revoke_participant(app->store, batch->meeting->id, participant);
            if (err == ERR_NONE) {
                err = session_revoke_participant(app->store, batch->meeting->id, participant);
            }
            if (err != ERR_NONE) { // they open nothing any more: app_identify() asks the meeting
                log_event(LOG_WARNING, "people.not_revoked", LOG_TEXT("participant", participant),
                          LOG_TEXT("error", err_slug(err)));
            }
        }
    }
}

// What ends an item or a sitting; NULL for all else.
static const char *what_ends(const struct event *event)
{
    if (event->type == EVENT_ITEM_STARTED) {
        return "item"; // the one before
    }
    return event->type == EVENT_SITTING_CHANGED &&
                   event->as.sitting_changed.state == SITTING_STATE_CLOSED
               ? "sitting"
               : NULL;
}

static void tell_heads(struct app *app, const struct outbox_batch *batch)
{
    for (uint32_t i = 0; i < batch->event_count && app->ports.head_due != NULL; i++) {
        const char *why = what_ends(&batch->events[i]);
        if (why != NULL) {
            app->ports.head_due(app->ports.link_context, batch->meeting->id, why);
        }
    }
}

void app_batch_committed(struct app *app, const struct outbox_batch *batch)
{
    struct app_meeting *meeting = batch->meeting;
    for (uint32_t i = 0; i < batch->event_count; i++) {
        meeting_apply(&meeting->told, &batch->events[i]);
    }
    if (batch->event_count > 0) {
        media_follow_events(app, meeting, batch->events, batch->event_count);
        app->ports.publish(app->ports.context, meeting->id, batch->events, batch->event_count);
    }
    if (batch->has_answer) {
        const struct outbox_answer *answer = &batch->answer;
        app_answer_as(app, answer);
    }
    tell_heads(app, batch);
    end_removed(app, batch);
}

void app_committed(struct app *app, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    uint64_t ticket = 0;
    enum err err = journal_committed(app->store, &ticket);
    if (err != ERR_NONE && err != ERR_STORAGE) {
        app_store_failed(app, err);
    }
    struct outbox_batch *batch;
    while ((batch = outbox_take_due(&app->outbox, ticket, now)) != NULL) {
        app_batch_committed(app, batch);
        free(batch);
    }
    if (err == ERR_STORAGE) {
        storage_closed(app);
    }
    storage_follow(app);
    documents_settle(app);
}

// ---- Deadlines ----

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

// Expired links and sessions are kept for a while, so that their bearers hear "expired" and not
// "unknown".
static void expire_people(struct app *app)
{
    if (app->expire_due > app->now) {
        return;
    }
    app->expire_due = app->now + PEOPLE_EXPIRE_EVERY_US;
    uint32_t count = 0;
    enum err err = people_expire(app->store, app->wall - PEOPLE_EXPIRED_KEPT_MS, &count);
    if (err != ERR_NONE) { // the next time
        log_event(LOG_WARNING, "people.not_expired", LOG_TEXT("error", err_slug(err)));
    }
    if (count > 0) {
        log_event(LOG_INFO, "people.expired", LOG_INT("rows", count));
    }
}

time_us app_next_deadline(const struct app *app)
{
    return app->wake_at;
}

void app_on_deadline(struct app *app, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    if (app->wake_at > now) {
        return;
    }
    app->wake_at = TIME_US_NEVER;
    expire_people(app);
    live_on_deadline(app);
    processes_on_deadline(app);
    peers_on_deadline(app);
    media_joins_on_deadline(app);
    doors_on_deadline(app);
    receivers_on_deadline(app);
    levels_on_deadline(app);
    health_on_deadline(app);
    quality_on_deadline(app);
    documents_on_deadline(app);
    app_wake_at(app, app->expire_due);
    app_wake_at(app, live_next_deadline(app));
    app_wake_at(app, peers_next_deadline(app));
    app_wake_at(app, media_joins_next_deadline(app));
    app_wake_at(app, health_next_deadline(app));
    app_wake_at(app, quality_next_deadline(app));
    app_wake_at(app, documents_next_deadline(app));
    app_wake_at(app, doors_next_deadline(app));
    app_wake_at(app, receivers_next_deadline(app));
    app_wake_at(app, levels_next_deadline(app));
    // What is still due waits for room in the outbox.
    if (app->wake_at <= now) {
        app->wake_at = now + (app->outbox.closed ? CLOSED_LOOK_US : TIME_US_PER_MS);
    }
}

// ---- Life ----

enum err app_create(const struct app_config *config, const struct app_ports *ports,
                    struct store *store, time_us now, time_ms wall, struct app **ret_app)
{
    *ret_app = NULL;
    struct app *app = calloc(1, sizeof(*app));
    if (app == NULL) {
        return ERR_FULL;
    }
    app->config = *config;
    app->ports = *ports;
    app->store = store;
    app->wake_at = now; // people_expire
    app_clock(app, now, wall);
    outbox_init(&app->outbox);
    throttle_init(&app->throttle);
    security_log_init(&app->security, wall);
    app->link.next_peer = (link_peer)wall << LINK_PEERS_PER_MS_BITS;
    app->link.next_source = (link_source)((uint64_t)wall / 1000 * LINK_SOURCES_PER_S);
    app->meetings = calloc(config->meetings_max, sizeof(struct app_meeting *));
    enum err err = app->meetings == NULL
                       ? ERR_FULL
                       : pool_init(&app->connections, sizeof(struct app_connection),
                                   config->lives_max);
    if (err == ERR_NONE) {
        err = pool_init(&app->peers, sizeof(struct app_peer),
                        config->lives_max * PEERS_PER_CONNECTION);
    }
    if (err == ERR_NONE) {
        err = doors_init(app);
    }
    if (err == ERR_NONE) {
        err = device_key_load(app);
    }
    if (err == ERR_NONE) {
        err = loading_all(app);
    }
    if (err == ERR_NONE) {
        err = documents_tidy(app);
    }
    if (err != ERR_NONE) {
        app_destroy(app);
        return err;
    }
    *ret_app = app;
    return ERR_NONE;
}

void app_destroy(struct app *app)
{
    if (app == NULL) {
        return;
    }
    outbox_finish(&app->outbox);
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        struct app_connection *connection = pool_at(&app->connections, i, &live);
        if (connection != NULL) {
            media_forget_join(app, connection);
        }
    }
    pool_finish(&app->connections);
    pool_finish(&app->peers);
    doors_finish(app);
    documents_finish_holds(app);
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        free(app->meetings[i]);
    }
    free(app->meetings);
    free(app->set_aside);
    free(app);
}

void app_stop(struct app *app, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    app->stopping = true;
    for (uint32_t i = 0; i < app->connections.capacity; i++) {
        app_live live;
        if (pool_at(&app->connections, i, &live) != NULL) {
            app->notice.type = NOTICE_SERVER_STOPPING;
            app->ports.notice(app->ports.context, live, &app->notice);
        }
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        quality_flush(app, app->meetings[i]);
    }
    (void)!journal_flush(app->store); // app_committed() hears the same
    app_committed(app, now, wall);
}
