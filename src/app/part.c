#include "app/part.h"

#include "app/app_priv.h"

// The parts that have this function, one after the other, as `part`.
#define EACH_PART(app, function)                                                             \
    for (const struct app_part *const *at = (app)->parts, *part; (part = *at) != NULL; at++) \
        if (part->function != NULL)

void parts_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                  uint32_t count)
{
    EACH_PART(app, follow)
    {
        part->follow(app, meeting, events, count);
    }
}

static void part_on_deadline(struct app *app, const struct app_part *part)
{
    if (part->on_deadline != NULL) {
        part->on_deadline(app);
    }
    for (uint32_t i = 0; part->meeting_on_deadline != NULL && i < app->meeting_count; i++) {
        part->meeting_on_deadline(app, app->meetings[i]);
    }
}

void parts_on_deadline(struct app *app)
{
    for (const struct app_part *const *at = app->parts; *at != NULL; at++) {
        part_on_deadline(app, *at);
    }
}

static time_us part_next_deadline(const struct app *app, const struct app_part *part)
{
    time_us next = part->next_deadline != NULL ? part->next_deadline(app) : TIME_US_NEVER;
    for (uint32_t i = 0; part->meeting_next_deadline != NULL && i < app->meeting_count; i++) {
        const struct app_meeting *meeting = app->meetings[i];
        time_us due = app_time_of(app, meeting, part->meeting_next_deadline(app, meeting));
        next = due < next ? due : next;
    }
    return next;
}

time_us parts_next_deadline(const struct app *app)
{
    time_us next = TIME_US_NEVER;
    for (const struct app_part *const *at = app->parts; *at != NULL; at++) {
        time_us due = part_next_deadline(app, *at);
        next = due < next ? due : next;
    }
    return next;
}

bool parts_hold(const struct app *app, const struct app_meeting *meeting)
{
    EACH_PART(app, holds)
    {
        if (part->holds(app, meeting)) {
            return true;
        }
    }
    return false;
}

void parts_live_opened(struct app *app, app_live live)
{
    EACH_PART(app, live_opened)
    {
        part->live_opened(app, live);
    }
}

void parts_live_closing(struct app *app, app_live live, enum app_closing closing)
{
    EACH_PART(app, live_closing)
    {
        part->live_closing(app, live, closing);
    }
}

void parts_end(struct app *app, const struct app_leaver *leaver)
{
    EACH_PART(app, end)
    {
        part->end(app, leaver);
    }
}

void parts_link_syncing(struct app *app)
{
    EACH_PART(app, link_syncing)
    {
        part->link_syncing(app);
    }
}

void parts_link_ready(struct app *app)
{
    EACH_PART(app, link_ready)
    {
        part->link_ready(app);
    }
}

void parts_link_down(struct app *app)
{
    EACH_PART(app, link_down)
    {
        part->link_down(app);
    }
}

void parts_settle(struct app *app, struct app_meeting *meeting)
{
    EACH_PART(app, settle)
    {
        part->settle(app, meeting);
    }
}

void parts_leaving(struct app *app, struct app_meeting *meeting)
{
    EACH_PART(app, leaving)
    {
        part->leaving(app, meeting);
    }
}

void parts_store_news(struct app *app)
{
    EACH_PART(app, store_news)
    {
        part->store_news(app);
    }
}

void parts_store_undone(struct app *app)
{
    EACH_PART(app, store_undone)
    {
        part->store_undone(app);
    }
}
