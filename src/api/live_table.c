#include "api/live_table.h"

#include <stdlib.h>

#include "base/assert.h"

static uint32_t bucket_of(uint64_t number)
{
    return (uint32_t)((number * UINT64_C(0x9e3779b97f4a7c15)) >> 53) % LIVE_TABLE_BUCKETS;
}

struct live_connection *live_table_add(struct live_table *table, api_connection connection)
{
    if (table->count >= LIVE_TABLE_MAX || live_table_find(table, connection) != NULL) {
        return NULL;
    }
    struct live_connection *entry = calloc(1, sizeof(*entry));
    if (entry == NULL) {
        return NULL;
    }
    entry->connection = connection;
    uint32_t bucket = bucket_of(connection);
    entry->next_by_connection = table->by_connection[bucket];
    table->by_connection[bucket] = entry;
    list_add(&table->open, &entry->link);
    table->count++;
    return entry;
}

void live_table_set_live(struct live_table *table, struct live_connection *entry, app_live live)
{
    ASSERT(entry->live == HANDLE_NONE && live != HANDLE_NONE);
    uint32_t bucket = bucket_of(live);
    entry->live = live;
    entry->next_by_live = table->by_live[bucket];
    table->by_live[bucket] = entry;
}

struct live_connection *live_table_find(const struct live_table *table, api_connection connection)
{
    struct live_connection *entry = table->by_connection[bucket_of(connection)];
    while (entry != NULL && entry->connection != connection) {
        entry = entry->next_by_connection;
    }
    return entry;
}

struct live_connection *live_table_find_live(const struct live_table *table, app_live live)
{
    struct live_connection *entry = table->by_live[bucket_of(live)];
    while (entry != NULL && entry->live != live) {
        entry = entry->next_by_live;
    }
    return entry;
}

static void unlink_live(struct live_table *table, struct live_connection *entry)
{
    struct live_connection **at = &table->by_live[bucket_of(entry->live)];
    while (*at != NULL && *at != entry) {
        at = &(*at)->next_by_live;
    }
    if (*at != NULL) {
        *at = entry->next_by_live;
    }
}

void live_table_forget_live(struct live_table *table, struct live_connection *entry)
{
    unlink_live(table, entry);
    entry->live = HANDLE_NONE;
}

void live_table_end(struct live_table *table, struct live_connection *entry)
{
    ASSERT(entry->phase != LIVE_ENDED);
    struct live_connection **at = &table->by_connection[bucket_of(entry->connection)];
    while (*at != entry) {
        at = &(*at)->next_by_connection;
    }
    *at = entry->next_by_connection;
    unlink_live(table, entry);
    list_remove(&entry->link);
    list_add(&table->ended, &entry->link);
    entry->phase = LIVE_ENDED;
}

void live_table_remove(struct live_table *table, struct live_connection *entry)
{
    ASSERT(entry->phase == LIVE_ENDED);
    list_remove(&entry->link);
    table->count--;
    free(entry);
}

static void free_all(struct list *list)
{
    while (list->first != NULL) {
        struct live_connection *entry = live_connection_of(list->first);
        list_remove(&entry->link);
        free(entry);
    }
}

void live_table_finish(struct live_table *table)
{
    free_all(&table->open);
    free_all(&table->ended);
    *table = (struct live_table){0};
}
