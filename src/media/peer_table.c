#include "media/peer_table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "crypto/hmac.h"

static size_t table_size(const struct peer_table *table)
{
    return (size_t)table->capacity * sizeof(struct peer_entry);
}

enum err peer_table_init(struct peer_table *table, uint32_t capacity)
{
    *table = (struct peer_table){.capacity = capacity};
    // Indices must fit the digits of the ICE user name fragment.
    ASSERT(capacity > 0 && capacity <= 1u << (4 * ICE_UFRAG_INDEX_DIGITS));
    // Pages straight from the kernel are zero, aligned, and cost nothing until a peer uses them.
    void *pages = mmap(NULL, table_size(table), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0);
    if (pages == MAP_FAILED) {
        return ERR_FULL;
    }
    table->entries = pages;
    enum err err = id_table_init(&table->ids, capacity);
    if (err != ERR_NONE) {
        peer_table_finish(table);
    }
    return err;
}

// No thread may read them any more.
static void credentials_end(struct peer_entry *entry)
{
    const struct ice_credentials *first = &entry->facts.credentials;
    struct ice_credentials *at = (struct ice_credentials *)peer_entry_credentials(entry);
    while (at != first) {
        struct ice_credentials *before = (struct ice_credentials *)at->before;
        memory_wipe(at, sizeof(*at));
        free(at);
        at = before;
    }
    memory_wipe(at, sizeof(*at));
}

void peer_table_finish(struct peer_table *table)
{
    if (table->entries != NULL) {
        for (uint32_t i = 0; table->used > 0 && i < table->capacity; i++) {
            if (table->entries[i].taken) {
                credentials_end(&table->entries[i]);
                table->used--;
            }
        }
        (void)munmap(table->entries, table_size(table));
    }
    id_table_finish(&table->ids);
    *table = (struct peer_table){.capacity = 0};
}

enum err peer_table_free_index(struct peer_table *table, uint32_t *ret_index)
{
    if (table->used == table->capacity) {
        return ERR_FULL;
    }
    // Round robin: an index that has just become free is used again as late as possible.
    while (table->entries[table->next].taken) {
        table->next = (table->next + 1) % table->capacity;
    }
    *ret_index = table->next;
    return ERR_NONE;
}

static void wishes_init(struct peer_entry *entry)
{
    const struct media_session *session = &entry->facts.session;
    for (uint8_t i = 0; i < session->section_count; i++) {
        const struct link_section *wish = &session->sections[i].wish;
        if (wish->direction == LINK_RECEIVE) {
            atomic_store_explicit(&entry->wishes[wish->slot], wish->channel, memory_order_relaxed);
        }
    }
}

struct peer_entry *peer_table_take(struct peer_table *table, uint32_t index,
                                   const struct peer_facts *facts)
{
    struct peer_entry *entry = &table->entries[index];
    ASSERT(!entry->taken);
    memset(entry, 0, sizeof(*entry));
    entry->facts = *facts;
    entry->taken = true;
    atomic_store_explicit(&entry->credentials, &entry->facts.credentials, memory_order_relaxed);
    entry->phase_reported = LINK_PEER_NEW;
    atomic_store_explicit(&entry->phase, LINK_PEER_NEW, memory_order_relaxed);
    wishes_init(entry);
    id_table_add(&table->ids, facts->id, index);
    table->used++;
    table->next = (index + 1) % table->capacity;
    return entry;
}

void peer_table_give(struct peer_table *table, uint32_t index)
{
    struct peer_entry *entry = &table->entries[index];
    ASSERT(entry->taken);
    id_table_remove(&table->ids, entry->facts.id);
    credentials_end(entry);
    entry->taken = false;
    table->used--;
}

enum err peer_table_restart(struct peer_table *table, uint32_t index, const char *remote_ufrag,
                            size_t remote_ufrag_size)
{
    struct peer_entry *entry = &table->entries[index];
    ASSERT(entry->taken);
    if (entry->restarts == PEER_RESTARTS_MAX) {
        return ERR_UNSUPPORTED;
    }
    struct ice_credentials *newest = malloc(sizeof(*newest));
    if (newest == NULL) {
        return ERR_FULL;
    }
    enum err err = ice_credentials_init(newest, index, remote_ufrag, remote_ufrag_size);
    if (err != ERR_NONE) {
        free(newest);
        return err;
    }
    newest->before = peer_entry_credentials(entry);
    entry->restarts++;
    atomic_store_explicit(&entry->credentials, newest, memory_order_release);
    return ERR_NONE;
}

struct peer_entry *peer_table_find(struct peer_table *table, link_peer id, uint32_t *ret_index)
{
    uint32_t index = id_table_find(&table->ids, id);
    if (index == ID_TABLE_NONE) {
        return NULL;
    }
    *ret_index = index;
    return &table->entries[index];
}

unsigned peer_entry_claim(struct peer_entry *entry, unsigned thread)
{
    uint32_t owner = PEER_UNOWNED;
    if (atomic_compare_exchange_strong_explicit(&entry->owner, &owner, thread + 1,
                                                memory_order_acq_rel, memory_order_acquire)) {
        return thread;
    }
    return owner - 1;
}

const struct ice_credentials *peer_entry_credentials(const struct peer_entry *entry)
{
    return atomic_load_explicit(&entry->credentials, memory_order_acquire);
}

bool peer_entry_owner(const struct peer_entry *entry, unsigned *ret_thread)
{
    uint32_t owner = atomic_load_explicit(&entry->owner, memory_order_acquire);
    if (owner == PEER_UNOWNED) {
        return false;
    }
    *ret_thread = owner - 1;
    return true;
}
