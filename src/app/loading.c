#include <stdlib.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/glance.h"
#include "app/part.h"
#include "app/replay.h"
#include "base/log.h"
#include "base/text.h"
#include "meeting/timing.h"
#include "store/glances.h"
#include "store/journal.h"

#define CHANNELS_PER_MEETING 16
#define UNUSED_US            (300 * TIME_US_PER_S) // since somebody came, before a meeting may leave
_Static_assert(ROUTE_BOOTH_AR < CHANNELS_PER_MEETING &&
                   ROUTE_COUNT - ROUTE_BOOTH_AR < CHANNELS_PER_MEETING,
               "every route has its channel");

// ---- One meeting

// The same after every restart, so that what media has been told stays true.
static link_channel channel_base(const struct app *app, const char *id)
{
    uint32_t hash = text_hash(id);
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
    meeting_state_copy(&meeting->decided, &meeting->told);
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
    meeting->used_at = app->now - UNUSED_US; // nobody has come yet
    meeting->asked_at = app->now;
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

// There is place for it.
static enum err load_meeting(struct app *app, const char *id)
{
    struct app_meeting *meeting = calloc(1, sizeof(*meeting));
    enum err err = meeting != NULL ? replay_meeting(app->store, id, &meeting->told) : ERR_FULL;
    if (err == ERR_NONE) {
        meeting_begin(app, meeting, id);
        return ERR_NONE;
    }
    free(meeting);
    return err == ERR_SET_ASIDE || err == ERR_NOT_FOUND ? set_aside(app, id) : err;
}

// ---- Leaving memory

static bool is_visited(const struct app_meeting *meeting)
{
    return meeting->connections.first != NULL || meeting->peers.first != NULL ||
           meeting->doors.first != NULL;
}

// Nothing is due, nothing is on its way to the disk, and nobody is there.
static bool may_leave(const struct app *app, const struct app_meeting *meeting)
{
    return app->now - meeting->used_at >= UNUSED_US &&
           meeting_next_deadline(&meeting->presence) == PRESENCE_NEVER &&
           meeting_timing_deadline(&meeting->decided) == PRESENCE_NEVER &&
           meeting->decided.seq == meeting->told.seq && !meeting->feeds_dirty &&
           !outbox_concerns(&app->outbox, meeting) && !parts_hold(app, meeting) &&
           !wishes_concern(app, meeting) && !is_visited(meeting);
}

static void unload(struct app *app, uint32_t position)
{
    struct app_meeting *meeting = app->meetings[position];
    parts_leaving(app, meeting);
    glance_keep(app, &meeting->told);
    if (meeting->place != NULL) {
        meeting->place->meeting[0] = '\0';
    }
    log_event(LOG_INFO, "meeting.unloaded", LOG_TEXT("meeting", meeting->id));
    app->meeting_count--;
    memmove(&app->meetings[position], &app->meetings[position + 1],
            (app->meeting_count - position) * sizeof(app->meetings[0]));
    free(meeting->meanwhile);
    free(meeting);
}

// The one that was asked for longest ago leaves, when all places are taken.
static enum err make_place(struct app *app)
{
    uint32_t oldest = app->meeting_count;
    if (app->meeting_count < app->config.meetings_max) {
        return ERR_NONE;
    }
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        if (may_leave(app, app->meetings[i]) &&
            (oldest == app->meeting_count ||
             app->meetings[i]->asked_at <= app->meetings[oldest]->asked_at)) {
            oldest = i;
        }
    }
    if (oldest == app->meeting_count) {
        return ERR_FULL;
    }
    unload(app, oldest);
    return ERR_NONE;
}

// ---- When somebody comes

static enum err load_now(struct app *app, const char *id)
{
    uint64_t seq = 0;
    uint8_t hash[JOURNAL_HASH_SIZE];
    enum err err = journal_head(app->store, id, &seq, hash);
    if (err != ERR_NONE || seq == 0) {
        return err == ERR_NONE || err == ERR_TOO_LARGE ? ERR_FORBIDDEN : err;
    }
    err = make_place(app);
    if (err != ERR_NONE) {
        log_event(LOG_WARNING, "meeting.no_place", LOG_TEXT("meeting", id),
                  LOG_INT("meetings_max", app->config.meetings_max));
        return err;
    }
    return load_meeting(app, id);
}

enum err loading_find(struct app *app, const char *id, struct app_meeting **ret_meeting)
{
    enum err err = loading_missing(app, id, ERR_NONE);
    *ret_meeting = app_find_meeting(app, id);
    if (*ret_meeting == NULL && err == ERR_NONE) {
        err = load_now(app, id);
        *ret_meeting = app_find_meeting(app, id);
        if (*ret_meeting != NULL) {
            parts_settle(app, *ret_meeting); // what a start does with every meeting
        }
    }
    if (*ret_meeting == NULL) {
        return err == ERR_NONE ? ERR_SET_ASIDE : err;
    }
    (*ret_meeting)->asked_at = app->now;
    return ERR_NONE;
}

void loading_came(const struct app *app, struct app_meeting *meeting)
{
    meeting->used_at = app->now;
}

static enum err look_at_loaded(struct app *app, const struct app_meeting *meeting,
                               const char *participant, struct seat *ret_seat)
{
    struct participant person;
    enum err err = person_find(app, meeting, participant, &person);
    if (err == ERR_NONE) {
        *ret_seat = (struct seat){.capacity = person.capacity};
        glance_describe(&meeting->decided.meeting, ret_seat);
        text_copy_cut(ret_seat->participant, sizeof(ret_seat->participant), person.id);
    }
    return err;
}

enum err loading_look(struct app *app, const char *meeting, const char *participant,
                      struct seat *ret_seat)
{
    const struct app_meeting *loaded = app_find_meeting(app, meeting);
    if (loaded != NULL) {
        return look_at_loaded(app, loaded, participant, ret_seat);
    }
    enum err err = loading_missing(app, meeting, ERR_NONE);
    if (err != ERR_NONE) {
        return err;
    }
    err = glance_find(app, meeting, participant, ret_seat);
    return err == ERR_SET_ASIDE && set_aside(app, meeting) != ERR_NONE ? ERR_FULL : err;
}

// ---- The start

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
        if (err == ERR_NONE && app->meeting_count < app->config.meetings_max) {
            err = load_meeting(app, list.names[i]);
        }
        free(list.names[i]);
    }
    free(list.names);
    log_event(LOG_INFO, "meetings.loaded", LOG_INT("meetings", app->meeting_count),
              LOG_INT("left", list.count - app->meeting_count - app->set_aside_count));
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
