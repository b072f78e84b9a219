// One-time codes, by the vectors of RFC 4226 and RFC 6238.
#include "../test.h"

#include <string.h>

#include "crypto/totp.h"

static const uint8_t secret[TOTP_SECRET_SIZE] = "12345678901234567890";

// RFC 4226, appendix D.
static void counters_have_their_codes(void **state)
{
    static const char *const codes[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
    (void)state;
    for (int64_t i = 0; i < 10; i++) {
        char code[TOTP_DIGITS + 1];
        totp_code(secret, i, code);
        assert_string_equal(code, codes[i]);
    }
}

// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
static void times_have_their_codes(void **state)
{
    static const struct {
        int64_t second;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        int64_t step = 0;
        time_ms wall = vectors[i].second * 1000;
        assert_int_equal(totp_find(secret, vectors[i].code, wall, 0, &step), ERR_NONE);
        assert_int_equal(step, vectors[i].second / 30);
    }
}

static void clocks_may_differ_by_one_step(void **state)
{
    const time_ms wall = 1234567890000;
    (void)state;
    for (int away = -3; away <= 3; away++) {
        int64_t step = 0;
        enum err expected = away >= -1 && away <= 1 ? ERR_NONE : ERR_AUTHENTICATION;
        assert_int_equal(totp_find(secret, "005924", wall + away * TOTP_STEP_MS, 0, &step),
                         expected);
    }
}

static void a_code_is_good_once(void **state)
{
    const time_ms wall = 1234567890000;
    int64_t step = 0;
    char next[TOTP_DIGITS + 1];
    (void)state;
    assert_int_equal(totp_find(secret, "005924", wall, 0, &step), ERR_NONE);
    assert_int_equal(totp_find(secret, "005924", wall, step, &step), ERR_AUTHENTICATION);
    totp_code(secret, step + 1, next);
    assert_int_equal(totp_find(secret, next, wall, step, &step), ERR_NONE);
    assert_int_equal(totp_find(secret, "005924", wall, step, &step), ERR_AUTHENTICATION);
}

static void what_is_no_code_is_refused(void **state)
{
    static const char *const codes[] = {"", "05924", "0005924", "5924  ", "00592a", "-05924"};
    int64_t step = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        assert_int_equal(totp_find(secret, codes[i], 1234567890000, 0, &step), ERR_AUTHENTICATION);
    }
}

static void a_secret_is_typed_in_base32(void **state)
{
    char text[TOTP_SECRET_TEXT + 1];
    (void)state;
    totp_secret_text(secret, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_have_their_codes),
        cmocka_unit_test(times_have_their_codes),
        cmocka_unit_test(clocks_may_differ_by_one_step),
        cmocka_unit_test(a_code_is_good_once),
        cmocka_unit_test(what_is_no_code_is_refused),
        cmocka_unit_test(a_secret_is_typed_in_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
