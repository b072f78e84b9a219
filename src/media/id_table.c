#include "media/id_table.h"

#include <stdlib.h>

#include "base/assert.h"

enum err id_table_init(struct id_table *table, uint32_t capacity)
{
    ASSERT(capacity < 1u << 30);
    uint32_t size = 2;
    while (size < capacity * 2) {
        size *= 2;
    }
    *table = (struct id_table){.mask = size - 1, .capacity = capacity};
    table->entries = calloc(size, sizeof(*table->entries));
    return table->entries != NULL ? ERR_NONE : ERR_FULL;
}

void id_table_finish(struct id_table *table)
{
    free(table->entries);
    *table = (struct id_table){0};
}

static uint32_t home_of(const struct id_table *table, uint64_t id)
{
    return (uint32_t)(id * 0x9e3779b97f4a7c15ull >> 32) & table->mask;
}

static uint32_t place_of(const struct id_table *table, uint64_t id)
{
    uint32_t place = home_of(table, id);
    while (table->entries[place].held != 0 && table->entries[place].id != id) {
        place = (place + 1) & table->mask;
    }
    return place;
}

uint32_t id_table_find(const struct id_table *table, uint64_t id)
{
    return table->entries[place_of(table, id)].held - 1; // of what is free: ID_TABLE_NONE
}

void id_table_add(struct id_table *table, uint64_t id, uint32_t value)
{
    uint32_t place = place_of(table, id);
    ASSERT(table->used < table->capacity && value != ID_TABLE_NONE);
    ASSERT(table->entries[place].held == 0);
    table->entries[place] = (struct id_table_entry){.id = id, .held = value + 1};
    table->used++;
}

void id_table_remove(struct id_table *table, uint64_t id)
{
    uint32_t hole = place_of(table, id);
    if (table->entries[hole].held == 0) {
        return;
    }
    table->used--;
    // Those that follow move up when the hole lies between their home and them.
    for (uint32_t next = (hole + 1) & table->mask; table->entries[next].held != 0;
         next = (next + 1) & table->mask) {
        uint32_t home = home_of(table, table->entries[next].id);
        if (((next - home) & table->mask) >= ((next - hole) & table->mask)) {
            table->entries[hole] = table->entries[next];
            hole = next;
        }
    }
    table->entries[hole].held = 0;
}
