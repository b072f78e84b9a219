#include "../test.h"

#include <stdlib.h>

#include "mail/message.h"

static struct mail ordinary(void)
{
    return (struct mail){.id = "mail-1",
                         .at = 1767225600000, // 2026-01-01T00:00:00Z
                         .from = "plenary@meet.example.org",
                         .from_name = "Secretariat",
                         .to = "amina@example.org",
                         .to_name = "Amina Diallo",
                         .subject = "Your place",
                         .language = "en",
                         .text = "Good morning,\n\nhttps://meet.example.org/m/c#TOKEN.\n"};
}

static char *written(const struct mail *mail)
{
    char *message = NULL;
    size_t size = 0;
    assert_int_equal(mail_write(mail, &message, &size), ERR_NONE);
    assert_int_equal(strlen(message), size);
    return message;
}

static void the_whole_of_one(void **state)
{
    (void)state;
    struct mail mail = ordinary();
    char *message = written(&mail);
    assert_string_equal(
        message,
        "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"
        "From: \"Secretariat\" <plenary@meet.example.org>\r\n"
        "To: \"Amina Diallo\" <amina@example.org>\r\n"
        "Subject: Your place\r\n"
        "Message-ID: <mail-1@meet.example.org>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "Content-Language: en\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=\"=_plenary\"\r\n"
        "\r\n"
        "--=_plenary\r\n"
        "Content-Type: text/plain; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Good morning,\r\n"
        "\r\n"
        "https://meet.example.org/m/c#TOKEN.\r\n"
        "--=_plenary\r\n"
        "Content-Type: text/html; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "<!DOCTYPE html>\r\n"
        "<html lang=3D\"en\" dir=3D\"ltr\"><head><meta charset=3D\"utf-8\"></head><body>\r\n"
        "<p>Good morning,</p>\r\n"
        "<p><a href=3D\"https://meet.example.org/m/c#TOKEN\">https://meet.example.org/=\r\n"
        "m/c#TOKEN</a>.</p>\r\n"
        "</body></html>\r\n"
        "--=_plenary--\r\n");
    free(message);
}

// Nothing of the text is anything but text.
static void markup_is_shown(void **state)
{
    (void)state;
    struct mail mail = ordinary();
    mail.text = "<script>alert(1)</script> & \"x\"\nhttps://x.example/\"onmouseover=1\n";
    char *message = written(&mail);
    assert_non_null(strstr(message,
                           "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;"
                           "<br>\r\n"));
    assert_non_null(strstr(message, "href=3D\"https://x.example/&quot;onmouseover=3D1\""));
    free(message);
}

static void right_to_left(void **state)
{
    (void)state;
    struct mail mail = ordinary();
    mail.language = "ar";
    mail.subject = "مكانكم";
    mail.text = "صباح الخير";
    char *message = written(&mail);
    assert_non_null(strstr(message, "Content-Language: ar\r\n"));
    assert_non_null(strstr(message,
                           "Content-Transfer-Encoding: base64\r\n\r\n"
                           "2LXYqNin2K0g2KfZhNiu2YrYsQ0K\r\n"));
    assert_non_null(strstr(message, "dir=3D\"rtl\""));
    for (const char *at = message; *at != '\0'; at++) {
        assert_true((unsigned char)*at < 0x80);
    }
    free(message);
}

static void a_calendar_goes_with_it(void **state)
{
    (void)state;
    struct mail mail = ordinary();
    mail.calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
    mail.method = "REQUEST";
    char *message = written(&mail);
    assert_non_null(
        strstr(message,
               "Content-Type: text/calendar; charset=UTF-8; method=REQUEST; "
               "component=VEVENT\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
               "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n--=_plenary--\r\n"));
    free(message);
    mail.method = "CANCEL"; // the calendar says otherwise
    char *none = NULL;
    size_t size = 0;
    assert_int_equal(mail_write(&mail, &none, &size), ERR_INVALID);
}

static void lines_of_every_ending(void **state)
{
    (void)state;
    struct mail mail = ordinary();
    mail.text = "a\r\nb\rc\n.\nFrom d";
    char *message = written(&mail);
    assert_non_null(strstr(message, "\r\n\r\na\r\nbc\r\n.\r\nFrom d\r\n--=_plenary"));
    free(message);
}

static void what_is_refused(void **state)
{
    (void)state;
    static char long_text[MAIL_TEXT_MAX + 2];
    static char long_subject[MAIL_SUBJECT_MAX + 2];
    memset(long_text, 'x', sizeof(long_text) - 1);
    memset(long_subject, 'x', sizeof(long_subject) - 1);
    struct mail cases[12];
    for (size_t i = 0; i < 12; i++) {
        cases[i] = ordinary();
    }
    cases[0].subject = "a\r\nBcc: all@example.org";
    cases[1].to_name = "a\nb";
    cases[2].from_name = "a\rb";
    cases[3].to = "amina@example.org\r\nRCPT TO:<b@example.org>";
    cases[4].from = "nobody";
    cases[5].language = "en\r\nX: y";
    cases[6].id = "a b";
    cases[7].text = "\xff";
    cases[8].text = long_text;
    cases[9].subject = long_subject;
    cases[10].language = "";
    cases[11].id = "a>b";
    for (size_t i = 0; i < 12; i++) {
        char *message = NULL;
        size_t size = 0;
        if (mail_write(&cases[i], &message, &size) != ERR_INVALID) {
            fail_msg("case %zu is not refused", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_of_one),      cmocka_unit_test(markup_is_shown),
        cmocka_unit_test(right_to_left),         cmocka_unit_test(a_calendar_goes_with_it),
        cmocka_unit_test(lines_of_every_ending), cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
