// Whether people read the same.
#include "../test.h"

#include "words/fold.h"

static void case_blanks_and_composition_make_no_difference(void **state)
{
    (void)state;
    assert_true(words_same("", " "));
    assert_true(words_same("Name", " nAME\t"));
    assert_true(words_same("Family  name", "family name"));
    assert_true(words_same("D\xC3\xA9l\xC3\xA9gation", "DE\xCC\x81LE\xCC\x81GATION"));
    assert_true(
        words_same("Stra\xC3\x9F"
                   "e",
                   "STRASSE"));
    assert_true(words_same("\xD0\x98\xD0\xBC\xD1\x8F", "\xD0\xB8\xD0\xBC\xD0\xAF"));
    assert_true(words_same("\xE5\xA7\x93\xE5\x90\x8D", "\xE5\xA7\x93\xE5\x90\x8D"));
}

static void other_words_are_others(void **state)
{
    (void)state;
    assert_false(words_same("Name", "Names"));
    assert_false(words_same("Nom", "\xD0\x98\xD0\xBC\xD1\x8F"));
    assert_false(words_same("e", "\xC3\xA9"));
    assert_false(words_same("caf\xE9", "caf\xE9")); // no UTF-8
    char text[600];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_false(words_same(text, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_blanks_and_composition_make_no_difference),
        cmocka_unit_test(other_words_are_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
