// From control's identifiers to indices of arrays: open addressing, sized once. One owning thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define ID_TABLE_NONE UINT32_MAX

struct id_table {
    struct id_table_entry {
        uint64_t id;
        uint32_t held; // the value and one, so that room not used yet costs no memory; 0: free
    } * entries;       // owned; a power of two of them, at least twice the capacity
    uint32_t mask;
    uint32_t capacity;
    uint32_t used;
};

enum err CHECKED id_table_init(struct id_table *table, uint32_t capacity);
void id_table_finish(struct id_table *table);
// ID_TABLE_NONE when there is none.
uint32_t id_table_find(const struct id_table *table, uint64_t id);
// The id must be new, and the table not full (both asserted).
void id_table_add(struct id_table *table, uint64_t id, uint32_t value);
void id_table_remove(struct id_table *table, uint64_t id);
