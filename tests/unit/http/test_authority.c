#include "../test.h"

#include "http/authority.h"

static void whom_one_can_ask(void **state)
{
    (void)state;
    static const char *const good[] = {"a",
                                       "meet.example.org",
                                       "meet.example.org.",
                                       "localhost:8443",
                                       "a:",
                                       "a:0",
                                       "a:65535",
                                       "a:00080",
                                       "my_service",
                                       "plenary_upstream:8080",
                                       "_dmarc.example",
                                       "xn--e1afmkfd.xn--p1ai",
                                       "%D0%BC%d0%b8%D1%80",
                                       "a!$&'()*+;=~",
                                       "-a-",
                                       "127.0.0.1",
                                       "192.0.2.1:80",
                                       "999.1.1.1",
                                       "[::1]",
                                       "[::]",
                                       "[::1]:8443",
                                       "[::1]:",
                                       "[2001:DB8::1]",
                                       "[::ffff:192.0.2.1]:80",
                                       "[1111:2222:3333:4444:5555:6666:123.123.123.123]"};
    static const char *const others[] = {"",
                                         ":",
                                         ":80",
                                         ".",
                                         ".a",
                                         "a..b",
                                         "a..",
                                         "a..b:",
                                         "a:x",
                                         "a:-1",
                                         "a:+1",
                                         "a: 1",
                                         "a:65536",
                                         "a:99999",
                                         "a:99999999999999999999999",
                                         "a:1:2",
                                         "a:0x50",
                                         "a,b",
                                         "a b",
                                         "a/b",
                                         "a?b",
                                         "a#b",
                                         "a@b",
                                         "a\\b",
                                         "a\"b",
                                         "a<b",
                                         "a|b",
                                         "a^b",
                                         "a\tb",
                                         "\xc3\xa9",
                                         "a\x7f",
                                         "%",
                                         "a%",
                                         "a%4",
                                         "a%zz",
                                         "a%4g",
                                         "a%:80",
                                         "a%4:80",
                                         "[",
                                         "[]",
                                         "[::1",
                                         "::1",
                                         "::1]",
                                         "[a]",
                                         "[1]",
                                         "[127.0.0.1]",
                                         "[::1]x",
                                         "[::1]80",
                                         "[::1]:x",
                                         "[::1]:65536",
                                         "[::1]]",
                                         "[[::1]]",
                                         "a[::1]",
                                         "[::1%25eth0]",
                                         "[::1%eth0]",
                                         "[v1.a]",
                                         "[:::1]",
                                         "[ ::1]",
                                         "[::12345]",
                                         "[1111:2222:3333:4444:5555:6666:123.123.123.1234]"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        if (!authority_is_good(good[i], strlen(good[i]))) {
            fail_msg("'%s' is refused", good[i]);
        }
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (authority_is_good(others[i], strlen(others[i]))) {
            fail_msg("'%s' is taken", others[i]);
        }
    }
    assert_false(authority_is_good("a\0b", 3));
    assert_false(authority_is_good("[::1\0]", 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whom_one_can_ask)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
