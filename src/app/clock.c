// One reading of both clocks, each meeting's own time, and when to wake up next.
#include "app/app_priv.h"
#include "base/log.h"
#include "meeting/timing.h"

#define APP_CLOCK_EVERY_US (100 * TIME_US_PER_MS)

// A meeting's clock follows the wall clock.
static void meeting_follow_clock(struct app *app, struct app_meeting *meeting)
{
    bool quiet = meeting_is_quiet(&meeting->decided);
    time_ms stepped = clock_follow(&meeting->clock, app->now, app->wall, quiet);
    meeting_presence_move(&meeting->presence, stepped);
    if (stepped > 0) {
        app->clock_steps++;
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
        app->clock_steps++;
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
