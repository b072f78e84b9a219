#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum err arena_init(struct arena *arena, size_t size)
{
    *arena = (struct arena){.data = malloc(size), .size = size};
    return arena->data != NULL ? ERR_NONE : ERR_FULL;
}

void arena_finish(struct arena *arena)
{
    free(arena->data);
    *arena = (struct arena){0};
}

void *arena_take(struct arena *arena, size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;
    if (rounded < size || rounded > arena->size - arena->used) {
        return NULL;
    }
    void *piece = arena->data + arena->used;
    arena->used += rounded;
    memset(piece, 0, size);
    return piece;
}

void arena_clear(struct arena *arena)
{
    arena->used = 0;
}
