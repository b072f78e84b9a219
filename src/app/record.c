// From a decision to the journal and the outbox; and back, when the journal takes nothing.
#include <stdlib.h>

#include "app/app_priv.h"
#include "base/assert.h"
#include "base/log.h"
#include "store/journal.h"

void app_store_failed(const struct app *app, enum err err)
{
    log_event(LOG_ERROR, "store.failed", LOG_TEXT("error", err_slug(err)),
              LOG_TEXT("detail", store_failure(app->store)));
    abort();
}

void app_undo(struct app_meeting *meeting)
{
    if (meeting->decided.seq != meeting->told.seq) {
        meeting_state_copy(&meeting->decided, &meeting->told);
        meanwhile_restore(meeting);
    }
}

// What was decided is on its way to the journal, whole or not at all.
static bool post(struct app *app, struct app_meeting *meeting, const struct event *events,
                 uint32_t count, const struct outbox_answer *answer)
{
    uint64_t ticket = 0;
    if (count > 0) {
        enum err err = journal_append(app->store, meeting->id, events, count, &ticket);
        if (err == ERR_STORAGE) {
            app->outbox.closed = true; // what waits is undone by app_committed()
            app_wake_at(app, app->now);
            return false;
        }
        if (err != ERR_NONE) {
            app_store_failed(app, err);
        }
        app_wake_at(app, app->now); // the rules may have a new deadline
    }
    enum err err = outbox_put(&app->outbox, meeting, ticket, events, count, answer, app->now);
    if (err != ERR_NONE) {
        app_store_failed(app, err); // journalled, and could not be told: only a replay helps
    }
    return true;
}

void app_record(struct app *app, struct app_meeting *meeting, const struct outbox_answer *answer)
{
    const struct event_list *events = &app->events;
    ASSERT(!app->telling);
    if (events->count == 0 && answer == NULL) {
        return;
    }
    if (events->count == 0 && outbox_is_empty(&app->outbox)) {
        app_answer_as(app, answer);
        return;
    }
    if (app->outbox.closed || !post(app, meeting, events->events, events->count, answer)) {
        app_undo(meeting);
        app_refuse_unwritten(app, answer);
    }
}

bool app_record_many(struct app *app, struct app_meeting *meeting, const struct event *events,
                     uint32_t count)
{
    ASSERT(!app->telling && count > 0);
    if (app->outbox.closed || !post(app, meeting, events, count, NULL)) {
        app_undo(meeting);
        return false;
    }
    return true;
}
