// What a connection follows: how a stream is begun and left. The first is that of its address,
// further ones are asked for.
#include <string.h>

#include "api/event_batch.h"
#include "api/live.h"
#include "api/live_message.h"
#include "api/problem.h"
#include "api/viewer.h"
#include "base/text.h"

// Sends what was missed since of->seq, page by page; the first page is in api->events already.
static void send_missed(struct api *api, struct live_subscription *of, uint32_t count)
{
    struct live_connection *entry = of->connection;
    while (count > 0) {
        for (uint32_t at = 0; at < count && entry->phase != LIVE_ENDED; at += EVENT_BATCH_MAX) {
            uint32_t part = count - at < EVENT_BATCH_MAX ? count - at : EVENT_BATCH_MAX;
            struct event_batch batch;
            if (event_batch_init(&batch, api->events + at, part) != ERR_NONE) {
                api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
                return;
            }
            api_live_send_batch(api, of, &batch);
            event_batch_finish(&batch);
        }
        if (entry->phase == LIVE_ENDED) {
            return;
        }
        if (app_events(api->app, of->meeting, of->seq, api->events, API_EVENTS_PAGE, &count) !=
            ERR_NONE) {
            api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "events are missing");
            return;
        }
    }
}

enum err api_live_take_state(struct api *api, const struct app_identity *who, int *ret_wait_s)
{
    enum err err = person_limits_take(api->persons, PERSON_LIMIT_READ, who->meeting,
                                      who->participant, api->now / TIME_US_PER_MS + 1, ret_wait_s);
    api->counters.rate_limited += err != ERR_NONE;
    return err;
}

void api_live_greet(struct api *api, struct live_subscription *of, bool has_after, uint64_t after)
{
    struct live_connection *entry = of->connection;
    uint64_t seq = 0;
    if (app_meeting(api->app, of->meeting, &seq) == NULL) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "no such meeting");
        return;
    }
    uint32_t count = 0;
    bool resumed = has_after && after <= seq && seq - after <= LIVE_RESUME_MAX;
    if (resumed && after < seq) {
        resumed = app_events(api->app, of->meeting, after, api->events, API_EVENTS_PAGE, &count) ==
                      ERR_NONE &&
                  count > 0 && api->events[0].seq == after + 1;
    }
    of->seq = seq;
    char *hello = live_message_hello(of, app_live_audience(api->app, of->live), resumed,
                                     app_time(api->app, of->meeting));
    if (!api_live_send_owned(api, entry, hello)) {
        return;
    }
    if (resumed) {
        api->counters.live_resumed++;
        of->seq = after;
        send_missed(api, of, count);
    } else {
        const struct meeting *meeting = app_meeting(api->app, of->meeting, &of->seq);
        const struct viewer viewer = viewer_in(meeting, of->capacity, of->participant);
        struct snapshot snapshot;
        bool whole = snapshot_make(&api->snapshots, meeting,
                                   app_meeting_touched(api->app, of->meeting), &viewer, &snapshot);
        (void)api_live_send_owned(api, entry, whole ? live_message_snapshot(of, &snapshot) : NULL);
    }
}

static bool is_id(const char *text)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t length = strlen(text);
    return length > 0 && length <= CONTRACT_ID_MAX && strspn(text, letters) == length;
}

const char *api_live_meeting_of(const char *stream)
{
    static const char kind[] = "meeting/";
    const char *id = stream + (text_starts_with(stream, kind) ? sizeof(kind) - 1 : 0);
    return id != stream && is_id(id) ? id : "";
}

static enum err may_wish(struct api *api, const struct live_connection *entry, const char *meeting)
{
    if (meeting[0] == '\0') {
        return ERR_NOT_FOUND;
    }
    if (live_table_follows(entry, meeting) != NULL || live_table_waits_for(entry, meeting)) {
        return ERR_CONFLICT;
    }
    return live_table_has_room(&api->lives, entry);
}

// Everything may have changed while it waited.
static enum err grant(struct api *api, struct live_connection *entry, const struct live_wish *wish)
{
    struct app_identity identity;
    app_live live = HANDLE_NONE;
    enum err err = may_wish(api, entry, wish->meeting);
    if (err == ERR_NONE) {
        err = app_seat_take(api->app, &entry->identity, wish->meeting, api->wall, &identity);
    }
    if (err == ERR_NONE) {
        err = app_live_open(api->app, &identity, wish->has_after && wish->after > 0, api->now,
                            api->wall, &live);
    }
    if (err != ERR_NONE) {
        return err;
    }
    struct live_subscription *of = live_table_subscribe(&api->lives, entry, &identity, live);
    if (of == NULL) {
        app_live_leave(api->app, live, api->now, api->wall);
        return ERR_FULL;
    }
    app_live_round_trip(api->app, live, entry->round_trip);
    api->counters.live_subscribed++;
    api_live_greet(api, of, wish->has_after, wish->after);
    if (entry->phase == LIVE_OPEN) {
        const struct app_reply reply = {.seq = of->seq};
        (void)api_live_send_owned(api, entry, live_message_reply(of, wish->id, &reply));
    }
    return ERR_NONE;
}

