// A bounded ring of fixed-size records between exactly one writing and one reading thread.
// Lock-free: each side owns one index. A full ring refuses (the caller sheds by its stated policy
// and counts); nothing blocks.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct ring {
    uint8_t *records; // owned
    size_t record_size;
    uint32_t mask;                      // capacity - 1; the capacity is a power of two
    _Alignas(64) _Atomic uint32_t head; // next to write; owned by the writer
    uint32_t tail_seen;                 // writer's last view of tail
    _Alignas(64) _Atomic uint32_t tail; // next to read; owned by the reader
    uint32_t head_seen;                 // reader's last view of head
};

enum err CHECKED ring_init(struct ring *ring, size_t record_size, uint32_t capacity);
void ring_finish(struct ring *ring);

// Writer: the record to fill, or NULL when the ring is full; ring_push() makes it visible.
void *ring_reserve(struct ring *ring);
void ring_push(struct ring *ring);
// Reader: the oldest record, or NULL when the ring is empty; ring_pop() gives its room back.
void *ring_peek(struct ring *ring);
void ring_pop(struct ring *ring);
