// Media stands still for a moment, on a machine with more to do or a disk that is late, and is not
// replaced: whoever it does not hear meanwhile may be speaking. Nobody is judged until it has had a
// moment to read what has come, and the whole time counts against nobody: each patience that runs
// goes on where it was. That is no new beginning, so that a machine that halts again and again
// cannot put off for ever what is due.
#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"

// Once it turns again: to read what has come meanwhile, and to say what of it is heard.
#define RESUME_US (300 * TIME_US_PER_MS)

void app_media_still(struct app *app, time_us since, time_us now, time_ms wall)
{
    app_clock(app, now, wall);
    if (since != 0) {
        app->link.still_since = app->link.still_since != 0 ? app->link.still_since : since;
        app->link.still_until = TIME_US_NEVER;
    } else if (app->link.still_since != 0) {
        app->link.still_until = now + RESUME_US;
        app_wake_at(app, app->link.still_until);
    }
}

// Since then, in time that media could hear in.
static void move(time_ms *at, time_ms now, time_ms passed)
{
    if (*at != 0) {
        *at = *at + passed < now ? *at + passed : now;
    }
}

static void move_peers(struct app *app, time_ms passed)
{
    for (struct list_link *at = app->all_peers.first; at != NULL; at = at->next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, link);
        time_ms now = app_meeting_time(app, peer->meeting);
        if (peer->quiet_since != 0) { // one who was heard is awaited no more
            move(&peer->awaited_at, now, passed);
        }
        move(&peer->open_at, now, passed);
        move(&peer->connected_at, now, passed);
        move(&peer->silent_since, now, passed);
        move(&peer->quiet_since, now, passed);
    }
    for (struct list_link *at = app->all_connections.first; at != NULL; at = at->next) {
        struct app_connection *connection = LIST_ITEM(at, struct app_connection, link);
        move(&connection->media_gone_at, app_meeting_time(app, connection->meeting), passed);
    }
}

static void move_feeds(struct app *app, time_ms passed)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        time_ms now = app_meeting_time(app, meeting);
        for (uint32_t j = 0; j < meeting->publisher_count; j++) {
            move(&meeting->publishers[j]->silent_since, now, passed);
            move(&meeting->publishers[j]->quiet_since, now, passed);
        }
    }
}

// The time in which media stood still counts against nobody: whatever runs goes on where it was.
static void still_on_deadline(struct app *app)
{
    if (app->link.still_since != 0 && app->link.still_until <= app->now) {
        time_ms passed = (app->now - app->link.still_since) / TIME_US_PER_MS;
        app->link.still_since = 0;
        move_peers(app, passed);
        move_feeds(app, passed);
    }
}

static time_us still_next_deadline(const struct app *app)
{
    return app->link.still_since != 0 ? app->link.still_until : TIME_US_NEVER;
}

const struct app_part media_still_part = {.on_deadline = still_on_deadline,
                                          .next_deadline = still_next_deadline};
