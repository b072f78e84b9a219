#include "world.h"

#include <stdio.h>

#include "app/throttle.h"

static void test_waits_grow_and_end(void **state)
{
    (void)state;
    static struct throttle throttle;
    time_ms now = 1000000;
    for (int i = 0; i < THROTTLE_FREE_ATTEMPTS; i++) {
        assert_true(throttle_attempt(&throttle, "amina", now));
    }
    assert_false(throttle_attempt(&throttle, "amina", now + THROTTLE_WAIT_FIRST_MS - 1));
    assert_true(throttle_attempt(&throttle, "amina", now + THROTTLE_WAIT_FIRST_MS));
    now += THROTTLE_WAIT_FIRST_MS;
    assert_false(throttle_attempt(&throttle, "amina", now + 2 * THROTTLE_WAIT_FIRST_MS - 1));
    // Another account is not touched.
    assert_true(throttle_attempt(&throttle, "li", now));
    for (int i = 0; i < 40; i++) {
        now += THROTTLE_WAIT_MAX_MS;
        assert_true(throttle_attempt(&throttle, "amina", now));
    }
    assert_false(throttle_attempt(&throttle, "amina", now + THROTTLE_WAIT_MAX_MS - 1));
}

static void test_success_and_quiet_forget(void **state)
{
    (void)state;
    static struct throttle throttle;
    for (int i = 0; i < THROTTLE_FREE_ATTEMPTS; i++) {
        assert_true(throttle_attempt(&throttle, "amina", 1000));
    }
    throttle_succeeded(&throttle, "amina");
    assert_true(throttle_attempt(&throttle, "amina", 1001));
    for (int i = 1; i < THROTTLE_FREE_ATTEMPTS; i++) {
        assert_true(throttle_attempt(&throttle, "amina", 1001));
    }
    assert_false(throttle_attempt(&throttle, "amina", 1002));
    time_ms later = 1002 + THROTTLE_FORGET_MS;
    for (int i = 0; i < THROTTLE_FREE_ATTEMPTS; i++) {
        assert_true(throttle_attempt(&throttle, "amina", later));
    }
    assert_false(throttle_attempt(&throttle, "amina", later));
}

static void test_many_accounts_displace_the_quietest(void **state)
{
    (void)state;
    static struct throttle throttle;
    for (int i = 0; i < THROTTLE_FREE_ATTEMPTS; i++) {
        assert_true(throttle_attempt(&throttle, "first", 1000));
    }
    for (int i = 0; i < THROTTLE_ACCOUNTS_MAX; i++) {
        char account[16];
        snprintf(account, sizeof(account), "account%d", i);
        assert_true(throttle_attempt(&throttle, account, 1001 + i));
    }
    assert_true(throttle_attempt(&throttle, "first", 1500)); // forgotten, so it begins anew
    assert_true(throttle_attempt(&throttle, "account255", 1500));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_grow_and_end),
        cmocka_unit_test(test_success_and_quiet_forget),
        cmocka_unit_test(test_many_accounts_displace_the_quietest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
