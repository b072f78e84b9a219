// Frames that say that nothing is said are left out, and the numbers close up.
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "media/silence.h"

#define TICKS 960
#define FIRST 0x20000

static struct silence silence;
static int64_t number;
static bool gap;

static bool take(int64_t i, bool silent)
{
    return silence_take(&silence, FIRST + i, (uint32_t)(0xffffff00u + i * TICKS), silent, i == 0,
                        &number, &gap);
}

static void test_one_comfort_frame_in_400_ms(void **state)
{
    (void)state;
    memset(&silence, 0, sizeof(silence));
    unsigned forwarded = 0;
    for (int i = 0; i < 1000; i++) {
        bool silent = i >= 10 && i < 990;
        if (take(i, silent)) {
            assert_int_equal(number, FIRST + (int64_t)forwarded);
            assert_int_equal(gap, i > 10 && i < 991 && (i - 10) % 20 == 0);
            forwarded++;
        } else {
            assert_true(silent);
        }
    }
    assert_int_equal(forwarded, 20 + 980 / 20);
}

static void test_late_packets_keep_their_place(void **state)
{
    (void)state;
    memset(&silence, 0, sizeof(silence));
    // 3 and 30 are missing at first; 11 to 29 are left out.
    int64_t numbers[40] = {0};
    for (int i = 0; i < 40; i++) {
        if (i != 3 && i != 30 && take(i, i >= 10 && i < 30)) {
            numbers[i] = number;
        }
    }
    assert_int_equal(numbers[10], FIRST + 10);
    assert_int_equal(numbers[31], FIRST + 12);
    assert_int_equal(silence_late_index(&silence, FIRST + 3), FIRST + 3);
    assert_int_equal(silence_late_index(&silence, FIRST + 30), FIRST + 11);
}

static void test_numbers_rise_over_jumps_and_restarts(void **state)
{
    (void)state;
    memset(&silence, 0, sizeof(silence));
    int64_t last = 0;
    int64_t index = 0;
    uint64_t random = 7;
    for (unsigned i = 0; i < 20000; i++) {
        random = random * 6364136223846793005ull + 1442695040888963407ull;
        bool restarted = random >> 33 == 0 || i == 0 || i % 4999 == 0;
        index = restarted ? (index & ~(int64_t)0xffff) + FIRST + (int64_t)(random >> 48)
                          : index + 1 + (int64_t)(random >> 60 == 0 ? random >> 54 : 0);
        bool silent = (random >> 40 & 3) != 0;
        if (silence_take(&silence, index, (uint32_t)index * TICKS, silent, restarted, &number,
                         &gap)) {
            assert_true(number > last);
            last = number;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_comfort_frame_in_400_ms),
        cmocka_unit_test(test_late_packets_keep_their_place),
        cmocka_unit_test(test_numbers_rise_over_jumps_and_restarts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
