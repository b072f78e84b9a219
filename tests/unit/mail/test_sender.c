// What can be known without a mail server; tests/integration/test_mail.py has one.
#include "../test.h"

#include "mail/sender.h"

static void which_servers(void **state)
{
    (void)state;
    assert_true(mail_server_is_valid("smtp://mail.example.org:587"));
    assert_true(mail_server_is_valid("smtps://mail.example.org"));
    assert_true(mail_server_is_valid("smtp://[2001:db8::1]:25"));
    static const char *const cases[] = {
        "",
        "smtp://",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://user:secret@mail.example.org",
        "smtp://mail.example.org/path",
        "smtp://mail.example.org?x",
        "smtp://mail.example.org\r\nQUIT",
        "smtp://mail example.org",
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (mail_server_is_valid(cases[i])) {
            fail_msg("%s", cases[i]);
        }
    }
}

static void a_password_goes_over_tls_alone(void **state)
{
    (void)state;
    struct mail_sender *sender = NULL;
    struct mail_server server = {.url = "smtp://localhost:1",
                                 .name = "localhost",
                                 .user = "plenary",
                                 .password_file = "nowhere",
                                 .authorities = "",
                                 .tls = MAIL_TLS_OPPORTUNISTIC};
    assert_int_equal(mail_sender_create(&server, &sender), ERR_INVALID);
    server.tls = MAIL_TLS_NONE;
    assert_int_equal(mail_sender_create(&server, &sender), ERR_INVALID);
    server.tls = MAIL_TLS_REQUIRED;
    assert_int_equal(mail_sender_create(&server, &sender), ERR_NONE);
    struct mail_answer answer;
    mail_greet(sender, &answer);
    assert_int_equal(answer.outcome, MAIL_UNREACHABLE);
    assert_string_equal(answer.words, "mail.password_file cannot be read");
    mail_sender_destroy(sender);
    mail_sender_destroy(NULL);
}

static void nobody_is_there(void **state)
{
    (void)state;
    struct mail_sender *sender = NULL;
    struct mail_answer answer;
    const struct mail_server server = {.url = "smtp://127.0.0.1:1",
                                       .name = "localhost",
                                       .user = "",
                                       .password_file = "",
                                       .authorities = "",
                                       .tls = MAIL_TLS_NONE};
    assert_int_equal(mail_sender_create(&server, &sender), ERR_NONE);
    mail_send(sender, "a@example.org", "b@example.org", "x\r\n", 3, &answer);
    assert_int_equal(answer.outcome, MAIL_UNREACHABLE);
    assert_true(answer.words[0] != '\0');
    mail_sender_destroy(sender);
}

static void names_of_tls(void **state)
{
    (void)state;
    enum mail_tls tls = MAIL_TLS_NONE;
    assert_true(mail_tls_from_text("required", &tls));
    assert_int_equal(tls, MAIL_TLS_REQUIRED);
    assert_true(mail_tls_from_text("opportunistic", &tls));
    assert_true(mail_tls_from_text("none", &tls));
    assert_int_equal(tls, MAIL_TLS_NONE);
    assert_false(mail_tls_from_text("", &tls));
    assert_false(mail_tls_from_text("on", &tls));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_servers),
        cmocka_unit_test(a_password_goes_over_tls_alone),
        cmocka_unit_test(nobody_is_there),
        cmocka_unit_test(names_of_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
