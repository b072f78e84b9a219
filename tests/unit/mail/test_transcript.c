#include "../test.h"

#include "mail/transcript.h"

static struct transcript transcript;

static void sent(const char *command)
{
    transcript_sent(&transcript, command, strlen(command));
}

static void came(const char *line)
{
    transcript_came(&transcript, line, strlen(line));
}

static void how_far_it_went(void **state)
{
    (void)state;
    transcript = (struct transcript){0};
    transcript_begin(&transcript);
    came("220 mail.example.org ESMTP\r\n");
    assert_int_equal(transcript.stage, TRANSCRIPT_GREETING);
    sent("EHLO meet.example.org\r\n");
    came("250 mail.example.org\r\n");
    assert_int_equal(transcript.stage, TRANSCRIPT_GREETING);
    sent("MAIL FROM:<a@example.org> SIZE=12\r\n");
    assert_int_equal(transcript.stage, TRANSCRIPT_SENDER);
    came("250 2.1.0 Ok\r\n");
    sent("RCPT TO:<b@example.org>\r\n");
    assert_int_equal(transcript.stage, TRANSCRIPT_RECIPIENT);
    came("550-5.1.1 No such person\r\n");
    came("550 5.1.1 here, \"ever\"\x1b[1m\r\n");
    assert_int_equal(transcript.code, 550);
    assert_string_equal(transcript.reply, "550 5.1.1 here, \"ever\"?[1m");
    sent("QUIT\r\n");
    came("221 Bye\r\n"); // is no answer to the mail
    assert_int_equal(transcript.code, 550);
    assert_true(transcript.over);
}

static void what_is_offered_under_tls_counts(void **state)
{
    (void)state;
    transcript = (struct transcript){0};
    transcript_begin(&transcript);
    sent("EHLO a\r\n");
    came("250-SMTPUTF8\r\n");
    came("250 STARTTLS\r\n");
    assert_true(transcript.takes_utf8);
    sent("STARTTLS\r\n");
    came("220 Go ahead\r\n");
    sent("EHLO a\r\n");
    came("250-PIPELINING\r\n");
    came("250 SIZE 1000\r\n");
    assert_false(transcript.takes_utf8);
    sent("EHLO a\r\n");
    came("250-PIPELINING\r\n");
    came("250 SMTPUTF8\r\n");
    sent("NOOP\r\n");
    came("250 SMTPUTF8 is a word here\r\n");
    transcript_begin(&transcript); // the next mail on the same connection
    assert_true(transcript.takes_utf8);
    assert_int_equal(transcript.code, 0);
    sent("NOOP\r\n");
    came("no code\r\n");
    came("25\r\n");
    assert_int_equal(transcript.code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_far_it_went),
        cmocka_unit_test(what_is_offered_under_tls_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
