// Memory for one request: taken piece by piece, given back all at once. Born with its maximum.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena {
    uint8_t *data; // owned
    size_t size;
    size_t used;
};

enum err CHECKED arena_init(struct arena *arena, size_t size);
void arena_finish(struct arena *arena);
// Zeroed, aligned to 16; NULL when the maximum is reached.
void *arena_take(struct arena *arena, size_t size);
// Everything taken becomes invalid.
void arena_clear(struct arena *arena);
