// A store that takes nothing, or soon will: what could not be written is undone and refused in
// words, connections and media go on, and everything goes on by itself when there is room again.
#include <stdlib.h>

#include "app/app_priv.h"
#include "app/part.h"
#include "base/log.h"
#include "store/journal.h"

#define STATE_READERS (ABILITY_PRESIDES | ABILITY_RUNS_CONSOLE)

// ---- Closing

static void refuse_waiting(struct app *app)
{
    struct outbox_batch *batch;
    while ((batch = outbox_take(&app->outbox)) != NULL) {
        app_refuse_unwritten(app, batch->has_answer ? &batch->answer : NULL);
        free(batch);
    }
}

void storage_closed(struct app *app)
{
    bool news = !app->store_closed;
    app->store_closed = true;
    app->outbox.closed = true;
    if (news) {
        app->closings++;
        log_event(LOG_ERROR, "store.closed", LOG_TEXT("detail", store_failure(app->store)),
                  LOG_INT("free_bytes", store_health(app->store).free_bytes));
    }
    if (outbox_is_empty(&app->outbox) && !news) {
        return;
    }
    // The rules look again at what is on the disk.
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        meanwhile_closed(app->meetings[i]);
        app_undo(app->meetings[i]);
    }
    refuse_waiting(app);
    parts_store_undone(app);
}

// ---- Opening again

// Who came and went meanwhile.
static void catch_up_presence(struct app *app, struct app_meeting *meeting)
{
    meeting_presence_resume(&meeting->presence, &meeting->decided, app_meeting_time(app, meeting));
    for (struct list_link *at = meeting->connections.first, *next; at != NULL; at = next) {
        const struct app_connection *connection = LIST_ITEM(at, struct app_connection, in_meeting);
        next = at->next;
        app->events.count = 0;
        if (outbox_has_room(&app->outbox) &&
            meeting_connected(&meeting->presence, &meeting->decided, connection->participant,
                              app_meeting_time(app, meeting), &app->events) == ERR_NONE) {
            app_record(app, meeting, NULL);
        }
    }
}

static void reopened(struct app *app)
{
    app->store_closed = false;
    app->outbox.closed = false;
    log_event(LOG_INFO, "store.reopened",
              LOG_INT("free_bytes", store_health(app->store).free_bytes));
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        meanwhile_write(app, app->meetings[i]);
        catch_up_presence(app, app->meetings[i]);
        parts_settle(app, app->meetings[i]);
    }
    app_wake_at(app, app->now);
}

// ---- Telling

static void fill_notice(struct app *app, const struct store_health *health)
{
    struct notice_store_changed *changed = &app->notice.as.store_changed;
    app->notice.type = NOTICE_STORE_CHANGED;
    changed->state = app->store_closed ? STORE_STATE_CLOSED : health->state;
    changed->free_mib = (int64_t)(health->free_bytes >> 20);
}

// To one who has come while the store is not well.
static void storage_tell(struct app *app, struct app_connection *connection)
{
    const struct store_health health = store_health(app->store);
    if (!connection->tell_store) {
        return;
    }
    connection->tell_store = false;
    connection_told(connection);
    if (capacity_can(connection->capacity, STATE_READERS) && app->store_told != STORE_STATE_WELL) {
        fill_notice(app, &health);
        app->ports.notice(app->ports.context, connection->live, &app->notice);
    }
}

static void storage_on_deadline(struct app *app)
{
    for (struct list_link *at = app->newcomers.first, *next; at != NULL; at = next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, newcomer);
        next = at->next;
        storage_tell(app, connection);
    }
}

static void storage_live_opened(struct app *app, app_live live)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    connection->tell_store = app->store_told != STORE_STATE_WELL;
    if (connection->tell_store) {
        connection_tell_later(app, connection);
    }
}

static void tell_all(struct app *app, const struct store_health *health)
{
    static const enum log_level levels[STORE_STATE_COUNT] = {[STORE_STATE_WELL] = LOG_INFO,
                                                             [STORE_STATE_LOW] = LOG_WARNING,
                                                             [STORE_STATE_RESERVE] = LOG_ERROR,
                                                             [STORE_STATE_CLOSED] = LOG_ERROR};
    log_event(levels[app->store_told], "store.state",
              LOG_TEXT("state", store_state_text(app->store_told)),
              LOG_INT("free_bytes", health->free_bytes));
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        fill_notice(app, health);
        live_notice_all(app, app->meetings[i], STATE_READERS);
    }
}

void storage_follow(struct app *app)
{
    if (app->store_closed && !app->stopping && journal_reopen(app->store)) {
        reopened(app);
    }
    const struct store_health health = store_health(app->store);
    enum store_state state = app->store_closed ? STORE_STATE_CLOSED : health.state;
    if (state != app->store_told) {
        app->store_told = state;
        tell_all(app, &health);
    }
}

// ---- Asking

enum store_state app_store_state(const struct app *app, uint64_t *ret_free_bytes)
{
    *ret_free_bytes = store_health(app->store).free_bytes;
    return app->store_told;
}

static bool is_written(enum command_type type)
{
    return command_is_meeting(type) || type == COMMAND_DOCUMENT_ADD || type == COMMAND_MEDIA_LEAVE;
}

enum refusal_reason storage_permits(const struct app *app, enum command_type type)
{
    if (app->outbox.closed && is_written(type)) {
        return REFUSAL_STORE_CLOSED;
    }
    // What is open comes to its end; nothing new is begun.
    if (app->store_told == STORE_STATE_RESERVE && type == COMMAND_SITTING_OPEN) {
        return REFUSAL_DISK_FULL;
    }
    if (!app->outbox.closed && !outbox_has_room(&app->outbox)) {
        return REFUSAL_JOURNAL_TAKES_NOTHING;
    }
    return REFUSAL_NONE;
}

const struct app_part storage_part = {.live_opened = storage_live_opened,
                                      .on_deadline = storage_on_deadline};
