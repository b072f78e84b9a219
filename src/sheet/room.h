// Memory that grows by doubling, for what has a maximum of its own.
#pragma once

#include <stddef.h>
#include <stdlib.h>

// `data` with room for `wanted` things of `size` bytes, perhaps elsewhere; NULL without memory, and
// `data` is what it was. `room`: how many there is room for.
static inline void *room_for(void *data, size_t *room, size_t wanted, size_t size)
{
    if (wanted <= *room) {
        return data;
    }
    size_t more = *room < 64 ? 64 : 2 * *room;
    more = more < wanted ? wanted : more;
    void *grown = realloc(data, more * size);
    *room = grown != NULL ? more : *room;
    return grown;
}
