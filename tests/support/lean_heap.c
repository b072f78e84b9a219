#include "lean_heap.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/assert.h"

#if defined(__SANITIZE_ADDRESS__)
#define LEAN_HEAP_CHECKED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAN_HEAP_CHECKED 1
#endif
#endif

#ifdef LEAN_HEAP_CHECKED
#include <sanitizer/asan_interface.h>
#define UNCHECKED __attribute__((no_sanitize("address")))
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define UNCHECKED
#endif

// What still comes from malloc() is small: a large quarantine only keeps its pages out of the
// cache. ASAN_OPTIONS has the last word.
const char *__asan_default_options(void); // NOLINT(bugprone-reserved-identifier)
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=8";
}

// Regions are filled one after the other, and each is used again when nothing in it is taken: what
// is freed stays poisoned for the while that it takes to come round.
#define REGIONS     16u
#define REGION_SIZE (128u << 10)
#define GRAIN       16u
#define GIVEN       UINT64_C(0x6769766e)
#define TAKEN       UINT64_C(0x74616b65)

// Stands in front of each block, in poisoned bytes: the redzone of the one before.
struct block {
    uint64_t size;
    uint64_t state;
};

_Static_assert(sizeof(struct block) == GRAIN, "blocks stay aligned");

static unsigned char *heap; // of REGIONS, one behind the other
static uint32_t current;
static size_t filled; // bytes of the current one
static uint32_t taken_in[REGIONS];
static uint32_t taken;

// The linker's names (--wrap): what everybody calls free, realloc and strndup, and what they are.
void __wrap_free(void *block);                           // NOLINT(bugprone-reserved-identifier)
void __real_free(void *block);                           // NOLINT(bugprone-reserved-identifier)
void *__wrap_realloc(void *block, size_t size);          // NOLINT(bugprone-reserved-identifier)
void *__real_realloc(void *block, size_t size);          // NOLINT(bugprone-reserved-identifier)
char *__wrap_strndup(const char *text, size_t size_max); // NOLINT(bugprone-reserved-identifier)

static bool is_ours(const void *block)
{
    const unsigned char *at = block;
    return heap != NULL && at >= heap && at < heap + (size_t)REGIONS * REGION_SIZE;
}

static void make_heap(void)
{
    heap = mmap(NULL, (size_t)REGIONS * REGION_SIZE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT(heap != MAP_FAILED);
    ASAN_POISON_MEMORY_REGION(heap, (size_t)REGIONS * REGION_SIZE);
}

// False when something in every other region is taken.
static bool turn_to_next(void)
{
    for (uint32_t i = 1; i < REGIONS; i++) {
        uint32_t next = (current + i) % REGIONS;
        if (taken_in[next] == 0) {
            current = next;
            filled = 0;
            return true;
        }
    }
    return false;
}

UNCHECKED static void *begin_block(unsigned char *at, size_t size)
{
    struct block *block = (struct block *)(void *)at;
    *block = (struct block){.size = size, .state = TAKEN};
    ASAN_UNPOISON_MEMORY_REGION(block + 1, size);
    return block + 1;
}

UNCHECKED static void end_block(void *data)
{
    struct block *block = (struct block *)data - 1;
    ASSERT(block->state == TAKEN); // GIVEN: it is freed twice
    block->state = GIVEN;
    ASAN_POISON_MEMORY_REGION(data, block->size);
}

void *lean_heap_take(size_t size)
{
    if (size > LEAN_HEAP_BLOCK_MAX) {
        return malloc(size);
    }
    if (heap == NULL) {
        make_heap();
    }
    // At least one byte behind each is poisoned, besides what the next begins with.
    size_t room = sizeof(struct block) + (size / GRAIN + 1) * GRAIN;
    if (filled + room > REGION_SIZE && !turn_to_next()) {
        return malloc(size);
    }
    unsigned char *at = heap + (size_t)current * REGION_SIZE + filled;
    filled += room;
    taken_in[current]++;
    taken++;
    return begin_block(at, size);
}

void lean_heap_give(void *block)
{
    if (!is_ours(block)) {
        __real_free(block);
        return;
    }
    end_block(block);
    taken_in[((unsigned char *)block - heap) / REGION_SIZE]--;
    taken--;
}

void __wrap_free(void *block)
{
    lean_heap_give(block);
}

UNCHECKED static size_t size_of(const void *data)
{
    const struct block *block = (const struct block *)data - 1;
    ASSERT(block->state == TAKEN);
    return block->size;
}

void *__wrap_realloc(void *block, size_t size)
{
    if (!is_ours(block)) {
        return __real_realloc(block, size);
    }
    void *grown = lean_heap_take(size);
    if (grown != NULL) {
        size_t before = size_of(block);
        memcpy(grown, block, before < size ? before : size);
        lean_heap_give(block);
    }
    return grown;
}

char *__wrap_strndup(const char *text, size_t size_max)
{
    size_t size = strnlen(text, size_max);
    char *copy = lean_heap_take(size + 1);
    if (copy != NULL) {
        memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

uint32_t lean_heap_taken(void)
{
    return taken;
}

void lean_heap_serve_json(void)
{
    json_set_alloc_funcs(lean_heap_take, lean_heap_give);
}