// ---- One after another
// A state may be several megabytes. However many are asked for at once, no more than one is made
// before the one before it is as good as read.

static bool has_room(struct api *api, const struct live_connection *entry)
{
    return api->ports.live_has_room(api->ports.context, entry->connection);
}

// Answers in any case. What is asked too often names no stream: it is no different for another.
static void grant_or_refuse(struct api *api, struct live_connection *entry,
                            const struct live_wish *wish)
{
    int wait_s = 0;
    enum err err = api_live_take_state(api, &entry->identity, &wait_s);
    if (err != ERR_NONE) {
        api_live_refuse(api, entry, NULL, wish->id, &(struct problem){.err = err});
        return;
    }
    err = grant(api, entry, wish);
    if (err != ERR_NONE && entry->phase != LIVE_ENDED) {
        api_live_refuse_stream(api, entry, wish->id, wish->meeting, err);
    }
}

enum err api_live_subscribe(struct api *api, struct live_connection *entry,
                            const struct live_wish *wish)
{
    enum err err = may_wish(api, entry, wish->meeting);
    if (err != ERR_NONE) {
        return err;
    }
    if (entry->wishes != NULL || !has_room(api, entry)) {
        return live_table_wish(entry, wish);
    }
    grant_or_refuse(api, entry, wish);
    return ERR_NONE;
}

void api_live_refuse_stream(struct api *api, struct live_connection *entry, uint64_t id,
                            const char *meeting, enum err err)
{
    api_live_refuse(api, entry, live_table_follows(entry, meeting), id,
                    &(struct problem){.err = err, .field = "stream"});
}

void api_live_has_room(struct api *api, api_connection connection)
{
    struct live_connection *entry = live_table_find(&api->lives, connection);
    if (entry != NULL && entry->wishes != NULL && !list_has(&entry->has_room)) {
        list_add(&api->lives.has_room, &entry->has_room);
    }
}

static void grant_next(struct api *api, struct live_connection *entry)
{
    const struct live_wish wish = live_table_next_wish(entry);
    grant_or_refuse(api, entry, &wish);
    if (entry->phase != LIVE_ENDED && entry->wishes != NULL && has_room(api, entry)) {
        list_add(&api->lives.has_room, &entry->has_room);
    }
}

void api_live_grant_wishes(struct api *api)
{
    struct list turn = {0};
    while (api->lives.has_room.first != NULL) {
        struct list_link *link = api->lives.has_room.first;
        list_remove(link);
        list_add(&turn, link);
    }
    while (turn.first != NULL) {
        struct list_link *link = turn.first;
        list_remove(link);
        grant_next(api, LIST_ITEM(link, struct live_connection, has_room));
    }
}

// ---- Leaving

void api_live_answer_leave(struct api *api, struct live_subscription *of)
{
    const struct app_reply reply = {.seq = of->seq};
    if (of->leaves) {
        (void)api_live_send_owned(api, of->connection,
                                  live_message_reply(of, of->leave_id, &reply));
    }
}

void api_live_leave_when_answered(struct api *api, struct live_subscription *of)
{
    if (of->leaves && of->owed == 0 && !list_has(&of->leaving)) {
        list_add(&api->lives.leaving, &of->leaving);
    }
}

// The others may have ended while it waited: who leaves the last one closes the connection.
static void stay(struct api *api, struct live_subscription *of)
{
    const struct problem problem = {.err = ERR_CONFLICT, .field = "stream"};
    of->leaves = false;
    (void)api_live_send_owned(api, of->connection,
                              live_message_problem(of, of->leave_id, &problem));
}

void api_live_leave(struct api *api, struct live_subscription *of)
{
    struct live_connection *entry = of->connection;
    app_live live = of->live;
    list_remove(&of->leaving);
    if (entry->phase == LIVE_ENDED || of->owed > 0) {
        return; // all of it ends at once; or more was asked, and it waits for that
    }
    if (entry->subscription_count == 1) {
        stay(api, of);
        return;
    }
    api_live_answer_leave(api, of);
    if (entry->phase != LIVE_ENDED) {
        live_table_unsubscribe(&api->lives, of);
        app_live_leave(api->app, live, api->now, api->wall);
    }
}

enum err api_live_unsubscribe(struct api *api, struct live_connection *entry, uint64_t id,
                              const char *meeting)
{
    struct live_subscription *of = live_table_follows(entry, meeting);
    if (of == NULL) {
        return live_table_waits_for(entry, meeting) ? ERR_CONFLICT : ERR_NOT_FOUND;
    }
    if (entry->subscription_count == 1 || of->leaves) {
        return ERR_CONFLICT; // who leaves the last one closes the connection
    }
    of->leaves = true;
    of->leave_id = id;
    if (of->owed == 0) {
        api_live_leave(api, of);
    }
    return ERR_NONE;
}
