#include "../test.h"

#include "load/load_url.h"

static char url[LOAD_URL_MAX + 1];

static void numbers_and_words(void **state)
{
    (void)state;
    assert_int_equal(load_url_expand("http://a/whip/{n}?x={n}", 12, url), ERR_NONE);
    assert_string_equal(url, "http://a/whip/12?x=12");
    const char *const expected[] = {"h/ar/0", "h/fr/1", "h/en/2", "h/ar/3"};
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(load_url_expand("h/{ar,fr,en}/{n}", i, url), ERR_NONE);
        assert_string_equal(url, expected[i]);
    }
    assert_int_equal(load_url_expand("{one}-{a,}-{}", 1, url), ERR_NONE);
    assert_string_equal(url, "one--");
    assert_int_equal(load_url_expand("", 1, url), ERR_NONE);
    assert_string_equal(url, "");
}

static void what_cannot_be(void **state)
{
    (void)state;
    char longest[LOAD_URL_MAX + 2];
    assert_int_equal(load_url_expand("h/{n", 0, url), ERR_MALFORMED);
    memset(longest, 'a', sizeof(longest));
    longest[sizeof(longest) - 1] = '\0';
    assert_int_equal(load_url_expand(longest, 0, url), ERR_TOO_LARGE);
    longest[LOAD_URL_MAX] = '\0';
    assert_int_equal(load_url_expand(longest, 0, url), ERR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_words),
        cmocka_unit_test(what_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
