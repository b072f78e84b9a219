#include "api/live.h"

#include "api/event_batch.h"
#include "api/live_message.h"
#include "base/text.h"

// ---- What the app says ----

static void drop_meeting(struct api *api, const char *meeting)
{
    struct live_subscription *of = NULL;
    while ((of = live_table_of_meeting(&api->lives, meeting, of)) != NULL) {
        api_live_drop(api, of->connection, LIVE_CLOSE_INTERNAL, "out of memory");
    }
}

void api_live_publish(void *context, const char *meeting, const struct event *events,
                      uint32_t count)
{
    struct api *api = context;
    api->counters.events_published += count;
    while (count > 0) {
        uint32_t part = count < EVENT_BATCH_MAX ? count : EVENT_BATCH_MAX;
        struct event_batch batch;
        if (event_batch_init(&batch, events, part) != ERR_NONE) {
            drop_meeting(api, meeting);
            return;
        }
        struct live_subscription *of = NULL;
        while ((of = live_table_of_meeting(&api->lives, meeting, of)) != NULL) {
            if (of->connection->phase == LIVE_OPEN) {
                api_live_send_batch(api, of, &batch);
            }
        }
        event_batch_finish(&batch);
        events += part;
        count -= part;
    }
}

void api_live_reply(void *context, app_live live, uint64_t request, const struct app_reply *reply)
{
    struct api *api = context;
    struct live_subscription *of = live_table_find_live(&api->lives, live);
    if (of != NULL) {
        of->owed -= of->owed > 0;
        (void)api_live_send_owned(api, of->connection, live_message_reply(of, request, reply));
        api_live_leave_when_answered(api, of);
    }
}

void api_live_notice(void *context, app_live live, const struct notice *notice)
{
    struct api *api = context;
    struct live_subscription *of = live_table_find_live(&api->lives, live);
    if (of != NULL) {
        of->told_session_ended |= notice->type == NOTICE_SESSION_ENDED;
        (void)api_live_send_owned(api, of->connection, live_message_notice(of, notice));
    }
}

// The connection goes on for what else it follows, and ends with the last.
void api_live_end(void *context, app_live live, const char *reason)
{
    struct api *api = context;
    struct live_subscription *of = live_table_find_live(&api->lives, live);
    if (of == NULL) {
        return;
    }
    struct live_connection *entry = of->connection;
    struct notice notice = {.type = NOTICE_SESSION_ENDED};
    text_copy_cut(notice.as.session_ended.reason, sizeof(notice.as.session_ended.reason), reason);
    live_table_forget_live(&api->lives, of);
    if (!of->told_session_ended &&
        !api_live_send_owned(api, entry, live_message_notice(of, &notice))) {
        return;
    }
    if (entry->subscription_count == 1) {
        api_live_drop(api, entry, LIVE_CLOSE_ENDED, reason);
    } else {
        api_live_answer_leave(api, of);
        live_table_unsubscribe(&api->lives, of);
    }
}

// ---- Opening ----

void api_live_open(struct api *api, api_connection connection, const struct api_live_ticket *ticket,
                   time_us now, time_ms wall)
{
    api_set_now(api, now, wall);
    struct live_connection *entry = live_table_add(&api->lives, connection);
    if (entry == NULL) {
        api->ports.live_close(api->ports.context, connection, LIVE_CLOSE_LATER,
                              "the server is full");
        return;
    }
    entry->last_heard = now;
    entry->last_ping = now - LIVE_PING_EVERY_US; // how long the line is, is known soon
    if (api->next_beat == TIME_US_NEVER) {
        api->next_beat = now + LIVE_BEAT_US;
    }
    app_live live = HANDLE_NONE;
    enum err result = app_live_open(api->app, &ticket->identity,
                                    ticket->has_after && ticket->after > 0, now, wall, &live);
    if (result != ERR_NONE) {
        uint16_t code = result == ERR_FULL || result == ERR_UNAVAILABLE ? LIVE_CLOSE_LATER
                                                                        : LIVE_CLOSE_POLICY;
        api_live_drop(api, entry, code, err_title(result));
        return;
    }
    entry->identity = ticket->identity;
    struct live_subscription *of = live_table_subscribe(&api->lives, entry, &ticket->identity,
                                                        live);
    if (of == NULL) {
        app_live_close(api->app, live, false, now, wall);
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
        return;
    }
    api->counters.live_opened++;
    api_live_greet(api, of, ticket->has_after, ticket->after);
    if (entry->phase == LIVE_JOINING) {
        entry->phase = LIVE_OPEN;
    }
}

// ---- Ending ----

void api_live_closed(struct api *api, api_connection connection, bool left, time_us now,
                     time_ms wall)
{
    api_set_now(api, now, wall);
    struct live_connection *entry = live_table_find(&api->lives, connection);
    if (entry != NULL) {
        entry->left = left;
        api_live_drop(api, entry, 0, NULL); // the app is told at the deadline, which is now
    }
}

// In the time of the stream of the connection's address; without it, of one that it follows.
static void ping(struct api *api, struct live_connection *entry)
{
    const struct live_subscription *of = live_table_first(entry);
    of = of != NULL ? of : live_subscription_of(entry->subscriptions.first);
    time_ms said = app_time(api->app, of->meeting);
    entry->last_ping = api->now;
    if (entry->ping_measured == 0) {
        entry->ping_measured = said;
        entry->ping_sent = api->now;
    }
    (void)api_live_send_owned(api, entry, live_message_ping(entry, api->app, said));
}

static time_us silence_allowed(const struct live_connection *entry)
{
    time_us trips = LIVE_SILENCE_TRIPS * entry->round_trip;
    return trips > LIVE_SILENCE_US ? trips : LIVE_SILENCE_US;
}

static void beat(struct api *api)
{
    for (struct list_link *at = api->lives.open.first, *next; at != NULL; at = next) {
        struct live_connection *entry = live_connection_of(at);
        next = at->next;
        if (api->now - entry->last_heard >= silence_allowed(entry)) {
            api->counters.live_ended_silent++;
            api_live_drop(api, entry, LIVE_CLOSE_SILENT, "nothing was heard");
        } else if (api->now - entry->last_ping >= LIVE_PING_EVERY_US) {
            ping(api, entry);
        }
    }
}

// The connection is freed first: what the app does then may end others.
static void tell_ended(struct api *api, struct live_connection *entry)
{
    app_live lives[LIVE_SUBSCRIPTIONS_MAX];
    uint32_t count = 0;
    bool left = entry->left;
    for (struct list_link *at = entry->subscriptions.first; at != NULL; at = at->next) {
        lives[count++] = live_subscription_of(at)->live;
    }
    live_table_remove(&api->lives, entry);
    for (uint32_t i = 0; i < count; i++) {
        if (lives[i] != HANDLE_NONE) {
            app_live_close(api->app, lives[i], left, api->now, api->wall);
        }
    }
}

void api_live_on_deadline(struct api *api)
{
    if (api->next_beat <= api->now) {
        beat(api);
        api->next_beat = api->lives.open.first != NULL ? api->now + LIVE_BEAT_US : TIME_US_NEVER;
    }
    api_live_grant_wishes(api);
    while (api->lives.leaving.first != NULL) {
        api_live_leave(api, LIST_ITEM(api->lives.leaving.first, struct live_subscription, leaving));
    }
    while (api->lives.ended.first != NULL) {
        tell_ended(api, live_connection_of(api->lives.ended.first));
    }
}
