// The open live connections, found by http's number, and what each is subscribed to, found by the
// app's handle. Control thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "app/app.h"
#include "base/list.h"
#include "base/time.h"

#define LIVE_TABLE_MAX     65536 // as http.connections_max
#define LIVE_TABLE_BUCKETS 2048  // a power of two
#define LIVE_TABLE_STREAMS 64    // the same, of the streams
// Of one connection; and of all together besides their first, so that who follows many meetings
// takes nobody's place.
#define LIVE_SUBSCRIPTIONS_MAX 8
#define LIVE_FURTHER_MAX       (LIVE_TABLE_MAX / 4)
#define LIVE_STREAM_MAX        (CONTRACT_ID_MAX + 8) // "meeting/ID"

enum live_phase {
    LIVE_JOINING, // the app is being told; nothing was sent yet
    LIVE_OPEN,    // hello and the state were sent; events follow
    LIVE_ENDED,   // http's number is forgotten; the app is told at the next deadline
};

struct live_connection;

// One stream that a connection follows, and who its person is there.
struct live_subscription {
    app_live live; // HANDLE_NONE once the app ended it
    struct live_connection *connection;
    struct list_link link;      // of its connection's
    struct list_link in_stream; // of all that follow a stream like it
    struct list_link leaving;   // in the table's, when it is to be left now
    struct live_subscription *next_by_live;
    char stream[LIVE_STREAM_MAX + 1];
    const char *meeting; // the end of `stream`
    bool further;        // not the one that the connection's address names: its messages name it
    enum capacity capacity;
    char participant[CONTRACT_ID_MAX + 1];
    uint64_t seq; // the last event sent
    bool told_session_ended;
    uint32_t owed;     // commands that the app has not answered yet
    bool leaves;       // asked for, and not answered: it waits for what is owed
    uint64_t leave_id; // of the question
};

// A stream that was asked for and waits for the states before it to be on their way.
struct live_wish {
    struct live_wish *next;
    uint64_t id; // of the question
    bool has_after;
    uint64_t after;
    char meeting[CONTRACT_ID_MAX + 1];
};

struct live_connection {
    api_connection connection; // http's number
    enum live_phase phase;
    struct app_identity identity; // of whoever opened it, in the meeting of its address
    struct list subscriptions;    // never none while it is open; the newest first
    uint32_t subscription_count;
    struct live_wish *wishes; // owned; in the order in which they were asked
    uint32_t wish_count;
    struct list_link has_room; // in the table's, when the first of them can be granted
    time_us last_heard;
    time_us last_ping;
    time_us round_trip;    // smoothed; 0: no ping was answered yet
    time_ms ping_measured; // what the ping said whose answer is awaited; 0: none
    time_us ping_sent;     // then
    uint32_t refused;      // messages refused for their rate, less those let through since
    uint32_t malformed;
    bool left;             // the client's page is gone
    struct list_link link; // in `open` or `ended`
    struct live_connection *next_by_connection;
};

struct live_table {
    struct list open;  // joining and open
    struct list ended; // waiting for the app to be told
    uint32_t count;
    uint32_t further_count;
    struct list leaving;  // subscriptions
    struct list has_room; // connections
    struct list streams[LIVE_TABLE_STREAMS];
    struct live_connection *by_connection[LIVE_TABLE_BUCKETS];
    struct live_subscription *by_live[LIVE_TABLE_BUCKETS];
};

static inline struct live_connection *live_connection_of(struct list_link *link)
{
    return LIST_ITEM(link, struct live_connection, link);
}

static inline struct live_subscription *live_subscription_of(struct list_link *link)
{
    return LIST_ITEM(link, struct live_subscription, link);
}

// NULL when LIVE_TABLE_MAX is reached, memory is short, or the number is taken.
struct live_connection *live_table_add(struct live_table *table, api_connection connection);
// NULL when there is none (or it has ended).
struct live_connection *live_table_find(const struct live_table *table, api_connection connection);
// From `open` to `ended`; no number finds it any more, the `live` of its subscriptions stay.
void live_table_end(struct live_table *table, struct live_connection *entry);
// Frees an ended connection with its subscriptions.
void live_table_remove(struct live_table *table, struct live_connection *entry);
void live_table_finish(struct live_table *table);

// Whether a connection may follow one stream more than it does and waits for: ERR_TOO_MANY by its
// own count, ERR_FULL by that of all.
enum err CHECKED live_table_has_room(const struct live_table *table,
                                     const struct live_connection *entry);
// Behind the others. ERR_FULL: memory is short.
enum err CHECKED live_table_wish(struct live_connection *entry, const struct live_wish *wish);
// The first, which waits no more; there is one.
struct live_wish live_table_next_wish(struct live_connection *entry);
bool live_table_waits_for(const struct live_connection *entry, const char *meeting);
// The connection follows this person's meeting, which is not among those that it follows. NULL when
// memory is short.
struct live_subscription *live_table_subscribe(struct live_table *table,
                                               struct live_connection *entry,
                                               const struct app_identity *identity, app_live live);
// Ends it and frees it.
void live_table_unsubscribe(struct live_table *table, struct live_subscription *subscription);
struct live_subscription *live_table_find_live(const struct live_table *table, app_live live);
// Forgets the app's handle: it has become invalid.
void live_table_forget_live(struct live_table *table, struct live_subscription *subscription);
// NULL: it does not follow this meeting.
struct live_subscription *live_table_follows(const struct live_connection *entry,
                                             const char *meeting);
// The first that follows this meeting, or the next after `before`, in connections of any phase;
// NULL: no more. None is freed meanwhile.
struct live_subscription *live_table_of_meeting(const struct live_table *table, const char *meeting,
                                                const struct live_subscription *before);
// The one of the connection's address; NULL: it has ended.
struct live_subscription *live_table_first(const struct live_connection *entry);
