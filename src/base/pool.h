// Live objects in a fixed array, named by handles (index + generation). A stale handle fails to
// resolve instead of dangling. One owning thread per pool. Sized once at start; a full pool
// refuses.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

// 0 is never a valid handle.
typedef uint32_t handle;
#define HANDLE_NONE       0u
#define HANDLE_INDEX_BITS 18 // up to 262,143 objects; 14 bits of generation

struct pool {
    uint8_t *objects; // owned; `capacity` objects of `object_size`
    uint16_t *generations;
    uint32_t *next_free;
    bool *taken;
    size_t object_size;
    uint32_t capacity;
    uint32_t used;
    uint32_t first_free;
};

enum err CHECKED pool_init(struct pool *pool, size_t object_size, uint32_t capacity);
void pool_finish(struct pool *pool);

// A zeroed object, or NULL when the pool is full.
void *pool_take(struct pool *pool, handle *ret_handle);
void pool_give(struct pool *pool, handle object);
// The object, or NULL for a stale, foreign or zero handle.
void *pool_get(const struct pool *pool, handle object);
// Walking: the object at `index` when taken, else NULL. 0 <= index < capacity.
void *pool_at(const struct pool *pool, uint32_t index, handle *ret_handle);
static inline uint32_t handle_index(handle object)
{
    return (object & ((1u << HANDLE_INDEX_BITS) - 1)) - 1;
}
