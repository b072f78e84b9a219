#include "../test.h"

#include "base/pool.h"

static void test_take_and_give(void **state)
{
    (void)state;
    struct pool pool;
    handle handles[3];
    handle extra;
    assert_int_equal(pool_init(&pool, sizeof(uint64_t), 3), ERR_NONE);
    for (size_t i = 0; i < 3; i++) {
        uint64_t *object = pool_take(&pool, &handles[i]);
        assert_non_null(object);
        assert_true(*object == 0);
        *object = i + 1;
        assert_int_not_equal(handles[i], HANDLE_NONE);
    }
    assert_null(pool_take(&pool, &extra)); // full
    assert_true(*(uint64_t *)pool_get(&pool, handles[1]) == 2);
    pool_give(&pool, handles[1]);
    assert_int_equal(pool.used, 2);
    assert_null(pool_get(&pool, handles[1])); // stale
    uint64_t *object = pool_take(&pool, &extra);
    assert_non_null(object);
    assert_true(*object == 0); // zeroed again
    assert_int_not_equal(extra, handles[1]);
    assert_int_equal(handle_index(extra), handle_index(handles[1]));
    assert_null(pool_get(&pool, handles[1]));
    assert_ptr_equal(pool_get(&pool, extra), object);
    pool_finish(&pool);
}

static void test_foreign_handles(void **state)
{
    (void)state;
    struct pool pool;
    handle first;
    assert_int_equal(pool_init(&pool, 1, 2), ERR_NONE);
    assert_null(pool_get(&pool, HANDLE_NONE));
    assert_null(pool_get(&pool, 1)); // not taken yet
    assert_null(pool_get(&pool, 0xffffffff));
    assert_non_null(pool_take(&pool, &first));
    assert_null(pool_get(&pool, first + 1));
    assert_null(pool_get(&pool, first + (1u << HANDLE_INDEX_BITS))); // another generation
    pool_finish(&pool);
}

static void test_walking(void **state)
{
    (void)state;
    struct pool pool;
    handle handles[4];
    assert_int_equal(pool_init(&pool, 4, 4), ERR_NONE);
    for (size_t i = 0; i < 4; i++) {
        assert_non_null(pool_take(&pool, &handles[i]));
    }
    pool_give(&pool, handles[2]);
    unsigned seen = 0;
    for (uint32_t i = 0; i < pool.capacity; i++) {
        handle object;
        void *at = pool_at(&pool, i, &object);
        if (at != NULL) {
            assert_ptr_equal(at, pool_get(&pool, object));
            seen++;
        }
    }
    assert_int_equal(seen, 3);
    pool_finish(&pool);
}

static void test_generations_wrap(void **state)
{
    (void)state;
    struct pool pool;
    handle before = HANDLE_NONE;
    assert_int_equal(pool_init(&pool, 1, 1), ERR_NONE);
    for (unsigned i = 0; i < 40000; i++) {
        handle now;
        assert_non_null(pool_take(&pool, &now));
        assert_int_not_equal(now, HANDLE_NONE);
        assert_int_not_equal(now, before);
        pool_give(&pool, now);
        before = now;
    }
    pool_finish(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_and_give),
        cmocka_unit_test(test_foreign_handles),
        cmocka_unit_test(test_walking),
        cmocka_unit_test(test_generations_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
