// What people write, as it is taken in: the cases of tests/data/words.json, which the page reads
// too.
#include "../test.h"
#include <jansson.h>
#include <stdlib.h>

#include "base/text.h"
#include "words/words.h"

#define MOST 120

static const char *of(const json_t *thing, const char *name)
{
    return json_string_value(json_object_get(thing, name));
}

static void each_case_comes_out_as_it_says(void **state)
{
    (void)state;
    json_t *cases = json_load_file(WORDS_CASES, 0, NULL);
    assert_true(json_array_size(cases) > 20);
    size_t index;
    json_t *one;
    json_array_foreach(cases, index, one)
    {
        char cleaned[WORDS_SIZE(MOST)];
        uint32_t came = 0;
        const char *from = of(one, "from");
        assert_int_equal(words_take(from, strlen(from), MOST, cleaned, &came), ERR_NONE);
        if (strcmp(cleaned, of(one, "to")) != 0) {
            print_error("%s\n", of(one, "says"));
        }
        assert_string_equal(cleaned, of(one, "to"));
        assert_int_equal(came, text_characters(cleaned, strlen(cleaned)));
    }
    json_decref(cases);
}

// Of every script the same number of letters: what counts is not how many bytes one has.
static void length_counts_characters(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "\xd0\xb6", "\xd9\x85", "\xe6\x9d\x8e",
                                          "\xf0\xa0\x80\x80"};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        char text[WORDS_SIZE(MOST + 1)];
        char cleaned[WORDS_SIZE(MOST)];
        uint32_t came = 0;
        struct text_builder builder = text_builder(text, sizeof(text));
        for (int count = 0; count < MOST; count++) {
            text_append(&builder, letters[i]);
        }
        assert_int_equal(words_take(text, strlen(text), MOST, cleaned, &came), ERR_NONE);
        assert_string_equal(cleaned, text);
        assert_int_equal(came, MOST);
        text_append(&builder, letters[i]);
        assert_int_equal(words_take(text, strlen(text), MOST, cleaned, &came), ERR_TOO_LARGE);
        assert_string_equal(cleaned, "");
        assert_int_equal(came, MOST + 1);
    }
}

// Marks that take room of their own are put in order by composing, in the square of their number:
// no letter keeps many, and far too many are not taken on.
static void marks_cost_no_time(void **state)
{
    (void)state;
    enum { MANY = 10800 };
    static char text[6 * MANY + 2];
    struct text_builder builder = text_builder(text, sizeof(text));
    text_append(&builder, "a");
    for (int i = 0; i < 60; i++) {
        text_append(&builder, i < 30 ? "\xe3\x80\xae" : "\xea\xa5\x93");
    }
    char cleaned[WORDS_SIZE(MOST)];
    uint32_t came = 0;
    assert_int_equal(words_take(text, strlen(text), MOST, cleaned, &came), ERR_NONE);
    assert_int_equal(came, 1 + WORDS_SPACING_MAX);
    for (int i = 60; i < 2 * MANY; i++) {
        text_append(&builder, i < MANY ? "\xe3\x80\xae" : "\xea\xa5\x93");
    }
    assert_int_equal(words_take(text, strlen(text), 500, cleaned, &came), ERR_TOO_LARGE);
    assert_int_equal(came, 1 + 2 * MANY); // uncleaned: counted alone
}

// What is taken away is not counted.
static void blanks_around_it_cost_nothing(void **state)
{
    (void)state;
    char text[1024];
    memset(text, ' ', sizeof(text));
    memcpy(text + 500, "Ana", 3);
    char cleaned[WORDS_SIZE(3)];
    uint32_t came = 0;
    assert_int_equal(words_take(text, sizeof(text), 3, cleaned, &came), ERR_NONE);
    assert_string_equal(cleaned, "Ana");
    assert_int_equal(came, 3);
}

static void what_is_no_text_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"\xff", "\xc3", "\xed\xa0\x80", "\xc0\x80",
                                        "a\xf5\x80\x80\x80"};
    char cleaned[WORDS_SIZE(MOST)];
    uint32_t came = 0;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(words_take(wrong[i], strlen(wrong[i]), MOST, cleaned, &came),
                         ERR_MALFORMED);
        assert_string_equal(cleaned, "");
    }
    assert_int_equal(words_take("a\0b", 3, MOST, cleaned, &came), ERR_NONE);
    assert_string_equal(cleaned, "ab");
}

// Of those that take no room, too.
static void stacked_marks_cost_no_time(void **state)
{
    (void)state;
    char text[1002];
    text[0] = text[1] = 'a';
    for (size_t i = 2; i < sizeof(text); i += 2) {
        memcpy(text + i, i % 4 == 0 ? "\xcc\x81" : "\xcc\xa3", 2);
    }
    char cleaned[WORDS_SIZE(MOST)];
    uint32_t came = 0;
    assert_int_equal(words_take(text, sizeof(text), MOST, cleaned, &came), ERR_NONE);
    assert_string_equal(cleaned, "a\xe1\xba\xa1\xcc\xa3\xcc\x81\xcc\x81");
    assert_int_equal(words_take(text, sizeof(text), MOST / 4, cleaned, &came), ERR_TOO_LARGE);
    assert_int_equal(came, 502);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_comes_out_as_it_says),
        cmocka_unit_test(length_counts_characters),
        cmocka_unit_test(marks_cost_no_time),
        cmocka_unit_test(blanks_around_it_cost_nothing),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(stacked_marks_cost_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
