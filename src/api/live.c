#include "api/live.h"

#include <stdlib.h>
#include <string.h>

#include "api/event_batch.h"
#include "api/live_message.h"
#include "api/viewer.h"
#include "base/text.h"

void api_live_drop(struct api *api, struct live_connection *entry, uint16_t code,
                   const char *reason)
{
    if (entry->phase == LIVE_ENDED) {
        return;
    }
    if (code != 0) {
        api->ports.live_close(api->ports.context, entry->connection, code, reason);
    }
    live_table_end(&api->lives, entry);
}

static bool send_text(struct api *api, struct live_connection *entry, const char *text, size_t size)
{
    if (api->ports.live_send(api->ports.context, entry->connection, text, size)) {
        return entry->phase != LIVE_ENDED; // http may have found it dead meanwhile
    }
    api->counters.live_ended_slow++;
    api_live_drop(api, entry, 0, NULL);
    return false;
}

bool api_live_send_owned(struct api *api, struct live_connection *entry, char *text)
{
    if (text == NULL) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
        return false;
    }
    bool sent = send_text(api, entry, text, strlen(text));
    free(text);
    return sent;
}

// ---- What the app says ----

// The batch's events that this connection has not had yet.
static void send_batch(struct api *api, struct live_connection *entry, struct event_batch *batch)
{
    uint64_t last = batch->events[batch->count - 1].seq;
    if (last <= entry->seq) {
        return;
    }
    if (batch->events[0].seq > entry->seq + 1) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "events are missing");
        return;
    }
    uint64_t seq = 0;
    const struct viewer viewer = viewer_in(app_meeting(api->app, entry->meeting, &seq),
                                           entry->capacity, entry->participant);
    uint32_t first = (uint32_t)(entry->seq + 1 - batch->events[0].seq);
    size_t size = 0;
    const char *text = event_batch_message(batch, event_batch_hidden(batch, &viewer), first, &size);
    entry->seq = last;
    if (text == NULL) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
    } else if (send_text(api, entry, text, size)) {
        api->counters.event_messages_sent++;
    }
}

static void drop_meeting(struct api *api, const char *meeting)
{
    for (struct list_link *at = api->lives.open.first, *next; at != NULL; at = next) {
        struct live_connection *entry = live_connection_of(at);
        next = at->next;
        if (text_equal(entry->meeting, meeting)) {
            api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
        }
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
        for (struct list_link *at = api->lives.open.first, *next; at != NULL; at = next) {
            struct live_connection *entry = live_connection_of(at);
            next = at->next;
            if (entry->phase == LIVE_OPEN && text_equal(entry->meeting, meeting)) {
                send_batch(api, entry, &batch);
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
    struct live_connection *entry = live_table_find_live(&api->lives, live);
    if (entry != NULL) {
        (void)api_live_send_owned(api, entry, live_message_reply(request, reply));
    }
}

void api_live_notice(void *context, app_live live, const struct notice *notice)
{
    struct api *api = context;
    struct live_connection *entry = live_table_find_live(&api->lives, live);
    if (entry != NULL) {
        entry->told_session_ended |= notice->type == NOTICE_SESSION_ENDED;
        (void)api_live_send_owned(api, entry, live_message_notice(notice));
    }
}

void api_live_end(void *context, app_live live, const char *reason)
{
    struct api *api = context;
    struct live_connection *entry = live_table_find_live(&api->lives, live);
    if (entry == NULL) {
        return;
    }
    struct notice notice = {.type = NOTICE_SESSION_ENDED};
    text_copy_cut(notice.as.session_ended.reason, sizeof(notice.as.session_ended.reason), reason);
    live_table_forget_live(&api->lives, entry);
    if (entry->told_session_ended ||
        api_live_send_owned(api, entry, live_message_notice(&notice))) {
        api_live_drop(api, entry, LIVE_CLOSE_ENDED, reason);
    }
}

// ---- Opening ----

// Sends what was missed since entry->seq, page by page; the first page is in api->events already.
static void send_missed(struct api *api, struct live_connection *entry, uint32_t count)
{
    while (count > 0) {
        for (uint32_t at = 0; at < count && entry->phase != LIVE_ENDED; at += EVENT_BATCH_MAX) {
            uint32_t part = count - at < EVENT_BATCH_MAX ? count - at : EVENT_BATCH_MAX;
            struct event_batch batch;
            if (event_batch_init(&batch, api->events + at, part) != ERR_NONE) {
                api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "out of memory");
                return;
            }
            send_batch(api, entry, &batch);
            event_batch_finish(&batch);
        }
        if (entry->phase == LIVE_ENDED) {
            return;
        }
        if (app_events(api->app, entry->meeting, entry->seq, api->events, API_EVENTS_PAGE,
                       &count) != ERR_NONE) {
            api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "events are missing");
            return;
        }
    }
}

// Hello, then the events since `after` when that can be honoured, else a snapshot.
static void greet(struct api *api, struct live_connection *entry,
                  const struct api_live_ticket *ticket)
{
    uint64_t seq = 0;
    if (app_meeting(api->app, entry->meeting, &seq) == NULL) {
        api_live_drop(api, entry, LIVE_CLOSE_INTERNAL, "no such meeting");
        return;
    }
    uint32_t count = 0;
    bool resumed = ticket->has_after && ticket->after <= seq &&
                   seq - ticket->after <= LIVE_RESUME_MAX;
    if (resumed && ticket->after < seq) {
        resumed = app_events(api->app, entry->meeting, ticket->after, api->events, API_EVENTS_PAGE,
                             &count) == ERR_NONE &&
                  count > 0 && api->events[0].seq == ticket->after + 1;
    }
    entry->seq = seq;
    if (!api_live_send_owned(
            api, entry, live_message_hello(entry, resumed, app_time(api->app, entry->meeting)))) {
        return;
    }
    if (resumed) {
        api->counters.live_resumed++;
        entry->seq = ticket->after;
        send_missed(api, entry, count);
    } else {
        const struct meeting *meeting = app_meeting(api->app, entry->meeting, &entry->seq);
        (void)api_live_send_owned(api, entry, live_message_snapshot(entry, meeting));
    }
}

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
    live_table_set_live(&api->lives, entry, live);
    entry->capacity = ticket->identity.capacity;
    text_copy_cut(entry->participant, sizeof(entry->participant), ticket->identity.participant);
    text_copy_cut(entry->meeting, sizeof(entry->meeting), ticket->identity.meeting);
    api->counters.live_opened++;
    greet(api, entry, ticket);
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

static void ping(struct api *api, struct live_connection *entry)
{
    time_ms said = app_time(api->app, entry->meeting);
    entry->last_ping = api->now;
    if (entry->ping_measured == 0) {
        entry->ping_measured = said;
        entry->ping_sent = api->now;
    }
    (void)api_live_send_owned(api, entry, live_message_ping(said));
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

void api_live_on_deadline(struct api *api)
{
    if (api->next_beat <= api->now) {
        beat(api);
        api->next_beat = api->lives.open.first != NULL ? api->now + LIVE_BEAT_US : TIME_US_NEVER;
    }
    while (api->lives.ended.first != NULL) {
        struct live_connection *entry = live_connection_of(api->lives.ended.first);
        app_live live = entry->live;
        bool left = entry->left;
        live_table_remove(&api->lives, entry);
        if (live != HANDLE_NONE) {
            app_live_close(api->app, live, left, api->now, api->wall);
        }
    }
}
