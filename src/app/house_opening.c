// A planned meeting is open from its first sitting on, whoever opens it.
#include "app/house_priv.h"
#include "app/part.h"
#include "base/log.h"

static enum err open_plan(struct app *app, const struct app_wish *wish)
{
    struct plan plan;
    enum err err = plan_get(app->store, wish->meeting->id, &plan);
    if (err == ERR_NOT_FOUND ||
        (err == ERR_NONE && plan.life != MEETING_LIFE_PLANNED &&
         plan.life != MEETING_LIFE_POSTPONED && plan.life != MEETING_LIFE_CLOSED)) {
        return ERR_NONE;
    }
    plan.life = MEETING_LIFE_OPEN;
    plan.changed_at = app->wall;
    const struct house_act act = {
        .at = app->wall, .by = "", .act = "meeting.opened", .meeting = plan.id, .subject = plan.id};
    return err == ERR_NONE ? plan_update(app->store, &plan, &act) : err;
}

static void run(struct app *app, const struct app_wish *wish)
{
    enum err err = open_plan(app, wish);
    if (err != ERR_NONE) { // the next sitting
        log_event(LOG_WARNING, "house.not_opened", LOG_TEXT("meeting", wish->meeting->id),
                  LOG_TEXT("error", err_slug(err)));
    }
}

static void opening_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                           uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (events[i].type == EVENT_SITTING_CHANGED &&
            events[i].as.sitting_changed.state == SITTING_STATE_OPEN) {
            const struct app_wish wish = {.run = run, .meeting = meeting};
            (void)!wish_post(app, &wish);
        }
    }
}

const struct app_part house_opening_part = {.follow = opening_follow};
