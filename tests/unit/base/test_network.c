#include "../test.h"

#include <stdbool.h>

#include "base/network.h"

static void expect_same(const char *a, const char *b, bool same)
{
    uint8_t network_a[NETWORK_SIZE];
    uint8_t network_b[NETWORK_SIZE];
    network_of_text(a, network_a);
    network_of_text(b, network_b);
    assert_int_equal(memcmp(network_a, network_b, NETWORK_SIZE) == 0, same);
}

static void test_networks(void **state)
{
    (void)state;
    expect_same("192.0.2.1", "192.0.2.1", true);
    expect_same("192.0.2.1", "192.0.2.2", false);
    expect_same("192.0.2.1", "::ffff:192.0.2.1", true);
    expect_same("::ffff:192.0.2.1", "::ffff:192.0.2.2", false);
    expect_same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true);
    expect_same("2001:db8:1:2::1", "2001:db8:1:3::1", false);
    expect_same(NULL, "no address", true);
    expect_same(NULL, "192.0.2.1", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_networks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
