#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "media/counters.h"
#include "media/rate_limit.h"

static struct counters threads[2];
static struct link_message message;

static uint64_t value_of(const char *name)
{
    for (uint16_t i = 0; i < message.counter_count; i++) {
        if (text_equal(message.counters[i].name, name)) {
            return message.counters[i].value;
        }
    }
    fail_msg("no counter %s", name);
    return 0;
}

static void test_threads_are_summed(void **state)
{
    (void)state;
    struct router_counters router = {.nack_in_total = 40};
    memset(threads, 0, sizeof(threads));
    counter_add(&threads[0].joins_total, 2);
    counter_add(&threads[1].joins_total, 3);
    counters_publish_router(&threads[0], &router);
    router.nack_in_total = 2;
    counters_publish_router(&threads[1], &router);
    counters_message(threads, 2, &message);
    counters_append(&message, "peers", 9);
    assert_int_equal(message.type, LINK_COUNTERS);
    assert_int_equal(value_of("joins_total"), 5);
    assert_int_equal(value_of("nack_in_total"), 42);
    assert_int_equal(value_of("forward_delay_us_p50"), 0);
    assert_int_equal(value_of("peers"), 9);
    // Room for all, and for what the coordinator adds.
    assert_true(message.counter_count + 8 <= LINK_COUNTERS_MAX);
    size_t size = 0;
    static uint8_t encoded[LINK_MESSAGE_MAX];
    assert_int_equal(link_encode(&message, encoded, sizeof(encoded), &size), ERR_NONE);
}

static void test_delay_percentiles(void **state)
{
    (void)state;
    memset(threads, 0, sizeof(threads));
    counters_add_delay(&threads[0], 40, 980);
    counters_add_delay(&threads[1], 3000, 15);
    counters_add_delay(&threads[1], -5, 5);
    counters_message(threads, 2, &message);
    // Four buckets an octave: at most a quarter above the truth, never below.
    assert_in_range(value_of("forward_delay_us_p50"), 40, 50);
    assert_in_range(value_of("forward_delay_us_p99"), 3000, 3750);
    for (time_us delay = 0; delay < 2000000; delay = delay * 5 / 4 + 1) {
        memset(threads, 0, sizeof(threads));
        counters_add_delay(&threads[0], delay, 1);
        counters_message(threads, 1, &message);
        assert_in_range(value_of("forward_delay_us_p99"), (uintmax_t)delay,
                        (uintmax_t)(delay + delay / 4 + 1));
    }
    counters_add_delay(&threads[0], INT64_MAX, 1); // beyond the last bucket
}

static void test_rate_limit(void **state)
{
    (void)state;
    struct rate_limit limit = {.empty_at = 0};
    time_us now = 50 * (time_us)TIME_US_PER_S;
    unsigned taken = 0;
    for (unsigned i = 0; i < 100; i++) {
        taken += rate_limit_take(&limit, now, 10, 20);
    }
    assert_in_range(taken, 20, 21);
    for (unsigned i = 0; i < 100; i++) {
        taken += rate_limit_take(&limit, now + TIME_US_PER_S, 10, 20);
    }
    assert_in_range(taken, 30, 31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_are_summed),
        cmocka_unit_test(test_delay_percentiles),
        cmocka_unit_test(test_rate_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
