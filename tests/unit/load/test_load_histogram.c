#include "../test.h"

#include "load/load_histogram.h"

static struct load_histogram histogram;

static int empty(void **state)
{
    (void)state;
    memset(&histogram, 0, sizeof(histogram));
    return 0;
}

static void nothing_is_zero(void **state)
{
    (void)state;
    assert_int_equal(load_histogram_percentile(&histogram, 0.5), 0);
    assert_int_equal(load_histogram_percentile(&histogram, 1), 0);
}

static void one_value_is_every_percentile(void **state)
{
    (void)state;
    load_histogram_add(&histogram, 12345);
    assert_int_equal(load_histogram_percentile(&histogram, 0), 12345);
    assert_int_equal(load_histogram_percentile(&histogram, 0.5), 12345);
    assert_int_equal(histogram.max, 12345);
}

static void percentiles_are_right_within_three_percent(void **state)
{
    (void)state;
    for (time_us i = 1; i <= 100000; i++) {
        load_histogram_add(&histogram, i * 7);
    }
    const double shares[] = {0.01, 0.25, 0.5, 0.9, 0.99, 0.999};
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        double exact = shares[i] * 700000;
        double found = (double)load_histogram_percentile(&histogram, shares[i]);
        assert_true(found >= exact * 0.999 && found <= exact * 1.035);
    }
    assert_int_equal(load_histogram_percentile(&histogram, 1), 700000);
}

static void small_values_are_exact(void **state)
{
    (void)state;
    for (time_us i = 0; i < 64; i++) {
        load_histogram_add(&histogram, i);
    }
    assert_int_equal(load_histogram_percentile(&histogram, 0.25), 15);
    assert_int_equal(load_histogram_percentile(&histogram, 0.75), 47);
}

static void the_ends_are_held(void **state)
{
    (void)state;
    load_histogram_add(&histogram, -5);
    load_histogram_add(&histogram, INT64_MAX);
    assert_int_equal(histogram.count, 2);
    assert_int_equal(load_histogram_percentile(&histogram, 0.5), 0);
    assert_int_equal(load_histogram_percentile(&histogram, 1), (1ll << 36) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_zero, empty),
        cmocka_unit_test_setup(one_value_is_every_percentile, empty),
        cmocka_unit_test_setup(percentiles_are_right_within_three_percent, empty),
        cmocka_unit_test_setup(small_values_are_exact, empty),
        cmocka_unit_test_setup(the_ends_are_held, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
