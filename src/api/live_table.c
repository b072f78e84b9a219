#include "api/live_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

#define STREAM_OF_MEETING "meeting/"

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

struct live_connection *live_table_find(const struct live_table *table, api_connection connection)
{
    struct live_connection *entry = table->by_connection[bucket_of(connection)];
    while (entry != NULL && entry->connection != connection) {
        entry = entry->next_by_connection;
    }
    return entry;
}

// ---- Subscriptions

static uint32_t stream_place(const char *meeting)
{
    return text_hash(meeting) & (LIVE_TABLE_STREAMS - 1);
}

enum err live_table_has_room(const struct live_table *table, const struct live_connection *entry)
{
    if (entry->subscription_count + entry->wish_count >= LIVE_SUBSCRIPTIONS_MAX) {
        return ERR_TOO_MANY;
    }
    return table->further_count < LIVE_FURTHER_MAX ? ERR_NONE : ERR_FULL;
}

struct live_subscription *live_table_subscribe(struct live_table *table,
                                               struct live_connection *entry,
                                               const struct app_identity *identity, app_live live)
{
    ASSERT(live != HANDLE_NONE && entry->subscription_count < LIVE_SUBSCRIPTIONS_MAX);
    struct live_subscription *subscription = calloc(1, sizeof(*subscription));
    if (subscription == NULL) {
        return NULL;
    }
    uint32_t bucket = bucket_of(live);
    subscription->live = live;
    subscription->next_by_live = table->by_live[bucket];
    table->by_live[bucket] = subscription;
    struct text_builder stream = text_builder(subscription->stream, sizeof(subscription->stream));
    text_append(&stream, STREAM_OF_MEETING);
    text_append(&stream, identity->meeting);
    subscription->meeting = subscription->stream + strlen(STREAM_OF_MEETING);
    subscription->capacity = identity->capacity;
    text_copy_cut(subscription->participant, sizeof(subscription->participant),
                  identity->participant);
    subscription->connection = entry;
    subscription->further = entry->phase != LIVE_JOINING;
    list_add(&entry->subscriptions, &subscription->link);
    list_add(&table->streams[stream_place(subscription->meeting)], &subscription->in_stream);
    entry->subscription_count++;
    table->further_count += subscription->further;
    return subscription;
}

struct live_subscription *live_table_find_live(const struct live_table *table, app_live live)
{
    struct live_subscription *subscription = table->by_live[bucket_of(live)];
    while (subscription != NULL && subscription->live != live) {
        subscription = subscription->next_by_live;
    }
    return subscription;
}

static void unlink_live(struct live_table *table, struct live_subscription *subscription)
{
    struct live_subscription **at = &table->by_live[bucket_of(subscription->live)];
    while (*at != NULL && *at != subscription) {
        at = &(*at)->next_by_live;
    }
    if (*at != NULL) {
        *at = subscription->next_by_live;
    }
}

void live_table_forget_live(struct live_table *table, struct live_subscription *subscription)
{
    unlink_live(table, subscription);
    subscription->live = HANDLE_NONE;
}

void live_table_unsubscribe(struct live_table *table, struct live_subscription *subscription)
{
    unlink_live(table, subscription);
    list_remove(&subscription->link);
    list_remove(&subscription->in_stream);
    list_remove(&subscription->leaving);
    subscription->connection->subscription_count--;
    table->further_count -= subscription->further;
    free(subscription);
}

struct live_subscription *live_table_follows(const struct live_connection *entry,
                                             const char *meeting)
{
    for (struct list_link *at = entry->subscriptions.first; at != NULL; at = at->next) {
        if (text_equal(live_subscription_of(at)->meeting, meeting)) {
            return live_subscription_of(at);
        }
    }
    return NULL;
}

struct live_subscription *live_table_of_meeting(const struct live_table *table, const char *meeting,
                                                const struct live_subscription *before)
{
    struct list_link *at = before != NULL ? before->in_stream.next
                                          : table->streams[stream_place(meeting)].first;
    for (; at != NULL; at = at->next) {
        struct live_subscription *of = LIST_ITEM(at, struct live_subscription, in_stream);
        if (text_equal(of->meeting, meeting)) {
            return of;
        }
    }
    return NULL;
}

struct live_subscription *live_table_first(const struct live_connection *entry)
{
    for (struct list_link *at = entry->subscriptions.first; at != NULL; at = at->next) {
        if (!live_subscription_of(at)->further) {
            return live_subscription_of(at);
        }
    }
    return NULL;
}

// ---- Streams to come

enum err live_table_wish(struct live_connection *entry, const struct live_wish *wish)
{
    struct live_wish *kept = malloc(sizeof(*kept));
    if (kept == NULL) {
        return ERR_FULL;
    }
    *kept = *wish;
    kept->next = NULL;
    struct live_wish **at = &entry->wishes;
    while (*at != NULL) {
        at = &(*at)->next;
    }
    *at = kept;
    entry->wish_count++;
    return ERR_NONE;
}

struct live_wish live_table_next_wish(struct live_connection *entry)
{
    ASSERT(entry->wishes != NULL);
    struct live_wish *first = entry->wishes;
    struct live_wish wish = *first;
    entry->wishes = first->next;
    entry->wish_count--;
    free(first);
    wish.next = NULL;
    return wish;
}

bool live_table_waits_for(const struct live_connection *entry, const char *meeting)
{
    const struct live_wish *wish = entry->wishes;
    while (wish != NULL && !text_equal(wish->meeting, meeting)) {
        wish = wish->next;
    }
    return wish != NULL;
}

// ---- Ending

void live_table_end(struct live_table *table, struct live_connection *entry)
{
    ASSERT(entry->phase != LIVE_ENDED);
    struct live_connection **at = &table->by_connection[bucket_of(entry->connection)];
    while (*at != entry) {
        at = &(*at)->next_by_connection;
    }
    *at = entry->next_by_connection;
    for (struct list_link *of = entry->subscriptions.first; of != NULL; of = of->next) {
        unlink_live(table, live_subscription_of(of));
    }
    list_remove(&entry->has_room);
    list_remove(&entry->link);
    list_add(&table->ended, &entry->link);
    entry->phase = LIVE_ENDED;
}

static void free_connection(struct live_table *table, struct live_connection *entry)
{
    while (entry->subscriptions.first != NULL) {
        live_table_unsubscribe(table, live_subscription_of(entry->subscriptions.first));
    }
    while (entry->wishes != NULL) {
        (void)live_table_next_wish(entry);
    }
    list_remove(&entry->has_room);
    list_remove(&entry->link);
    free(entry);
}

void live_table_remove(struct live_table *table, struct live_connection *entry)
{
    ASSERT(entry->phase == LIVE_ENDED);
    table->count--;
    free_connection(table, entry);
}

void live_table_finish(struct live_table *table)
{
    while (table->open.first != NULL) {
        free_connection(table, live_connection_of(table->open.first));
    }
    while (table->ended.first != NULL) {
        free_connection(table, live_connection_of(table->ended.first));
    }
    *table = (struct live_table){0};
}
