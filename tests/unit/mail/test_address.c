#include "../test.h"

#include "mail/address.h"

static void what_can_be_sent_to(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool ascii;
    } cases[] = {
        {"amina@example.org", true},  {"Amina.Diallo+meetings@mail.example.org", true},
        {"o'brien@example.ie", true}, {"a/b=c@xn--e1afmkfd.xn--p1ai", true},
        {"operator@localhost", true}, {"1@2.example3", true},
        {"амина@пример.рф", false},   {"张伟@例子.中国", false},
        {"hélène@example.fr", false}, {"anna@exämple.org", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool ascii = !cases[i].ascii;
        if (mail_address_check(cases[i].address, &ascii) != ERR_NONE || ascii != cases[i].ascii) {
            fail_msg("%s", cases[i].address);
        }
    }
}

static void what_cannot(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "@",
        "amina",
        "amina@",
        "@example.org",
        "amina@example",
        "amina@example.",
        "amina@.org",
        "amina@example..org",
        "amina@-example.org",
        "amina@example-.org",
        "amina@192.0.2.1",
        "amina@[192.0.2.1]",
        ".amina@example.org",
        "amina.@example.org",
        "a..b@example.org",
        "a b@example.org",
        "\"a b\"@example.org",
        "a@b@example.org",
        "Amina <amina@example.org>",
        "amina@example.org, li@example.org",
        "amina@example.org\r\nBcc: all@example.org",
        "amina@example.org\n",
        "amina\t@example.org",
        "amina(comment)@example.org",
        "amina@exa_mple.org",
        "amina\xff@example.org",
        "amina\u200b@example.org", // nobody sees the sign
        "amina\u202e@example.org", // nor this one, which turns the others round
        "e\u0301va@example.org",   // written in two ways
        "amina@exam\u00a0ple.org",
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (mail_address_check(cases[i], NULL) != ERR_INVALID) {
            fail_msg("%s", cases[i]);
        }
    }
}

static void the_lengths(void **state)
{
    (void)state;
    char address[MAIL_ADDRESS_MAX + 80];
    for (int local = MAIL_LOCAL_MAX; local <= MAIL_LOCAL_MAX + 1; local++) {
        snprintf(address, sizeof(address), "%0*d@example.org", local, 1);
        assert_int_equal(mail_address_check(address, NULL),
                         local == MAIL_LOCAL_MAX ? ERR_NONE : ERR_INVALID);
    }
    for (int label = 63; label <= 64; label++) {
        snprintf(address, sizeof(address), "a@%0*d.org", label, 1);
        assert_int_equal(mail_address_check(address, NULL), label == 63 ? ERR_NONE : ERR_INVALID);
    }
    // "a@", three labels of 63 and a dot each, then what is left.
    for (int last = 60; last <= 61; last++) {
        snprintf(address, sizeof(address), "a@%063d.%063d.%063d.x%0*d", 1, 2, 3, last - 1, 4);
        assert_int_equal(mail_address_check(address, NULL),
                         strlen(address) <= MAIL_ADDRESS_MAX ? ERR_NONE : ERR_INVALID);
    }
    assert_int_equal(strlen(address), MAIL_ADDRESS_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_sent_to),
        cmocka_unit_test(what_cannot),
        cmocka_unit_test(the_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
