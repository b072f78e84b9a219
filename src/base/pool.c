#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define GENERATION_MAX ((1u << (32 - HANDLE_INDEX_BITS)) - 1)

enum err pool_init(struct pool *pool, size_t object_size, uint32_t capacity)
{
    ASSERT(capacity > 0 && capacity < (1u << HANDLE_INDEX_BITS) - 1);
    *pool = (struct pool){.object_size = object_size, .capacity = capacity};
    pool->objects = calloc(capacity, object_size);
    pool->generations = calloc(capacity, sizeof(*pool->generations));
    pool->next_free = calloc(capacity, sizeof(*pool->next_free));
    pool->taken = calloc(capacity, sizeof(*pool->taken));
    if (pool->objects == NULL || pool->generations == NULL || pool->next_free == NULL ||
        pool->taken == NULL) {
        pool_finish(pool);
        return ERR_FULL;
    }
    for (uint32_t i = 0; i < capacity; i++) {
        pool->next_free[i] = i + 1;
    }
    return ERR_NONE;
}

void pool_finish(struct pool *pool)
{
    free(pool->objects);
    free(pool->generations);
    free(pool->next_free);
    free(pool->taken);
    *pool = (struct pool){0};
}

static handle handle_of(const struct pool *pool, uint32_t index)
{
    return (uint32_t)pool->generations[index] << HANDLE_INDEX_BITS | (index + 1);
}

void *pool_take(struct pool *pool, handle *ret_handle)
{
    if (pool->used == pool->capacity) {
        return NULL;
    }
    uint32_t index = pool->first_free;
    pool->first_free = pool->next_free[index];
    pool->used++;
    pool->taken[index] = true;
    void *object = pool->objects + (size_t)index * pool->object_size;
    memset(object, 0, pool->object_size);
    *ret_handle = handle_of(pool, index);
    return object;
}

void pool_give(struct pool *pool, handle object)
{
    ASSERT(pool_get(pool, object) != NULL);
    uint32_t index = handle_index(object);
    pool->taken[index] = false;
    pool->generations[index] = (uint16_t)(pool->generations[index] == GENERATION_MAX
                                              ? 0
                                              : pool->generations[index] + 1);
    pool->next_free[index] = pool->first_free;
    pool->first_free = index;
    pool->used--;
}

void *pool_get(const struct pool *pool, handle object)
{
    uint32_t index = handle_index(object);
    if (object == HANDLE_NONE || index >= pool->capacity || !pool->taken[index] ||
        handle_of(pool, index) != object) {
        return NULL;
    }
    return pool->objects + (size_t)index * pool->object_size;
}

void *pool_at(const struct pool *pool, uint32_t index, handle *ret_handle)
{
    ASSERT(index < pool->capacity);
    if (!pool->taken[index]) {
        return NULL;
    }
    *ret_handle = handle_of(pool, index);
    return pool->objects + (size_t)index * pool->object_size;
}
