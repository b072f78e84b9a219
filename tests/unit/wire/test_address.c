#include "../test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "wire/address.h"

static void test_text(void **state)
{
    (void)state;
    struct address address;
    char text[ADDRESS_TEXT_SIZE];
    assert_int_equal(address_from_text("192.0.2.7", 7000, &address), ERR_NONE);
    assert_int_equal(address.family, ADDRESS_IPV4);
    address_ip_text(&address, text);
    assert_string_equal(text, "192.0.2.7");
    assert_int_equal(address_from_text("2001:db8::1", 7000, &address), ERR_NONE);
    assert_int_equal(address.family, ADDRESS_IPV6);
    address_ip_text(&address, text);
    assert_string_equal(text, "2001:db8::1");
    assert_int_equal(address_from_text("example.org", 7000, &address), ERR_MALFORMED);
    assert_int_equal(address.family, ADDRESS_NONE);
}

static void round_trip(const char *ip, bool dual_stack, int family)
{
    struct address address;
    struct address again;
    struct sockaddr_storage storage;
    assert_int_equal(address_from_text(ip, 50000, &address), ERR_NONE);
    socklen_t size = address_to_socket(&address, dual_stack, &storage);
    assert_int_equal(storage.ss_family, family);
    assert_int_equal(size,
                     family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    assert_int_equal(address_from_socket((struct sockaddr *)&storage, &again), ERR_NONE);
    assert_true(address_equal(&address, &again));
}

static void test_socket(void **state)
{
    (void)state;
    round_trip("192.0.2.7", false, AF_INET);
    round_trip("192.0.2.7", true, AF_INET6); // mapped, and back to IPv4
    round_trip("2001:db8::1", false, AF_INET6);
    struct sockaddr_storage unix_socket = {.ss_family = AF_UNIX};
    struct address address;
    assert_int_equal(address_from_socket((struct sockaddr *)&unix_socket, &address),
                     ERR_UNSUPPORTED);
}

static void test_equal(void **state)
{
    (void)state;
    struct address a;
    struct address b;
    assert_int_equal(address_from_text("192.0.2.7", 1, &a), ERR_NONE);
    assert_int_equal(address_from_text("192.0.2.7", 2, &b), ERR_NONE);
    assert_false(address_equal(&a, &b));
    b.port = 1;
    assert_true(address_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_socket),
        cmocka_unit_test(test_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
