#include "../test.h"

#include "crypto/random.h"

static void test_bytes_are_spread(void **state)
{
    (void)state;
    // 64 KiB: each value is expected 256 times, with a deviation of 16; 10 deviations never happen
    // by chance.
    static uint8_t bytes[65536];
    unsigned counts[256] = {0};
    random_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++) {
        counts[bytes[i]]++;
    }
    for (size_t i = 0; i < 256; i++) {
        assert_in_range(counts[i], 96, 416);
    }
}

static void test_numbers_differ(void **state)
{
    (void)state;
    assert_true(random_u64() != random_u64());
    assert_true(random_u32() != random_u32() || random_u32() != random_u32());
}

static void test_text(void **state)
{
    (void)state;
    char text[1001];
    memset(text, '!', sizeof(text));
    random_text(text, 1000);
    assert_int_equal(strlen(text), 1000);
    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
                     1000);
    random_text(text, 0);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_spread),
        cmocka_unit_test(test_numbers_differ),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
