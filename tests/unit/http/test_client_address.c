#include "../test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/client_address.h"

static struct client_address parsed(const char *text)
{
    struct client_address address;
    assert_int_equal(client_address_from_text(text, &address), ERR_NONE);
    return address;
}

static bool counted_together(const char *a, const char *b)
{
    struct client_address first = parsed(a);
    struct client_address second = parsed(b);
    first = client_address_counted(&first);
    second = client_address_counted(&second);
    return client_address_equal(&first, &second);
}

static void what_counts_as_one(void **state)
{
    (void)state;
    assert_true(counted_together("10.0.0.1", "::ffff:10.0.0.1"));
    assert_false(counted_together("10.0.0.1", "10.0.0.2"));
    assert_true(counted_together("2001:db8::1", "2001:db8::ffff:1"));
    assert_false(counted_together("2001:db8::1", "2001:db8:0:1::1"));
}

static void texts_and_sockets(void **state)
{
    (void)state;
    char text[CLIENT_ADDRESS_TEXT_MAX];
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    inet_pton(AF_INET, "192.0.2.7", &v4.sin_addr);
    inet_pton(AF_INET6, "::ffff:192.0.2.7", &v6.sin6_addr);
    struct client_address a = client_address_of((const struct sockaddr *)&v4);
    struct client_address b = client_address_of((const struct sockaddr *)&v6);
    assert_true(client_address_equal(&a, &b));
    client_address_to_text(&a, text);
    assert_string_equal(text, "192.0.2.7");
    a = parsed("2001:db8::7");
    client_address_to_text(&a, text);
    assert_string_equal(text, "2001:db8::7");
    static const char *const loopbacks[] = {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"};
    for (size_t i = 0; i < 4; i++) {
        a = parsed(loopbacks[i]);
        assert_true(client_address_is_loopback(&a));
    }
    a = parsed("128.0.0.1");
    assert_false(client_address_is_loopback(&a));
    static const char *const bad[] = {"", "x", "10.0.0", "10.0.0.1:80", "[::1]", "::1%lo", "1"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(client_address_from_text(bad[i], &a), ERR_MALFORMED);
    }
}

static void networks(void **state)
{
    (void)state;
    struct client_networks list;
    assert_int_equal(client_networks_read("", &list), ERR_NONE);
    assert_int_equal(list.count, 0);
    assert_int_equal(client_networks_read("127.0.0.1, ::1 10.1.0.0/20,fd00::/9,", &list), ERR_NONE);
    assert_int_equal(list.count, 4);
    static const struct {
        const char *address;
        bool contained;
    } cases[] = {{"127.0.0.1", true},   {"127.0.0.2", false},     {"::1", true},
                 {"10.1.15.255", true}, {"10.1.16.0", false},     {"fd7f::1", true},
                 {"fd80::1", false},    {"::ffff:10.1.0.1", true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct client_address address = parsed(cases[i].address);
        assert_int_equal(client_networks_contain(&list, &address), cases[i].contained);
    }
    assert_int_equal(client_networks_read("0.0.0.0/0", &list), ERR_NONE);
    struct client_address v4 = parsed("8.8.8.8");
    struct client_address v6 = parsed("2001:db8::1");
    assert_true(client_networks_contain(&list, &v4));
    assert_false(client_networks_contain(&list, &v6));
    static const char *const bad[] = {"localhost",  "10.0.0.0/33",  "::/129",           "10.0.0.0/",
                                      "10.0.0.0/x", "10.0.0.0/8/8", "10.0.0.1;10.0.0.2"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(client_networks_read(bad[i], &list), ERR_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_counts_as_one),
        cmocka_unit_test(texts_and_sockets),
        cmocka_unit_test(networks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
