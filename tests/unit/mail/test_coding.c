#include "../test.h"

#include <stdlib.h>

#include "mail/coding.h"

static char *coded(void (*code)(FILE *, const char *, size_t), const char *from)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    code(stream, from, strlen(from));
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void assert_coded(void (*code)(FILE *, const char *, size_t), const char *from,
                         const char *to)
{
    char *text = coded(code, from);
    assert_string_equal(text, to);
    free(text);
}

static void quoted_printable(void **state)
{
    (void)state;
    assert_coded(coding_quoted_printable, "", "");
    assert_coded(coding_quoted_printable, "1 + 1 = 2\r\n", "1 + 1 =3D 2\r\n");
    assert_coded(coding_quoted_printable, "Café\r\n", "Caf=C3=A9\r\n");
    // Blanks at the ends of lines, and what is no text.
    assert_coded(coding_quoted_printable, "a \r\nb\t\r\n", "a=20\r\nb=09\r\n");
    assert_coded(coding_quoted_printable, "a\x01", "a=01\r\n");
    assert_coded(coding_quoted_printable, "\r\n\r\n", "\r\n\r\n");
}

static void no_line_is_longer(void **state)
{
    (void)state;
    char from[1001];
    for (size_t kind = 0; kind < 2; kind++) {
        memset(from, kind == 0 ? 'x' : '=', 1000);
        from[1000] = '\0';
        char *text = coded(coding_quoted_printable, from);
        for (const char *at = text; *at != '\0'; at += strcspn(at, "\r") + 2) {
            assert_true(strcspn(at, "\r") <= 76);
        }
        free(text);
    }
}

static void base64(void **state)
{
    (void)state;
    assert_coded(coding_base64, "", "");
    assert_coded(coding_base64, "a", "YQ==\r\n");
    assert_coded(coding_base64, "Plenary", "UGxlbmFyeQ==\r\n");
    char from[59] = "";
    memset(from, 'a', 58);
    assert_coded(coding_base64, from,
                 "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\r\n"
                 "YQ==\r\n");
}

static void the_shorter_one(void **state)
{
    (void)state;
    assert_string_equal(coding_shorter_name("Bonjour", 7), "quoted-printable");
    const char *chinese = "会议";
    assert_string_equal(coding_shorter_name(chinese, strlen(chinese)), "base64");
    assert_coded(coding_shorter, "Bonjour", "Bonjour\r\n");
    assert_coded(coding_shorter, "会议", "5Lya6K6u\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_printable),
        cmocka_unit_test(no_line_is_longer),
        cmocka_unit_test(base64),
        cmocka_unit_test(the_shorter_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
