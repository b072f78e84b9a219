// What the contract allows to be written stands on paper: the fonts are the only argument.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "document/report_pdf.h"

// Fontconfig keeps what it has read of the typefaces as long as the process lives.
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

static const char *fonts;

static struct report *report_of_one(void)
{
    struct report *report = calloc(1, sizeof(*report));
    assert_non_null(report);
    snprintf(report->id, sizeof(report->id), "m");
    report->person_count = 1;
    report->persons[0].capacity = CAPACITY_DELEGATE;
    report->persons[0].spoken_ms = 61000; // listed once, in the table of the sound
    return report;
}

// `count` times the four bytes of a character outside the first plane.
static void write_long(char *to, int count)
{
    for (int i = 0; i < count; i++) {
        memcpy(to + 4 * (size_t)i, "\U00020000", 4);
    }
    to[4 * (size_t)count] = '\0';
}

static size_t size_of(const struct report *report, enum language language, char **ret_body)
{
    const struct report_pdf_wish wish = {.language = language, .fonts = fonts, .key = "k"};
    char *body = NULL;
    size_t size = 0;
    assert_int_equal(report_pdf(report, &wish, &body, &size), ERR_NONE);
    assert_memory_equal(body, "%PDF-", 5);
    if (ret_body != NULL) {
        *ret_body = body;
    } else {
        free(body);
    }
    return size;
}

static void the_longest_name_is_printed(void **state)
{
    (void)state;
    struct report *report = report_of_one();
    size_t nameless = size_of(report, LANGUAGE_RU, NULL);
    // The text ends in an ellipsis; what is before it is there.
    snprintf(report->persons[0].name, sizeof(report->persons[0].name), "Ж");
    size_t named = size_of(report, LANGUAGE_RU, NULL);
    assert_true(named > nameless);
    write_long(report->persons[0].name + 2, PARTICIPANT_NAME_MAX - 1);
    write_long(report->persons[0].delegation[LANGUAGE_RU - 1], DELEGATION_NAME_MAX);
    assert_true(size_of(report, LANGUAGE_RU, NULL) >= named);
    free(report);
}

// The header is the document's title too, which stands in it in UTF-16, in hexadecimal.
static void the_longest_title_is_the_header(void **state)
{
    (void)state;
    struct report *report = report_of_one();
    char *body = NULL;
    write_long(report->title[LANGUAGE_EN - 1], MEETING_TITLE_MAX);
    size_t size = size_of(report, LANGUAGE_EN, &body);
    const char *title = memmem(body, size, "/Title", 6);
    assert_non_null(title);
    const char *end = memchr(title, '>', size - (size_t)(title - body));
    assert_non_null(end);
    size_t count = 0;
    for (const char *at = title; at + 8 <= end; at++) {
        count += strncasecmp(at, "d840dc00", 8) == 0;
    }
    assert_int_equal(count, MEETING_TITLE_MAX);
    free(body);
    free(report);
}

// A list that is not the whole says so.
static void who_is_left_out_is_told(void **state)
{
    (void)state;
    struct report *report = report_of_one();
    size_t whole = size_of(report, LANGUAGE_EN, NULL);
    report->persons_left_out = 12;
    assert_true(size_of(report, LANGUAGE_EN, NULL) > whole);
    free(report);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_name_is_printed),
        cmocka_unit_test(the_longest_title_is_the_header),
        cmocka_unit_test(who_is_left_out_is_told),
    };
    fonts = argc > 1 ? argv[1] : "fonts";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
