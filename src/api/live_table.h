// The open live connections, found by http's number and by the app's handle. Control thread only.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "app/app.h"
#include "base/list.h"
#include "base/time.h"

#define LIVE_TABLE_MAX     16384
#define LIVE_TABLE_BUCKETS 2048 // a power of two

enum live_phase {
    LIVE_JOINING, // the app is being told; nothing was sent yet
    LIVE_OPEN,    // hello and the state were sent; events follow
    LIVE_ENDED,   // http's number is forgotten; the app is told at the next deadline
};

struct live_connection {
    api_connection connection; // http's number
    app_live live;             // HANDLE_NONE once the app ended it
    enum live_phase phase;
    enum capacity capacity;
    char participant[CONTRACT_ID_MAX + 1];
    char meeting[CONTRACT_ID_MAX + 1];
    uint64_t seq; // the last event sent
    time_us last_heard;
    time_us last_ping;
    time_us round_trip;    // smoothed; 0: no ping was answered yet
    time_ms ping_measured; // what the ping said whose answer is awaited; 0: none
    time_us ping_sent;     // then
    uint32_t refused;      // messages refused for their rate, less those let through since
    uint32_t malformed;
    bool told_session_ended;
    bool left;             // the client's page is gone
    struct list_link link; // in `open` or `ended`
    struct live_connection *next_by_connection;
    struct live_connection *next_by_live;
};

struct live_table {
    struct list open;  // joining and open
    struct list ended; // waiting for the app to be told
    uint32_t count;
    struct live_connection *by_connection[LIVE_TABLE_BUCKETS];
    struct live_connection *by_live[LIVE_TABLE_BUCKETS];
};

static inline struct live_connection *live_connection_of(struct list_link *link)
{
    return LIST_ITEM(link, struct live_connection, link);
}

// NULL when LIVE_TABLE_MAX is reached, memory is short, or the number is taken.
struct live_connection *live_table_add(struct live_table *table, api_connection connection);
void live_table_set_live(struct live_table *table, struct live_connection *entry, app_live live);
// NULL when there is none (or it has ended).
struct live_connection *live_table_find(const struct live_table *table, api_connection connection);
struct live_connection *live_table_find_live(const struct live_table *table, app_live live);
// Forgets the app's handle: it has become invalid.
void live_table_forget_live(struct live_table *table, struct live_connection *entry);
// From `open` to `ended`; neither number finds it any more, `entry->live` stays.
void live_table_end(struct live_table *table, struct live_connection *entry);
// Frees an ended connection.
void live_table_remove(struct live_table *table, struct live_connection *entry);
void live_table_finish(struct live_table *table);
