// A set of indices below a fixed capacity: adding, removing and asking take one step, walking is
// dense. One thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/err.h"

struct index_set {
    uint32_t *items;     // owned; the first `count` are in the set
    uint32_t *positions; // owned; by index: position in items + 1, 0 when absent
    uint32_t capacity;
    uint32_t count;
};

static inline void index_set_finish(struct index_set *set)
{
    free(set->items);
    free(set->positions);
    *set = (struct index_set){.count = 0};
}

static inline enum err CHECKED index_set_init(struct index_set *set, uint32_t capacity)
{
    *set = (struct index_set){.capacity = capacity};
    set->items = calloc(capacity, sizeof(*set->items));
    set->positions = calloc(capacity, sizeof(*set->positions));
    if (set->items == NULL || set->positions == NULL) {
        index_set_finish(set);
        return ERR_FULL;
    }
    return ERR_NONE;
}

static inline bool index_set_has(const struct index_set *set, uint32_t index)
{
    return index < set->capacity && set->positions[index] != 0;
}

static inline void index_set_add(struct index_set *set, uint32_t index)
{
    ASSERT(index < set->capacity);
    if (set->positions[index] == 0) {
        set->items[set->count++] = index;
        set->positions[index] = set->count;
    }
}

static inline void index_set_remove(struct index_set *set, uint32_t index)
{
    ASSERT(index < set->capacity);
    uint32_t position = set->positions[index];
    if (position != 0) {
        uint32_t last = set->items[--set->count];
        set->items[position - 1] = last;
        set->positions[last] = position;
        set->positions[index] = 0;
    }
}
