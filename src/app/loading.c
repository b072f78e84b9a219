#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/replay.h"
#include "base/log.h"
#include "base/text.h"

#define CHANNELS_PER_MEETING 16
_Static_assert(ROUTE_BOOTH_AR < CHANNELS_PER_MEETING &&
                   ROUTE_COUNT - ROUTE_BOOTH_AR < CHANNELS_PER_MEETING,
               "every route has its channel");

// ---- One meeting

// The same after every restart, so that what media has been told stays true: FNV-1a of the id.
static link_channel channel_base(const struct app *app, const char *id)
{
    uint32_t hash = UINT32_C(2166136261);
    for (const char *at = id; *at != '\0'; at++) {
        hash = (hash ^ (uint8_t)*at) * UINT32_C(16777619);
    }
    link_channel base = hash - hash % CHANNELS_PER_MEETING;
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (((app->meetings[i]->channel_base ^ base) & ~APP_CHANNEL_BOOTHS) == 0) {
            base += CHANNELS_PER_MEETING;
            i = UINT32_MAX; // look again from the first
        }
    }
    return base;
}

// Where the meeting's clock is kept: its place, or a free one; NULL when there is none.
static struct app_clock_place *clock_place(const struct app *app, const char *id)
{
    struct app_clock_place *place = NULL;
    for (uint32_t i = 0; i < app->config.clocks_count; i++) {
        struct app_clock_place *one = &app->config.clocks[i];
        if (text_equal(one->meeting, id)) {
            return one;
        }
        if (place == NULL && one->meeting[0] == '\0') {
            place = one;
        }
    }
    return place;
}

// Where the journal ends, or where the clock of the process before had come to.
static void meeting_begin_clock(const struct app *app, struct app_meeting *meeting)
{
    struct app_clock_place *place = meeting->place;
    if (place != NULL && place->meeting[0] != '\0') {
        clock_continue(&meeting->clock, app->now, place->offset_us, meeting->decided.at);
    } else {
        clock_begin(&meeting->clock, app->now, app->wall, meeting->decided.at);
    }
    time_ms behind = clock_behind(&meeting->clock, app->now, app->wall);
    if (behind < -CLOCK_JUMP_MS || behind > CLOCK_JUMP_MS) {
        log_event(LOG_WARNING, "meeting.clock_differs", LOG_TEXT("meeting", meeting->id),
                  LOG_INT("behind_ms", behind));
    }
    if (place != NULL) {
        text_copy_cut(place->meeting, sizeof(place->meeting), meeting->id);
        place->offset_us = meeting->clock.offset_us;
    }
}

static void meeting_init(const struct app *app, struct app_meeting *meeting, const char *id)
{
    text_copy_cut(meeting->id, sizeof(meeting->id), id);
    meeting->decided = meeting->told;
    meeting_presence_init(&meeting->presence);
    clock_begin(&meeting->clock, app->now, app->wall, 0);
    meeting->place = clock_place(app, id);
    meeting->channel_base = channel_base(app, id);
    for (int route = 0; route < ROUTE_COUNT; route++) {
        meeting->routes_told[route] = APP_SOURCE_UNKNOWN;
        meeting->delays_told[route] = APP_DELAY_UNKNOWN;
    }
}

static void meeting_begin(struct app *app, struct app_meeting *meeting, const char *id)
{
    meeting_init(app, meeting, id);
    app->meetings[app->meeting_count++] = meeting;
    meeting_begin_clock(app, meeting);
    meeting_presence_restart(&meeting->presence, &meeting->decided, app_meeting_time(app, meeting));
    app_wake_at(app, app_time_of(app, meeting, meeting_next_deadline(&meeting->presence)));
    log_event(LOG_INFO, "meeting.loaded", LOG_TEXT("meeting", id),
              LOG_INT("events", meeting->told.seq));
}

static enum err set_aside(struct app *app, const char *id)
{
    size_t size = (app->set_aside_count + 1) * sizeof(app->set_aside[0]);
    char(*longer)[CONTRACT_ID_MAX + 1] = realloc(app->set_aside, size);
    log_event(LOG_ERROR, "meeting.set_aside", LOG_TEXT("meeting", id));
    if (longer == NULL) {
        return ERR_FULL;
    }
    app->set_aside = longer;
    text_copy_cut(longer[app->set_aside_count++], sizeof(longer[0]), id);
    return ERR_NONE;
}

static enum err load_meeting(struct app *app, const char *id)
{
    struct app_meeting *meeting = calloc(1, sizeof(*meeting));
    enum err err = meeting != NULL ? replay_meeting(app->store, id, &meeting->told) : ERR_FULL;
    if (err == ERR_NONE && app->meeting_count == app->config.meetings_max) {
        log_event(LOG_ERROR, "meeting.no_room", LOG_TEXT("meeting", id),
                  LOG_INT("meetings_max", app->config.meetings_max));
        err = ERR_FULL;
    }
    if (err == ERR_NONE) {
        meeting_begin(app, meeting, id);
        return ERR_NONE;
    }
    free(meeting);
    return err == ERR_SET_ASIDE || err == ERR_NOT_FOUND ? set_aside(app, id) : err;
}

// ---- All

struct meeting_names {
    enum err err;
    uint32_t count;
    char **names; // owned; the store's, of any length
};

static bool note_meeting(void *context, const char *meeting, uint64_t last_seq)
{
    struct meeting_names *list = context;
    (void)last_seq;
    char **longer = realloc(list->names, (list->count + 1) * sizeof(char *));
    if (longer != NULL) {
        list->names = longer;
        longer[list->count] = strdup(meeting);
    }
    bool noted = longer != NULL && longer[list->count] != NULL;
    list->count += noted ? 1 : 0;
    list->err = noted ? ERR_NONE : ERR_FULL;
    return noted;
}

enum err loading_all(struct app *app)
{
    struct meeting_names list = {0};
    enum err err = journal_meetings(app->store, note_meeting, &list);
    err = err == ERR_NONE ? list.err : err;
    for (uint32_t i = 0; i < list.count; i++) {
        err = err == ERR_NONE ? load_meeting(app, list.names[i]) : err;
        free(list.names[i]);
    }
    free(list.names);
    return err;
}

enum err loading_missing(const struct app *app, const char *meeting, enum err otherwise)
{
    for (uint32_t i = 0; i < app->set_aside_count; i++) {
        if (text_equal(app->set_aside[i], meeting)) {
            return ERR_SET_ASIDE;
        }
    }
    return otherwise;
}
