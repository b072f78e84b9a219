// Finding by the beginnings of words, in the six scripts.
#include "../test.h"
#include <stdlib.h>

#include "words/search.h"

static bool found(const char *text, const char *query)
{
    char *folded = words_fold(text);
    char *asked = words_fold(query);
    assert_non_null(folded);
    assert_non_null(asked);
    bool begins = words_begin(folded, asked);
    words_fold_free(folded);
    words_fold_free(asked);
    return begins;
}

static void words_are_found_by_their_beginnings(void **state)
{
    (void)state;
    assert_true(found("Ana Souza", "sou"));
    assert_true(found("Ana Souza", "souza ana"));
    assert_true(found("Ana Souza", ""));
    assert_true(found("Ana Souza", "  "));
    assert_false(found("Ana Souza", "ouza"));
    assert_false(found("Ana Souza", "ana x"));
    assert_false(found("", "a"));
    assert_true(found("C20/5-Rev.1", "rev"));
    assert_true(found("jean-luc@example.org", "example"));
}

static void case_and_accents_make_no_difference(void **state)
{
    (void)state;
    assert_true(found("Sof\u00eda Reyes", "SOFIA"));
    assert_true(found("Sofia Reyes", "sof\u00ed"));
    assert_true(found("\u0160t\u011bp\u00e1n", "stepan"));
    assert_true(found("\u041e\u043b\u044c\u0433\u0430", "\u043e\u043b\u044c"));
    assert_true(found("Stra\u00dfe", "strasse"));
    // With and without the signs of vowels.
    assert_true(
        found("\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f", "\u0645\u062d\u0645\u062f"));
    assert_true(found("\uff21\uff22\uff23", "abc"));
}

static void ideographs_are_found_anywhere(void **state)
{
    (void)state;
    assert_true(found("\u56fd\u9645\u7535\u4fe1\u8054\u76df", "\u7535\u4fe1"));
    assert_false(found("\u56fd\u9645", "\u7535\u4fe1"));
}

static void what_is_no_text_is_not_folded(void **state)
{
    (void)state;
    assert_null(words_fold("\xff\xfe"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_by_their_beginnings),
        cmocka_unit_test(case_and_accents_make_no_difference),
        cmocka_unit_test(ideographs_are_found_anywhere),
        cmocka_unit_test(what_is_no_text_is_not_folded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
