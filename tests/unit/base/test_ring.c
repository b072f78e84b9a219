#include "../test.h"

#include <pthread.h>
#include <sched.h>

#include "base/ring.h"

#define RECORDS 200000u

struct record {
    uint32_t number;
    uint32_t check;
};

static void test_order_and_full(void **state)
{
    (void)state;
    struct ring ring;
    assert_int_equal(ring_init(&ring, sizeof(struct record), 4), ERR_NONE);
    assert_null(ring_peek(&ring));
    for (unsigned round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < 4; i++) {
            struct record *record = ring_reserve(&ring);
            assert_non_null(record);
            record->number = i;
            ring_push(&ring);
        }
        assert_null(ring_reserve(&ring));
        for (uint32_t i = 0; i < 4; i++) {
            struct record *record = ring_peek(&ring);
            assert_non_null(record);
            assert_int_equal(record->number, i);
            ring_pop(&ring);
        }
        assert_null(ring_peek(&ring));
    }
    ring_finish(&ring);
}

static void test_reserved_is_not_visible(void **state)
{
    (void)state;
    struct ring ring;
    assert_int_equal(ring_init(&ring, sizeof(struct record), 2), ERR_NONE);
    assert_non_null(ring_reserve(&ring));
    assert_null(ring_peek(&ring));
    ring_push(&ring);
    assert_non_null(ring_peek(&ring));
    ring_finish(&ring);
}

static void *write_records(void *context)
{
    struct ring *ring = context;
    for (uint32_t i = 0; i < RECORDS;) {
        struct record *record = ring_reserve(ring);
        if (record == NULL) {
            sched_yield();
            continue;
        }
        record->number = i;
        record->check = ~i;
        ring_push(ring);
        i++;
    }
    return NULL;
}

// Every record arrives once, in order and whole; the thread sanitizer sees the rest.
static void test_two_threads(void **state)
{
    (void)state;
    struct ring ring;
    pthread_t writer;
    assert_int_equal(ring_init(&ring, sizeof(struct record), 64), ERR_NONE);
    assert_int_equal(pthread_create(&writer, NULL, write_records, &ring), 0);
    for (uint32_t i = 0; i < RECORDS;) {
        const struct record *record = ring_peek(&ring);
        if (record == NULL) {
            sched_yield();
            continue;
        }
        assert_int_equal(record->number, i);
        assert_int_equal(record->check, ~i);
        ring_pop(&ring);
        i++;
    }
    assert_int_equal(pthread_join(writer, NULL), 0);
    assert_null(ring_peek(&ring));
    ring_finish(&ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_full),
        cmocka_unit_test(test_reserved_is_not_visible),
        cmocka_unit_test(test_two_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
