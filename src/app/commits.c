// The store has acknowledged batches: each has its effects, in order, and everybody is told.
#include <stdlib.h>

#include "app/app_priv.h"
#include "app/part.h"
#include "base/log.h"
#include "store/journal.h"
#include "store/people.h"

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

static void batch_committed(struct app *app, const struct outbox_batch *batch)
{
    struct app_meeting *meeting = batch->meeting;
    for (uint32_t i = 0; i < batch->event_count; i++) {
        meeting_apply(&meeting->told, &batch->events[i]);
    }
    if (batch->event_count > 0) {
        parts_follow(app, meeting, batch->events, batch->event_count);
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
        app->telling = true;
        batch_committed(app, batch);
        app->telling = false;
        free(batch);
    }
    if (err == ERR_STORAGE) {
        storage_closed(app);
    }
    wishes_run(app);
    storage_follow(app);
    parts_store_news(app);
}
