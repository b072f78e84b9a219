#include "world.h"

#include <stdio.h>
#include <string.h>

#include "app/throttle.h"

static const uint8_t here[THROTTLE_FROM_SIZE] = {1};
static const uint8_t there[THROTTLE_FROM_SIZE] = {2};
static struct throttle throttle;

static int setup(void **state)
{
    (void)state;
    throttle_init(&throttle);
    return 0;
}

static void try_times(const char *account, const uint8_t *from, int times, time_ms now)
{
    for (int i = 0; i < times; i++) {
        assert_true(throttle_attempt(&throttle, account, from, now));
    }
}

static void test_waits_grow_and_end(void **state)
{
    (void)state;
    time_ms now = 1000000;
    try_times("amina", here, THROTTLE_FREE_ATTEMPTS, now);
    assert_false(throttle_attempt(&throttle, "amina", here, now + THROTTLE_WAIT_FIRST_MS - 1));
    assert_true(throttle_attempt(&throttle, "amina", here, now + THROTTLE_WAIT_FIRST_MS));
    now += THROTTLE_WAIT_FIRST_MS;
    assert_false(throttle_attempt(&throttle, "amina", here, now + 2 * THROTTLE_WAIT_FIRST_MS - 1));
    // Neither another account nor another place is touched.
    assert_true(throttle_attempt(&throttle, "li", here, now));
    assert_true(throttle_attempt(&throttle, "amina", there, now));
    for (int i = 0; i < 40; i++) {
        now += THROTTLE_WAIT_MAX_MS;
        assert_true(throttle_attempt(&throttle, "amina", here, now));
    }
    assert_false(throttle_attempt(&throttle, "amina", here, now + THROTTLE_WAIT_MAX_MS - 1));
}

static void test_success_and_quiet_forget(void **state)
{
    (void)state;
    try_times("amina", here, THROTTLE_FREE_ATTEMPTS, 1000);
    assert_false(throttle_knows(&throttle, "amina", here));
    throttle_succeeded(&throttle, "amina", here, 1000);
    assert_true(throttle_knows(&throttle, "amina", here));
    assert_false(throttle_knows(&throttle, "amina", there));
    try_times("amina", here, THROTTLE_FREE_ATTEMPTS, 1001);
    assert_false(throttle_attempt(&throttle, "amina", here, 1002));
    try_times("amina", here, THROTTLE_FREE_ATTEMPTS, 1003 + THROTTLE_FORGET_MS);
}

static void test_what_was_not_tried_counts_for_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * THROTTLE_FREE_ATTEMPTS; i++) {
        assert_true(throttle_attempt(&throttle, "amina", here, 1000));
        throttle_give_back(&throttle, "amina", here);
    }
    try_times("amina", here, THROTTLE_FREE_ATTEMPTS, 1000);
    assert_false(throttle_attempt(&throttle, "amina", here, 1001));
    throttle_give_back(&throttle, "li", here); // never seen
}

static void test_a_flood_of_places_forgets_no_friend(void **state)
{
    (void)state;
    throttle_succeeded(&throttle, "amina", here, 1000);
    for (uint32_t i = 0; i < 100000; i++) {
        uint8_t from[THROTTLE_FROM_SIZE] = {9};
        memcpy(from + 1, &i, sizeof(i));
        assert_true(throttle_attempt(&throttle, "amina", from, 2000));
    }
    assert_true(throttle_knows(&throttle, "amina", here));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_waits_grow_and_end, setup),
        cmocka_unit_test_setup(test_success_and_quiet_forget, setup),
        cmocka_unit_test_setup(test_what_was_not_tried_counts_for_nothing, setup),
        cmocka_unit_test_setup(test_a_flood_of_places_forgets_no_friend, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
