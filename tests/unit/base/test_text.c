#include "../test.h"

#include "base/text.h"

static void test_builder(void **state)
{
    (void)state;
    char data[8];
    struct text_builder builder = text_builder(data, sizeof(data));
    text_append(&builder, "abc");
    text_append_format(&builder, "%d", 12);
    assert_string_equal(data, "abc12");
    assert_false(builder.failed);
    text_append_n(&builder, "def", 2);
    assert_string_equal(data, "abc12de"); // just fits
    text_append(&builder, "f");
    assert_true(builder.failed);
    assert_string_equal(data, "abc12de");
    text_append(&builder, "");
    assert_true(builder.failed); // sticky
    builder = text_builder(data, sizeof(data));
    text_append_format(&builder, "%s", "12345678");
    assert_true(builder.failed);
    assert_string_equal(data, "");
}

static void test_copy(void **state)
{
    (void)state;
    char data[5];
    assert_int_equal(text_copy(data, sizeof(data), "abcd"), ERR_NONE);
    assert_string_equal(data, "abcd");
    assert_int_equal(text_copy(data, sizeof(data), "abcde"), ERR_TOO_LARGE);
    assert_string_equal(data, "");
    // "ab" and a letter of three bytes, of which only two would fit.
    text_copy_cut(data, sizeof(data), "ab\xe4\xb8\xad");
    assert_string_equal(data, "ab");
    text_copy_cut(data, sizeof(data),
                  "a\xe4\xb8\xad"
                  "b");
    assert_string_equal(data, "a\xe4\xb8\xad");
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"", true},
        {"Russian: \xd0\xa0, Chinese: \xe4\xb8\xad, Arabic: \xd8\xb9", true},
        {"\xf0\x9f\x8e\xa4", true},
        {"\xf4\x8f\xbf\xbf", true},  // U+10FFFF
        {"\xf4\x90\x80\x80", false}, // beyond
        {"\xc0\x80", false},         // overlong
        {"\xe0\x80\xaf", false},
        {"\xf0\x80\x80\xaf", false},
        {"\xed\xa0\x80", false}, // a surrogate
        {"\xe4\xb8", false},     // cut
        {"\x80", false},
        {"\xff", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(text_is_utf8(cases[i].text, strlen(cases[i].text)), cases[i].valid);
    }
}

static void test_hex(void **state)
{
    (void)state;
    const uint8_t data[3] = {0x00, 0xab, 0x7f};
    uint8_t back[3];
    char hex[7];
    text_hex(hex, data, sizeof(data));
    assert_string_equal(hex, "00ab7f");
    assert_int_equal(text_unhex(back, sizeof(back), "00AB7f"), ERR_NONE);
    assert_memory_equal(back, data, sizeof(data));
    assert_int_equal(text_unhex(back, sizeof(back), "00ab7"), ERR_MALFORMED);
    assert_int_equal(text_unhex(back, sizeof(back), "00ab7f0"), ERR_MALFORMED);
    assert_int_equal(text_unhex(back, sizeof(back), "00ab7g"), ERR_MALFORMED);
}

static enum err number(const char *text, unsigned long long max, unsigned long long *ret_value)
{
    return text_to_u64(text, strlen(text), max, ret_value);
}

static void test_numbers(void **state)
{
    (void)state;
    unsigned long long value = 7;
    assert_int_equal(number("0", 0, &value), ERR_NONE);
    assert_true(value == 0);
    assert_int_equal(number("18446744073709551615", UINT64_MAX, &value), ERR_NONE);
    assert_true(value == UINT64_MAX);
    assert_int_equal(number("18446744073709551616", UINT64_MAX, &value), ERR_MALFORMED);
    assert_int_equal(number("65536", 65535, &value), ERR_MALFORMED);
    assert_int_equal(number("9", 5, &value), ERR_MALFORMED);
    assert_int_equal(number("99", 5, &value), ERR_MALFORMED);
    assert_int_equal(number("", 5, &value), ERR_MALFORMED);
    assert_int_equal(number("-1", 5, &value), ERR_MALFORMED);
    assert_int_equal(number(" 1", 5, &value), ERR_MALFORMED);
    assert_int_equal(number("1x", 500, &value), ERR_MALFORMED);
}

static void test_comparing(void **state)
{
    (void)state;
    assert_true(text_equal("a", "a"));
    assert_false(text_equal("a", "ab"));
    assert_true(text_starts_with("bearer.x", "bearer."));
    assert_false(text_starts_with("be", "bearer."));
}

// The published values of FNV-1a: what was given by it once must stay.
static void test_hash(void **state)
{
    (void)state;
    assert_int_equal(text_hash(""), 0x811c9dc5);
    assert_int_equal(text_hash("a"), 0xe40c292c);
    assert_int_equal(text_hash("foobar"), 0xbf9cf968);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_builder), cmocka_unit_test(test_copy),
        cmocka_unit_test(test_utf8),    cmocka_unit_test(test_hex),
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_comparing),
        cmocka_unit_test(test_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
