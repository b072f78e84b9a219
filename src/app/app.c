#include "app/app.h"

#include <stdlib.h>

#include "app/app_priv.h"
#include "app/documents_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "app/visits.h"
#include "store/journal.h"

#define CLOSED_LOOK_US (100 * TIME_US_PER_MS) // at what is due, while nothing is written
#define LINK_PEERS_PER_MS_BITS \
    20 // ids of peers begin with the time, so that none is ever used twice
#define LINK_SOURCES_PER_S 256

// The order of the table is the order in which the parts hear news. Who is there comes before what
// is heard, what is heard before what the rules make of time, and the journal's feeds before what
// media is told to carry. Those who only tell come last.
static const struct app_part *const parts[] = {
    &sessions_part,      &access_part,    &live_part,
    &audience_part,      &stays_part,     &storage_part,
    &media_still_part,   &hearing_part,   &feed_hearing_part,
    &losses_part,        &timing_part,    &peer_sync_part,
    &door_sync_part,     &doors_part,     &door_feeds_part,
    &routes_part,        &processes_part, &media_part,
    &receivers_part,     &levels_part,    &limits_part,
    &health_part,        &quality_part,   &documents_part,
    &house_opening_part, &mailing_part,   NULL,
};

// ---- Deadlines ----

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
    parts_on_deadline(app);
    wishes_run(app);
    app_wake_at(app, parts_next_deadline(app));
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
    app->parts = parts;
    app->wake_at = now; // links and sessions that have expired
    app_clock(app, now, wall);
    outbox_init(&app->outbox);
    throttle_init(&app->throttle);
    security_log_init(&app->security, wall);
    app->link.gone_at = now;
    app->link.next_peer = (link_peer)wall << LINK_PEERS_PER_MS_BITS;
    app->link.next_source = (link_source)((uint64_t)wall / 1000 * LINK_SOURCES_PER_S);
    app->meetings = calloc(config->meetings_max, sizeof(struct app_meeting *));
    app->visits = calloc(1, sizeof(*app->visits));
    enum err err = app->meetings == NULL || app->visits == NULL ? ERR_FULL : attendance_init(app);
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
    media_forget_all_joins(app);
    attendance_finish(app);
    doors_finish(app);
    documents_finish_holds(app);
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        free(app->meetings[i]->meanwhile);
        free(app->meetings[i]);
    }
    free(app->meetings);
    free(app->visits);
    free(app->set_aside);
    free(app);
}

void app_stop(struct app *app, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    app->stopping = true;
    for (struct list_link *at = app->all_connections.first, *next; at != NULL; at = next) {
        const struct app_connection *connection = LIST_ITEM(at, struct app_connection, link);
        next = at->next;
        app->notice.type = NOTICE_SERVER_STOPPING;
        app->ports.notice(app->ports.context, connection->live, &app->notice);
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        parts_leaving(app, app->meetings[i]);
    }
    (void)!journal_flush(app->store); // app_committed() hears the same
    app_committed(app, now, wall);
}
