// What comes by time alone: the meeting's own deadlines, and who is away.
#include "meeting/timing.h"
#include "app/app_priv.h"
#include "app/part.h"

static void timing_on_deadline(struct app *app, struct app_meeting *meeting)
{
    while (meeting_timing_deadline(&meeting->decided) <= app_meeting_time(app, meeting) &&
           losses_hold(app, meeting) == TIME_US_NEVER && outbox_has_room(&app->outbox)) {
        meeting_timing_on_deadline(&meeting->decided, app_meeting_time(app, meeting), &app->events);
        app_record(app, meeting, NULL);
    }
}

static void presence_on_deadline(struct app *app, struct app_meeting *meeting)
{
    while (meeting_next_deadline(&meeting->presence) <= app_meeting_time(app, meeting) &&
           outbox_has_room(&app->outbox)) {
        meeting_on_deadline(&meeting->presence, &meeting->decided, app_meeting_time(app, meeting),
                            &app->events);
        app_record(app, meeting, NULL);
    }
}

static void timing_look(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        presence_on_deadline(app, app->meetings[i]);
        timing_on_deadline(app, app->meetings[i]);
    }
}

static time_us timing_next(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        time_us due = app_time_of(app, meeting, meeting_next_deadline(&meeting->presence));
        next = due < next ? due : next;
        due = losses_hold(app, meeting);
        if (due == TIME_US_NEVER) {
            due = app_time_of(app, meeting, meeting_timing_deadline(&meeting->decided));
        }
        next = due < next ? due : next;
    }
    return next;
}

const struct app_part timing_part = {.on_deadline = timing_look, .next_deadline = timing_next};
