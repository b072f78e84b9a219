#include "../test.h"

#include "http/forwarded.h"

static struct client_networks trusted;

static int trust(void **state)
{
    (void)state;
    return client_networks_read("127.0.0.1, ::1, 10.0.0.0/8", &trusted) == ERR_NONE ? 0 : -1;
}

static void comes_from(const char *expected, const char *peer, enum forwarded_field field,
                       const char *first, const char *second)
{
    const char *const values[] = {first, second};
    struct client_address address;
    char text[CLIENT_ADDRESS_TEXT_MAX];
    assert_int_equal(client_address_from_text(peer, &address), ERR_NONE);
    address = forwarded_client(&trusted, &address, field, values,
                               first == NULL    ? 0
                               : second == NULL ? 1
                                                : 2);
    client_address_to_text(&address, text);
    assert_string_equal(text, expected);
}

static void the_field_of_proxies(void **state)
{
    (void)state;
    const enum forwarded_field x = FORWARDED_X_FORWARDED_FOR;
    comes_from("127.0.0.1", "127.0.0.1", x, NULL, NULL);
    comes_from("192.0.2.1", "127.0.0.1", x, "192.0.2.1", NULL);
    comes_from("2001:db8::1", "::1", x, "2001:db8::1", NULL);
    comes_from("192.0.2.1", "127.0.0.1", x, "192.0.2.1:4711", NULL);
    comes_from("2001:db8::1", "::1", x, "[2001:db8::1]:4711", NULL);
    // Through two trusted ones; what stands before, the client has made up.
    comes_from("192.0.2.1", "127.0.0.1", x, "1.2.3.4, 192.0.2.1 ,10.1.1.1", NULL);
    comes_from("192.0.2.1", "127.0.0.1", x, "1.2.3.4, 192.0.2.1", "10.1.1.1");
    comes_from("192.0.2.1", "127.0.0.1", x, "1.2.3.4", "192.0.2.1");
    // Nobody untrusted is believed.
    comes_from("192.0.2.9", "192.0.2.9", x, "127.0.0.1", NULL);
    // What is no address is where belief ends.
    comes_from("127.0.0.1", "127.0.0.1", x, "unknown", NULL);
    comes_from("10.1.1.1", "127.0.0.1", x, "192.0.2.1, _hidden, 10.1.1.1", NULL);
    comes_from("127.0.0.1", "127.0.0.1", x, "192.0.2.1,", NULL);
    comes_from("127.0.0.1", "127.0.0.1", x, "", NULL);
    comes_from("127.0.0.1", "127.0.0.1", x, "[2001:db8::1", NULL);
}

static void the_standard_field(void **state)
{
    (void)state;
    const enum forwarded_field f = FORWARDED_FORWARDED;
    comes_from("192.0.2.1", "127.0.0.1", f, "for=192.0.2.1;proto=https;by=203.0.113.43", NULL);
    comes_from("2001:db8::1", "127.0.0.1", f, "proto=https; For=\"[2001:db8::1]:4711\"", NULL);
    comes_from("192.0.2.1", "127.0.0.1", f, "for=1.2.3.4;by=\"a,for=9.9.9.9\", for=192.0.2.1",
               "for=10.0.0.1");
    comes_from("127.0.0.1", "127.0.0.1", f, "by=192.0.2.1", NULL);
    comes_from("127.0.0.1", "127.0.0.1", f, "for=_hidden", NULL);
    comes_from("192.0.2.9", "192.0.2.9", f, "for=127.0.0.1", NULL);
}

static void what_calls_this_machine(void **state)
{
    (void)state;
    static const char *const loopback[] = {"localhost",      "LocalHost:8443", "127.0.0.1",
                                           "127.0.0.1:8443", "127.255.1.2",    "[::1]",
                                           "[::1]:8443",     "[0:0::1]",       "localhost:"};
    static const char *const others[] = {"",
                                         "127.evil.example",
                                         "127.0.0.1.nip.io",
                                         "127.0.0.1.nip.io:8443",
                                         "127.1",
                                         "127.0.0.1.",
                                         "localhost.example",
                                         "localhost:8443.example",
                                         "[::1",
                                         "[::1].example",
                                         "[::1]x:1",
                                         "::1",
                                         "[127.0.0.1]",
                                         "[localhost]",
                                         "128.0.0.1",
                                         "0.0.0.0",
                                         "127.0.0.1:x",
                                         "127.0.0.1:8443:8443",
                                         "xlocalhost",
                                         "[::2]",
                                         "2130706433",
                                         "0x7f.0.0.1",
                                         "localhost:123456",
                                         " localhost"};
    for (size_t i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++) {
        assert_true(host_is_loopback(loopback[i]));
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_false(host_is_loopback(others[i]));
    }
    assert_false(host_is_loopback(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_field_of_proxies),
        cmocka_unit_test(the_standard_field),
        cmocka_unit_test(what_calls_this_machine),
    };
    return cmocka_run_group_tests(tests, trust, NULL);
}
