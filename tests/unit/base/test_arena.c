#include "../test.h"

#include "base/arena.h"

static void test_arena(void **state)
{
    (void)state;
    struct arena arena;
    assert_int_equal(arena_init(&arena, 64), ERR_NONE);
    uint8_t *a = arena_take(&arena, 1);
    uint8_t *b = arena_take(&arena, 17);
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal((uintptr_t)a % 16, 0);
    assert_int_equal(b - a, 16);
    memset(b, 0xff, 17);
    assert_null(arena_take(&arena, 17)); // 16 are left
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_non_null(arena_take(&arena, 16));
    assert_null(arena_take(&arena, 1));
    arena_clear(&arena);
    uint8_t *whole = arena_take(&arena, 64);
    assert_ptr_equal(whole, a);
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(whole[i], 0);
    }
    arena_finish(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_arena)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
