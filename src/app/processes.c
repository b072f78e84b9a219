// How the server's own processes fare, as people are told: to everybody that nobody is heard, to
// those who run the meeting what was replaced.
#include "app/app_priv.h"
#include "app/part.h"

static void tell_interruption(struct app *app, app_live live, bool over, time_ms since)
{
    app->notice.type = NOTICE_SOUND_INTERRUPTED;
    app->notice.as.sound_interrupted.over = over;
    app->notice.as.sound_interrupted.since = since;
    app->ports.notice(app->ports.context, live, &app->notice);
}

static void follow(struct app *app)
{
    // A link that breaks interrupts nothing by itself; but what was interrupted goes on only when
    // media knows again what it is to do.
    bool before = app->interrupted_since != 0;
    bool interrupted = app->media_silent || (before && app->link.phase != APP_LINK_READY);
    if (interrupted == before) {
        return;
    }
    time_ms since = interrupted ? app->wall : app->interrupted_since;
    app->interrupted_since = interrupted ? app->wall : 0;
    for (struct list_link *at = app->all_connections.first, *next; at != NULL; at = next) {
        const struct app_connection *connection = LIST_ITEM(at, struct app_connection, link);
        next = at->next;
        // Who has not heard hello yet is told afterwards.
        if (!connection->tell_processes) {
            tell_interruption(app, connection->live, !interrupted, since);
        }
    }
}

void app_media_silent(struct app *app, bool silent, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    app->media_silent = silent;
    follow(app);
}

void app_processes_replaced(struct app *app, const struct notice_processes_changed *replaced)
{
    app->processes = *replaced;
    app->notice.type = NOTICE_PROCESSES_CHANGED;
    app->notice.as.processes_changed = *replaced;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        live_notice_all(app, app->meetings[i], ABILITY_RUNS_CONSOLE);
    }
}

static void processes_live_opened(struct app *app, app_live live)
{
    struct app_connection *connection = pool_get(&app->connections, live);
    connection->tell_processes = true;
    connection_tell_later(app, connection);
}

static void processes_on_deadline(struct app *app)
{
    for (struct list_link *at = app->newcomers.first, *next; at != NULL; at = next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, newcomer);
        next = at->next;
        const app_live live = connection->live;
        if (!connection->tell_processes) {
            continue;
        }
        connection->tell_processes = false;
        connection_told(connection);
        if (app->processes.replaced_count > 0 &&
            capacity_can(connection->capacity, ABILITY_RUNS_CONSOLE)) {
            app->notice.type = NOTICE_PROCESSES_CHANGED;
            app->notice.as.processes_changed = app->processes;
            app->ports.notice(app->ports.context, live, &app->notice);
        }
        if (app->interrupted_since != 0) {
            tell_interruption(app, live, false, app->interrupted_since);
        }
    }
}

const struct app_part processes_part = {.live_opened = processes_live_opened,
                                        .link_ready = follow,
                                        .on_deadline = processes_on_deadline};
