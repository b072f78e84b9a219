// Names of files on every system.
#include "../test.h"

#include <string.h>

#include "archive/file_name.h"
#include "base/text.h"

static void named(const char *title, const char *wanted)
{
    char name[64];
    file_name_of(7, 2, title, ".pdf", name, sizeof(name));
    assert_string_equal(name, wanted);
}

static void what_somebody_named_is_safe_everywhere(void **state)
{
    (void)state;
    named("C20-5 Report", "07 C20-5 Report.pdf");
    named("C20/5: \"a\\b\" <*?>|", "07 C20-5- -a-b- -----.pdf");
    named("../../etc/passwd", "07 ..-..-etc-passwd.pdf");
    named("CON", "07 CON.pdf");
    named("", "07.pdf");
    named(" . .", "07.pdf");
    named("The end. ", "07 The end.pdf");
    named("a\nb\x7f\x01", "07 ab.pdf");
    named("كلمة فرنسا", "07 كلمة فرنسا.pdf");
    named("关于第三项的报告", "07 关于第三项的报告.pdf");
    // U+202E turns "gpj.exe" around; U+200B, U+FEFF, U+061C, U+2066 and U+0085 are not seen either.
    named(
        "a\xe2\x80\xae"
        "gpj",
        "07 agpj.pdf");
    named("\xe2\x80\x8b\xef\xbb\xbf\xd8\x9c\xe2\x81\xa6\xc2\x85z", "07 z.pdf");
    // Their neighbours are: a dash, an ellipsis, a sign.
    named("a–b…\xc2\xa0№", "07 a–b…\xc2\xa0№.pdf");
}

static void a_long_one_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t size = 32; size < 40; size++) {
        char name[40];
        file_name_of(1234, 2, "会议会议会议会议会议会议会议会议会议会议", ".txt", name, size);
        assert_true(strlen(name) < size && strlen(name) + 3 >= size);
        assert_true(text_is_utf8(name, strlen(name)));
        assert_true(text_starts_with(name, "1234 会"));
        assert_string_equal(name + strlen(name) - 4, ".txt");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_somebody_named_is_safe_everywhere),
        cmocka_unit_test(a_long_one_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
