#include "../test.h"

#include "base/err.h"

// One list gives all: every error has its own slug, a title and an HTTP status.
static void test_list(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        enum err err = (enum err)i;
        assert_true(strlen(err_slug(err)) > 0);
        assert_true(strlen(err_title(err)) > 0);
        assert_in_range(err_http_status(err), 200, 599);
        assert_int_equal(err_http_status(err) == 200, err == ERR_NONE);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(err_slug(err), err_slug((enum err)j));
        }
    }
    assert_string_equal(err_slug(ERR_NOT_FOUND), "not-found");
    assert_int_equal(err_http_status(ERR_NOT_FOUND), 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
