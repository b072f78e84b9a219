#include "base/ring.h"

#include <stdlib.h>

#include "base/assert.h"

enum err ring_init(struct ring *ring, size_t record_size, uint32_t capacity)
{
    ASSERT(capacity > 0 && (capacity & (capacity - 1)) == 0);
    *ring = (struct ring){.record_size = record_size, .mask = capacity - 1};
    ring->records = calloc(capacity, record_size);
    return ring->records != NULL ? ERR_NONE : ERR_FULL;
}

void ring_finish(struct ring *ring)
{
    free(ring->records);
    *ring = (struct ring){0};
}

void *ring_reserve(struct ring *ring)
{
    uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (head - ring->tail_seen > ring->mask) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
        if (head - ring->tail_seen > ring->mask) {
            return NULL;
        }
    }
    return ring->records + (size_t)(head & ring->mask) * ring->record_size;
}

void ring_push(struct ring *ring)
{
    uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

void *ring_peek(struct ring *ring)
{
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (tail == ring->head_seen) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
        if (tail == ring->head_seen) {
            return NULL;
        }
    }
    return ring->records + (size_t)(tail & ring->mask) * ring->record_size;
}

void ring_pop(struct ring *ring)
{
    uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
}
