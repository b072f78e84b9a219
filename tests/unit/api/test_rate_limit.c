#include "../test.h"

#include "api/rate_limit.h"

static const struct token_rate ten_a_minute = {.per_minute = 10, .burst = 10};

static int take_all(struct token_bucket *bucket, time_ms now)
{
    int taken = 0;
    while (token_bucket_take(bucket, &ten_a_minute, now)) {
        taken++;
    }
    return taken;
}

static void a_bucket_gives_its_burst_then_its_rate(void **state)
{
    (void)state;
    struct token_bucket bucket = {0};
    assert_int_equal(take_all(&bucket, 1000), 10);
    assert_int_equal(token_bucket_wait_s(&bucket, &ten_a_minute), 7);
    assert_int_equal(take_all(&bucket, 6999), 0);
    assert_int_equal(take_all(&bucket, 7000), 1);
    // Asking every millisecond loses nothing to rounding.
    int taken = 0;
    for (time_ms now = 7001; now <= 67000; now++) {
        taken += token_bucket_take(&bucket, &ten_a_minute, now);
    }
    assert_int_equal(taken, 10);
    assert_int_equal(take_all(&bucket, 100000000), 10);
}

static void what_is_owed_comes_back_like_any_other(void **state)
{
    (void)state;
    struct token_bucket bucket = {0};
    assert_true(token_bucket_take(&bucket, &ten_a_minute, 1000));
    token_bucket_charge(&bucket, &ten_a_minute, 11); // of nine
    assert_int_equal(token_bucket_wait_s(&bucket, &ten_a_minute), 19);
    assert_int_equal(take_all(&bucket, 18999), 0);
    assert_int_equal(take_all(&bucket, 19000), 1);
    // However much is charged, no more than a burst is owed.
    token_bucket_charge(&bucket, &ten_a_minute, 4000000000u);
    assert_int_equal(take_all(&bucket, 19000 + 65999), 0);
    assert_int_equal(take_all(&bucket, 19000 + 66000), 1);
    token_bucket_charge(&bucket, &ten_a_minute, 10);
    assert_int_equal(take_all(&bucket, 19000 + 66000 + 120000), 10);
}

static void looking_takes_nothing(void **state)
{
    (void)state;
    struct remote_limits *limits = NULL;
    int wait_s = 7;
    assert_int_equal(remote_limits_create(1, &limits), ERR_NONE);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(
            person_limits_look(limits, PERSON_LIMIT_PUT_OUT, "m1", "p1", 5000, &wait_s), ERR_NONE);
        person_limits_charge(limits, PERSON_LIMIT_PUT_OUT, "m1", "p1", 5000, 1);
    }
    assert_int_equal(wait_s, 0);
    assert_int_equal(person_limits_look(limits, PERSON_LIMIT_PUT_OUT, "m1", "p1", 5000, &wait_s),
                     ERR_TOO_MANY);
    assert_in_range(wait_s, 10, 11);
    assert_int_equal(person_limits_look(limits, PERSON_LIMIT_PUT_OUT, "m1", "p2", 5000, &wait_s),
                     ERR_NONE);
    assert_int_equal(person_limits_look(limits, PERSON_LIMIT_PUT_OUT, "m1", "p1", 15000, &wait_s),
                     ERR_NONE);
    remote_limits_destroy(limits);
}

static void a_clock_that_goes_back_refills_nothing(void **state)
{
    (void)state;
    struct token_bucket bucket = {0};
    assert_int_equal(take_all(&bucket, 100000), 10);
    assert_int_equal(take_all(&bucket, 1000), 0);
    assert_int_equal(take_all(&bucket, 6000), 0);
    assert_int_equal(take_all(&bucket, 7000), 1);
}

static int take_remote(struct remote_limits *limits, const char *remote)
{
    int taken = 0;
    int wait_s = 0;
    while (taken < 100 &&
           remote_limits_take(limits, REMOTE_LIMIT_SIGN_IN, remote, 5000, &wait_s) == ERR_NONE) {
        taken++;
    }
    assert_true(wait_s >= 1);
    return taken;
}

static void each_remote_has_its_own(void **state)
{
    (void)state;
    struct remote_limits *limits = NULL;
    int wait_s = 0;
    assert_int_equal(remote_limits_create(1, &limits), ERR_NONE);
    assert_int_equal(take_remote(limits, "192.0.2.1"), 10);
    assert_int_equal(take_remote(limits, "192.0.2.2"), 10);
    assert_int_equal(take_remote(limits, "::ffff:192.0.2.1"), 0);
    assert_int_equal(take_remote(limits, "2001:db8:0:1::1"), 10);
    assert_int_equal(take_remote(limits, "2001:db8:0:1:ffff::9"), 0);
    assert_int_equal(take_remote(limits, "2001:db8:0:2::1"), 10);
    assert_int_equal(remote_limits_take(limits, REMOTE_LIMIT_BEARER, "192.0.2.1", 5000, &wait_s),
                     ERR_NONE);
    remote_limits_give_back(limits, REMOTE_LIMIT_SIGN_IN, "192.0.2.1", 5000);
    assert_int_equal(take_remote(limits, "192.0.2.1"), 1);
    remote_limits_destroy(limits);
}

static void many_remotes_do_not_grow_it(void **state)
{
    (void)state;
    struct remote_limits *limits = NULL;
    assert_int_equal(remote_limits_create(7, &limits), ERR_NONE);
    int wait_s = 0;
    for (unsigned int i = 0; i < 20000; i++) {
        char remote[32];
        snprintf(remote, sizeof(remote), "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
        assert_int_equal(
            remote_limits_take(limits, REMOTE_LIMIT_SIGN_IN, remote, 5000 + i, &wait_s), ERR_NONE);
    }
    remote_limits_destroy(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_gives_its_burst_then_its_rate),
        cmocka_unit_test(what_is_owed_comes_back_like_any_other),
        cmocka_unit_test(looking_takes_nothing),
        cmocka_unit_test(a_clock_that_goes_back_refills_nothing),
        cmocka_unit_test(each_remote_has_its_own),
        cmocka_unit_test(many_remotes_do_not_grow_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
