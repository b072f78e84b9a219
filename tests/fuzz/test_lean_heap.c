// That the lean heap hides nothing from the address sanitizer: what is beyond a block, or freed, is
// poisoned; whoever touches it, or frees twice, dies.
#include "../unit/test.h"

#include <jansson.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lean_heap.h"

#if defined(__SANITIZE_ADDRESS__)
#define CHECKED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHECKED 1
#endif
#endif

#ifdef CHECKED
#include <sanitizer/asan_interface.h>
#else
#define __asan_address_is_poisoned(at) ((void)(at), skip(), 0)
#endif

static bool is_poisoned(const void *at)
{
    return __asan_address_is_poisoned(at) != 0;
}

static void every_block_stands_between_poisoned_bytes(void **state)
{
    (void)state;
    unsigned char *blocks[200];
    for (size_t size = 0; size < 200; size++) {
        blocks[size] = lean_heap_take(size);
        assert_non_null(blocks[size]);
        assert_int_equal((uintptr_t)blocks[size] % 16, 0);
        memset(blocks[size], 1, size);
    }
    for (size_t size = 0; size < 200; size++) {
        for (size_t i = 0; i < size; i++) {
            assert_false(is_poisoned(blocks[size] + i));
        }
        for (int before = 1; before <= 16; before++) {
            assert_true(is_poisoned(blocks[size] - before));
        }
        assert_true(is_poisoned(blocks[size] + size));
    }
    for (size_t size = 0; size < 200; size++) {
        free(blocks[size]);
    }
    assert_int_equal(lean_heap_taken(), 0);
}

static void what_is_freed_is_poisoned_and_stays_so(void **state)
{
    (void)state;
    unsigned char *first = lean_heap_take(100);
    lean_heap_give(first);
    for (int i = 0; i < 100; i++) {
        assert_true(is_poisoned(first + i));
    }
    // A megabyte is taken and freed before the same bytes come again.
    for (int i = 0; i < 1000; i++) {
        unsigned char *next = lean_heap_take(1000);
        assert_true(next > first + 100 || next + 1000 <= first);
        lean_heap_give(next);
        assert_true(is_poisoned(first));
    }
}

// Blocks that stay are never given to another, however much comes and goes: where one stays in
// every region the rest comes from malloc().
static void what_is_kept_is_kept(void **state)
{
    (void)state;
    static unsigned char *kept[64];
    for (int round = 0; round < 64; round++) {
        kept[round] = lean_heap_take(64);
        memset(kept[round], round, 64);
        for (int i = 0; i < 500; i++) {
            unsigned char *passing = lean_heap_take(2000);
            memset(passing, 0xff, 2000);
            free(passing);
        }
    }
    for (int round = 0; round < 64; round++) {
        assert_int_equal(kept[round][0], round);
        assert_int_equal(kept[round][63], round);
        free(kept[round]);
    }
    assert_int_equal(lean_heap_taken(), 0);
}

static void json_and_copies_live_in_it(void **state)
{
    (void)state;
    lean_heap_serve_json();
    json_t *json = json_pack("{s:[i,i]}", "a", 1, 2);
    char *text = json_dumps(json, JSON_COMPACT);
    char *copy = strndup(text, 3);
    assert_string_equal(copy, "{\"a");
    assert_true(lean_heap_taken() > 5);
    assert_true(is_poisoned(text + strlen(text) + 1));
    assert_true(is_poisoned(copy + 4));
    text = realloc(text, 20);
    assert_string_equal(text, "{\"a\":[1,2]}");
    assert_true(is_poisoned(text + 20));
    text = realloc(text, LEAN_HEAP_BLOCK_MAX + 1); // and out of it
    assert_string_equal(text, "{\"a\":[1,2]}");
    free(copy);
    free(text);
    json_decref(json);
    assert_int_equal(lean_heap_taken(), 0);
    free(malloc(10)); // others' as ever
    free(NULL);
    void *large = lean_heap_take(LEAN_HEAP_BLOCK_MAX + 1);
    assert_int_equal(lean_heap_taken(), 0);
    free(large);
}

// ---- Whoever does these dies

static void reads_beyond(volatile unsigned char *block)
{
    (void)block[30];
}

static void writes_before(volatile unsigned char *block)
{
    block[-1] = 0;
}

static void reads_what_is_freed(volatile unsigned char *block)
{
    lean_heap_give((void *)block);
    (void)block[7];
}

static void copies_beyond(volatile unsigned char *block)
{
    static unsigned char to[64];
    memcpy(to, (const void *)block, 31);
}

static void frees_twice(volatile unsigned char *block)
{
    lean_heap_give((void *)block);
    lean_heap_give((void *)block);
}

static void whoever_errs_dies(void **state)
{
    (void)state;
    static void (*const errors[])(volatile unsigned char *) = {
        reads_beyond, writes_before, reads_what_is_freed, copies_beyond, frees_twice};
    (void)is_poisoned(errors); // without the sanitizer nobody sees them
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        pid_t child = fork();
        if (child == 0) {
            if (freopen("/dev/null", "w", stderr) != NULL) {
                errors[i](lean_heap_take(30));
            }
            _exit(0);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_stands_between_poisoned_bytes),
        cmocka_unit_test(what_is_freed_is_poisoned_and_stays_so),
        cmocka_unit_test(what_is_kept_is_kept),
        cmocka_unit_test(json_and_copies_live_in_it),
        cmocka_unit_test(whoever_errs_dies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
