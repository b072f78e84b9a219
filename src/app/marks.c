// What those who watch over a meeting are to be told a little later: marks, which receivers.c and
// health.c read.
#include "app/app_priv.h"

void health_listeners_changed(struct app *app, struct app_meeting *meeting)
{
    meeting->listeners_dirty = true;
    app_wake_at(app, meeting->listeners_due > app->now ? meeting->listeners_due : app->now);
}

void receivers_changed(struct app *app, struct app_meeting *meeting)
{
    meeting->receivers_dirty = true;
    app_wake_at(app, meeting->receivers_due > app->now ? meeting->receivers_due : app->now);
    health_listeners_changed(app, meeting);
}
