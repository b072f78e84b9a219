#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "report/quality.h"

static void sums_and_maxima(void **state)
{
    (void)state;
    struct quality_minute minute = {.at = quality_minute_of(INT64_C(1700000012345))};
    assert_int_equal(minute.at, INT64_C(1699999980000));
    assert_true(quality_is_empty(&minute));
    assert_true(quality_add_sample(&minute, &(struct quality_sample){40, 3, 10, 50}));
    assert_true(quality_add_sample(&minute, &(struct quality_sample){60, 9, 0, 48}));
    assert_true(quality_add_sound(&minute, &(struct quality_sound){2, -20, 0}));
    assert_true(quality_add_sound(&minute, &(struct quality_sound){1, -25, 16000}));
    assert_true(quality_add_sound(&minute, &(struct quality_sound){0, 0, 0})); // knows neither
    struct quality_total total = {0};
    quality_add_minute(&total, &minute);
    quality_add_minute(&total, &minute);
    assert_int_equal(total.minutes, 2);
    assert_int_equal(quality_mean((int64_t)total.round_trip_ms_sum, total.samples), 50);
    assert_int_equal(total.jitter_ms_max, 9);
    assert_int_equal(total.loss_permille_max, 10);
    assert_int_equal(quality_mean((int64_t)total.packets_per_s_sum, total.samples), 49);
    assert_int_equal(total.limiter_hits, 6);
    assert_int_equal(quality_mean(total.level_db_sum, total.levels), -23);
    assert_int_equal(quality_mean((int64_t)total.bandwidth_hz_sum, total.bandwidths), 16000);
}

static void is_bounded(void **state)
{
    (void)state;
    struct quality_minute minute = {0};
    for (int i = 0; i < QUALITY_SAMPLES_MAX; i++) {
        assert_true(quality_add_sample(
            &minute, &(struct quality_sample){UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}));
        assert_true(
            quality_add_sound(&minute, &(struct quality_sound){UINT32_MAX, INT32_MIN, UINT32_MAX}));
    }
    struct quality_minute full = minute;
    assert_false(quality_add_sample(&minute, &(struct quality_sample){1, 1, 1, 1}));
    assert_false(quality_add_sound(&minute, &(struct quality_sound){1, 5, 1}));
    assert_memory_equal(&full, &minute, sizeof(full));
    assert_int_equal(minute.loss_permille_max, 1000);
    assert_int_equal(minute.level_db_sum, QUALITY_SAMPLES_MAX * QUALITY_LEVEL_LEAST);
    assert_int_equal(quality_mean(7, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_and_maxima),
                                       cmocka_unit_test(is_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
