// Which addresses of a provider are asked.
#include "../test.h"

#include "oidc/address.h"

static void over_tls_or_on_this_machine(void **state)
{
    static const char *const fit[] = {
        "https://login.example.org",       "https://login.example.org/a/b",
        "https://login.example.org:8443/", "http://127.0.0.1:9/x",
        "http://localhost:8080",           "http://[::1]:9"};
    static const char *const unfit[] = {"",
                                        "login.example.org",
                                        "http://login.example.org",
                                        "http://127.0.0.1.example.org",
                                        "http://localhost.example",
                                        "ftp://127.0.0.1",
                                        "file:///etc/passwd",
                                        "https://user@login.example.org",
                                        "https://user:secret@login.example.org",
                                        "https://login.example.org/#here",
                                        "https://",
                                        "//a/b",
                                        "https://a b/"};
    (void)state;
    for (size_t i = 0; i < sizeof(fit) / sizeof(fit[0]); i++) {
        assert_true(oidc_address_is_fit(fit[i]) && oidc_issuer_is_fit(fit[i]));
    }
    for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
        assert_false(oidc_address_is_fit(unfit[i]) || oidc_issuer_is_fit(unfit[i]));
    }
}

static void an_issuer_has_no_query(void **state)
{
    (void)state;
    assert_true(oidc_address_is_fit("https://login.example.org/?realm=a"));
    assert_false(oidc_issuer_is_fit("https://login.example.org/?realm=a"));
}

static void an_address_has_an_end(void **state)
{
    char address[OIDC_ADDRESS_MAX + 2];
    (void)state;
    memset(address, 'a', sizeof(address));
    memcpy(address, "https://a/", 10);
    address[OIDC_ADDRESS_MAX + 1] = '\0';
    assert_false(oidc_address_is_fit(address));
    address[OIDC_ADDRESS_MAX] = '\0';
    assert_true(oidc_address_is_fit(address));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(over_tls_or_on_this_machine),
                                       cmocka_unit_test(an_issuer_has_no_query),
                                       cmocka_unit_test(an_address_has_an_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
