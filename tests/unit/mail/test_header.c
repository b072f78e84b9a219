#include "../test.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "base/text.h"
#include "mail/header.h"

static char *field(const char *name, const char *value, const char *address)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);
    if (address == NULL) {
        mail_header_text(stream, name, value);
    } else {
        mail_header_mailbox(stream, name, value, address);
    }
    assert_int_equal(fclose(stream), 0);
    return text;
}

static void assert_field(const char *name, const char *value, const char *address,
                         const char *wanted)
{
    char *text = field(name, value, address);
    assert_string_equal(text, wanted);
    free(text);
}

// ---- Reading encoded words, written for the test alone

static size_t unquote(char *to, const char *from, size_t length)
{
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        char hex[3] = "";
        if (from[i] == '=') {
            memcpy(hex, from + i + 1, 2);
            to[size++] = (char)strtol(hex, NULL, 16);
            i += 2;
        } else {
            to[size++] = from[i] == '_' ? ' ' : from[i];
        }
    }
    return size;
}

static size_t unbase64(char *to, const char *from, size_t length)
{
    int size = EVP_DecodeBlock((unsigned char *)to, (const unsigned char *)from, (int)length);
    assert_true(size >= 0);
    size -= length > 0 && from[length - 1] == '=';
    size -= length > 1 && from[length - 2] == '=';
    return (size_t)size;
}

// What the words of a field say. Each word is whole characters, and at most 75 signs.
static void read_words(const char *text, char *to)
{
    size_t size = 0;
    while ((text = strstr(text, "=?UTF-8?")) != NULL) {
        char coding = text[8];
        const char *from = text + 10;
        const char *end = strstr(from, "?=");
        assert_non_null(end);
        assert_true(end + 2 - text <= 75);
        size_t length = (size_t)(end - from);
        size_t more = coding == 'Q' ? unquote(to + size, from, length)
                                    : unbase64(to + size, from, length);
        assert_true(text_is_utf8(to + size, more));
        size += more;
        text = end + 2;
    }
    to[size] = '\0';
}

static void assert_folded(const char *text)
{
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\r") + 2) {
        size_t length = strcspn(at, "\r");
        if (length > 76) {
            fail_msg("%s", text);
        }
        assert_true(at[length + 1] == '\n');
        assert_true(at == text || at[0] == ' ');
        for (size_t i = 0; i < length; i++) {
            assert_in_range((unsigned char)at[i], ' ', 0x7e);
        }
    }
}

// ---- Subjects

static void plain_subjects_stay_plain(void **state)
{
    (void)state;
    assert_field("Subject", "Council: item 4", NULL, "Subject: Council: item 4\r\n");
    assert_field("Subject",
                 "The meeting of the working group on traditional knowledge has been postponed",
                 NULL,
                 "Subject: The meeting of the working group on traditional knowledge has been\r\n"
                 " postponed\r\n");
}

static void subjects_in_six_languages(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "Your place in the fifty-eighth session of the Assemblies of the Member States (hybrid)",
        "Votre place à la cinquante-huitième session des assemblées des États membres, à Genève",
        "Su lugar en la quincuagésima octava serie de reuniones de las Asambleas: ¿qué sigue "
        "ahora?",
        "Ваше место на пятьдесят восьмой серии заседаний Ассамблей государств-членов организации",
        "مكانكم في السلسلة الثامنة والخمسين لاجتماعات جمعيات الدول الأعضاء في المنظمة",
        "您在成员国大会第五十八届系列会议上的席位：请使用您的个人链接登录并在会前测试您的麦克风和耳"
        "机",
        "👩🏽‍💻 a=b? =?UTF-8?Q?fake?= \"quoted\" _under_",
        " leading and trailing ",
    };
    for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
        char said[1024] = "";
        char *text = field("Subject", subjects[i], NULL);
        assert_folded(text);
        if (strstr(text, "=?UTF-8?") != NULL) {
            read_words(text, said);
            assert_string_equal(said, subjects[i]);
        } else {
            assert_int_equal(i, 0);
        }
        free(text);
    }
}

static void a_word_of_any_length(void **state)
{
    (void)state;
    char subject[601] = "";
    char said[1024] = "";
    memset(subject, 'x', 600);
    char *text = field("Subject", subject, NULL);
    assert_folded(text);
    read_words(text, said);
    assert_string_equal(said, subject);
    free(text);
}

// ---- Names

static void names(void **state)
{
    (void)state;
    assert_field("To", "", "a@example.org", "To: a@example.org\r\n");
    assert_field("To", "Ms. Amina Diallo", "a@example.org",
                 "To: \"Ms. Amina Diallo\" <a@example.org>\r\n");
    assert_field("To", "Diallo, \"Amina\" \\o/", "a@example.org",
                 "To: \"Diallo, \\\"Amina\\\" \\\\o/\" <a@example.org>\r\n");
    assert_field("To", "Élise", "e@example.org", "To: =?UTF-8?B?w4lsaXNl?= <e@example.org>\r\n");
    // What begins an address in a name ends nothing.
    assert_field("To", "a@evil.example> <b", "a@example.org",
                 "To: \"a@evil.example> <b\" <a@example.org>\r\n");
    char *text = field("From", "المنظمة العالمية للملكية الفكرية، أمانة اللجنة الدائمة",
                       "secretariat-of-the-standing-committee@meetings.example.org");
    char said[256] = "";
    assert_folded(text);
    read_words(text, said);
    assert_string_equal(said, "المنظمة العالمية للملكية الفكرية، أمانة اللجنة الدائمة");
    assert_non_null(
        strstr(text, "\r\n <secretariat-of-the-standing-committee@meetings.example.org>\r\n"));
    free(text);
}

static void nothing_begins_another_field(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\tb", "a\x7f", "\x1b[1m", "a\xff"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(mail_header_is_safe(cases[i]));
    }
    assert_true(mail_header_is_safe("Conseil: «ordre du jour»"));
    assert_true(mail_header_is_safe(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_subjects_stay_plain),    cmocka_unit_test(subjects_in_six_languages),
        cmocka_unit_test(a_word_of_any_length),         cmocka_unit_test(names),
        cmocka_unit_test(nothing_begins_another_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
