// A heap for a fuzz target whose time would go into the sanitizer's own, which keeps a stack for
// each block: a block costs two short writes to the shadow here. Every block stands between
// poisoned bytes, and is poisoned once it is freed until all of its neighbours are, so that the
// address sanitizer still finds whatever is read or written beyond it or too late. What is freed
// twice ends the process. Its texts may be given to free() and realloc(), as those of json_dumps()
// are. One thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEAN_HEAP_BLOCK_MAX 16384u // larger ones come from malloc()

// Aligned to 16 bytes; NULL when memory is short.
void *lean_heap_take(size_t size);
// NULL, and what malloc() gave, may be given too. free() does the same.
void lean_heap_give(void *block);
// Blocks of lean_heap_take() that were not given back.
uint32_t lean_heap_taken(void);
// From now on the JSON library's memory comes from here.
void lean_heap_serve_json(void);
