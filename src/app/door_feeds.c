// What the journal must say of the feeds that are published at a door.
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/log.h"
#include "meeting/feed.h"

#define RETRY_US (10 * TIME_US_PER_MS) // until the journal has room again

static bool may_record(struct app *app, struct app_meeting *meeting)
{
    meeting->feeds_dirty = app->stopping || !meanwhile_may_decide(app, meeting);
    if (meeting->feeds_dirty) {
        app_wake_at(app, app->now + RETRY_US);
    }
    return !meeting->feeds_dirty;
}

static void end_unpublished(struct app *app, struct app_meeting *meeting)
{
    for (uint32_t i = meeting->decided.meeting.feeds_count; i-- > 0;) {
        const char *feed = meeting->decided.meeting.feeds[i].id;
        if (door_publishing(meeting, feed) == NULL && may_record(app, meeting)) {
            meeting_feed_end(&meeting->decided, feed, app_meeting_time(app, meeting), &app->events);
            meanwhile_record(app, meeting);
        }
    }
}

// False when the feed was ended by a command, so that its publisher has to go.
static bool record_publisher(struct app *app, struct app_door *door)
{
    struct app_meeting *meeting = door->meeting;
    const struct feed *feed = meeting_find_feed(&meeting->decided, door->name);
    if (feed == NULL && door->begun) {
        return false;
    }
    if (!may_record(app, meeting)) {
        return true;
    }
    if (feed == NULL) {
        struct refusal refusal = {0};
        const struct meeting_feed_wish wish = {.id = door->name, .participant = door->who};
        enum err err = meeting_feed_begin(&meeting->decided, &wish, app_meeting_time(app, meeting),
                                          &app->events, &refusal);
        if (err != ERR_NONE) {
            log_event(LOG_WARNING, "door.no_feed", LOG_TEXT("meeting", meeting->id),
                      LOG_TEXT("name", door->name),
                      LOG_TEXT("refusal", refusal_reason_name(refusal.reason)));
            return false;
        }
        meanwhile_record(app, meeting);
    }
    door->begun = true;
    feed = meeting_find_feed(&meeting->decided, door->name);
    bool sounds = feed != NULL && feed_hearing_sounds(app, door, feed);
    meeting_feed_delivers(&meeting->decided, door->name, sounds, door->delivers[TRACK_NAME_CAMERA],
                          app_meeting_time(app, meeting), &app->events);
    meanwhile_record(app, meeting);
    return true;
}

// Also a session that was to follow on: the feed was ended, and not this one's share in it.
static void end_published(struct app *app, struct app_meeting *meeting, const char *feed)
{
    char name[CONTRACT_ID_MAX + 1];
    memcpy(name, feed, sizeof(name));
    for (struct app_door *door = door_publishing(meeting, name); door != NULL;
         door = door_publishing(meeting, name)) {
        door_close(app, door);
    }
}

void door_follow(struct app *app, struct app_meeting *meeting)
{
    if (app->link.phase != APP_LINK_READY) {
        return; // after LINK_SYNC it is known who publishes
    }
    end_unpublished(app, meeting);
    for (uint32_t i = 0; i < meeting->publisher_count;) {
        struct app_door *door = meeting->publishers[i];
        bool publishes = door_publishing(meeting, door->name) == door;
        if (publishes && !record_publisher(app, door)) {
            end_published(app, meeting, door->name);
        } else {
            i++;
        }
    }
}

// Events were undone: what the journal has of feeds is looked up anew.
static void feeds_undone(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        for (uint32_t k = 0; k < meeting->publisher_count; k++) {
            struct app_door *door = meeting->publishers[k];
            door->begun = door->begun && meeting_find_feed(&meeting->decided, door->name) != NULL;
        }
    }
}

static void feeds_run(struct app *app, const struct app_wish *wish)
{
    door_follow(app, wish->meeting);
}

void door_follow_later(struct app *app, struct app_meeting *meeting)
{
    const struct app_wish wish = {.run = feeds_run, .meeting = meeting};
    bool concerned = meeting->publisher_count > 0 || meeting->decided.meeting.feeds_count > 0;
    if (concerned && !wish_post(app, &wish)) {
        meeting->feeds_dirty = true;
    }
}

// ---- As a part

static void feeds_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                         uint32_t count)
{
    (void)events, (void)count;
    door_follow_later(app, meeting); // a feed may have been ended
}

static void feeds_ready(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        door_follow(app, app->meetings[i]);
    }
}

static void feeds_on_deadline(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (app->meetings[i]->feeds_dirty) {
            app->meetings[i]->feeds_dirty = false; // after LINK_SYNC all are looked at anyway
            door_follow(app, app->meetings[i]);
        }
    }
}

static time_us feeds_next_deadline(const struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (app->meetings[i]->feeds_dirty) {
            return app->now + RETRY_US;
        }
    }
    return TIME_US_NEVER;
}

const struct app_part door_feeds_part = {.follow = feeds_follow,
                                         .link_ready = feeds_ready,
                                         .settle = door_follow,
                                         .store_undone = feeds_undone,
                                         .on_deadline = feeds_on_deadline,
                                         .next_deadline = feeds_next_deadline};
