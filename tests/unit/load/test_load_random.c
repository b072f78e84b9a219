#include "../test.h"

#include "load/load_random.h"

#define MANY 20000

static void a_seed_repeats(void **state)
{
    (void)state;
    struct load_random one = {.state = 5};
    struct load_random same = {.state = 5};
    struct load_random other = {.state = 6};
    for (int i = 0; i < 100; i++) {
        uint64_t value = load_random_u64(&one);
        assert_true(value == load_random_u64(&same));
        assert_true(value != load_random_u64(&other));
    }
}

static void arrivals_have_their_rate(void **state)
{
    (void)state;
    struct load_random random = {.state = 1};
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < MANY; i++) {
        time_us interval = load_random_interval(&random, 200);
        assert_true(interval >= 0);
        sum += (double)interval;
        squares += (double)interval * (double)interval;
    }
    double mean = sum / MANY;
    double deviation_squared = squares / MANY - mean * mean;
    // 5 ms each; of a Poisson process the deviation is the mean.
    assert_true(mean > 4850 && mean < 5150);
    assert_true(deviation_squared > 0.9 * mean * mean && deviation_squared < 1.1 * mean * mean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_repeats),
        cmocka_unit_test(arrivals_have_their_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
