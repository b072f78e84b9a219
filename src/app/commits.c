// The store has acknowledged batches: each has its effects, in order, and everybody is told.
#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/part.h"
#include "base/log.h"
#include "store/journal.h"
#include "store/people.h"

#define HELD_EVENTS_MAX 32

// Committed events of one meeting that are to be told in one go.
struct held_events {
    const struct app_meeting *meeting;
    uint32_t count;
    struct event events[HELD_EVENTS_MAX];
};

static void end_removed(struct app *app, const struct outbox_batch *batch)
{
    for (uint32_t i = 0; i < batch->event_count; i++) {
        if (batch->events[i].type == EVENT_PARTICIPANT_REMOVED &&
            !batch->events[i].as.participant_removed.unlisted) {
            const char *participant = batch->events[i].as.participant_removed.participant;
            const struct app_leaver leaver = {
                .meeting = batch->meeting, .participant = participant, .reason = "removed"};
            parts_end(app, &leaver);
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

static void publish_held(struct app *app, struct held_events *held)
{
    if (held->count > 0) {
        app->ports.publish(app->ports.context, held->meeting->id, held->events, held->count);
        held->count = 0;
    }
}

// What is small waits for what comes behind it: of five hundred who come together, each is told of
// in a few messages and not in five hundred. What waits for nothing and has nothing before it is
// not copied.
static void publish(struct app *app, struct held_events *held, const struct outbox_batch *batch,
                    bool at_once)
{
    if (held->meeting != batch->meeting || held->count + batch->event_count > HELD_EVENTS_MAX) {
        publish_held(app, held);
    }
    held->meeting = batch->meeting;
    if (batch->event_count > HELD_EVENTS_MAX || (at_once && held->count == 0)) {
        app->ports.publish(app->ports.context, batch->meeting->id, batch->events,
                           batch->event_count);
        return;
    }
    memcpy(&held->events[held->count], batch->events, batch->event_count * sizeof(struct event));
    held->count += batch->event_count;
}

// Whether something is said to somebody that has to come behind the events.
static bool must_follow(const struct outbox_batch *batch)
{
    bool must = batch->has_answer;
    for (uint32_t i = 0; i < batch->event_count && !must; i++) {
        must = batch->events[i].type != EVENT_PRESENCE_CHANGED;
    }
    return must;
}

static void batch_committed(struct app *app, const struct outbox_batch *batch,
                            struct held_events *held)
{
    struct app_meeting *meeting = batch->meeting;
    bool follows = must_follow(batch);
    for (uint32_t i = 0; i < batch->event_count; i++) {
        meeting_apply(&meeting->told, &batch->events[i]);
    }
    meanwhile_committed(meeting);
    if (batch->event_count > 0) {
        parts_follow(app, meeting, batch->events, batch->event_count);
        publish(app, held, batch, follows);
    }
    if (!follows) {
        return;
    }
    publish_held(app, held);
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
    struct held_events held;
    held.meeting = NULL;
    held.count = 0;
    while ((batch = outbox_take_due(&app->outbox, ticket, now)) != NULL) {
        app->telling = true;
        batch_committed(app, batch, &held);
        app->telling = false;
        free(batch);
    }
    publish_held(app, &held);
    if (err == ERR_STORAGE) {
        storage_closed(app);
    }
    wishes_run(app);
    storage_follow(app);
    parts_store_news(app);
}
