// What a provider says of itself.
#include "../test.h"

#include <stdlib.h>

#include <jansson.h>

#include "oidc/provider.h"

#define ISSUER "https://login.example.org/realm"

static enum oidc_verdict verdict_with(const char *name, const char *value,
                                      struct oidc_provider *ret_provider)
{
    json_t *document = json_pack("{s:s, s:s, s:s, s:s}", "issuer", ISSUER, "authorization_endpoint",
                                 "https://login.example.org/a", "token_endpoint",
                                 "https://login.example.org/t", "jwks_uri",
                                 "https://login.example.org/k");
    if (name != NULL) {
        (void)json_object_set_new(document, name, json_string(value));
    }
    char *text = json_dumps(document, 0);
    enum oidc_verdict verdict = provider_read(text, strlen(text), ISSUER, ret_provider);
    free(text);
    json_decref(document);
    return verdict;
}

static void addresses_are_taken(void **state)
{
    struct oidc_provider provider;
    (void)state;
    assert_int_equal(verdict_with(NULL, NULL, &provider), OIDC_BELIEVED);
    assert_string_equal(provider.authorization, "https://login.example.org/a");
    assert_string_equal(provider.token, "https://login.example.org/t");
    assert_string_equal(provider.keys, "https://login.example.org/k");
    assert_string_equal(provider.person, "");
    assert_false(provider.names_itself);
}

static void it_is_the_one_that_was_meant(void **state)
{
    static const char *const others[] = {"https://login.example.org/realm/",
                                         "https://login.example.org/Realm",
                                         "https://login.example.org", ""};
    struct oidc_provider provider;
    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(verdict_with("issuer", others[i], &provider), OIDC_OTHER_ISSUER);
    }
}

static void it_leads_nowhere_unsafe(void **state)
{
    static const char *const names[] = {"authorization_endpoint", "token_endpoint", "jwks_uri",
                                        "userinfo_endpoint"};
    struct oidc_provider provider;
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_int_equal(verdict_with(names[i], "http://login.example.org/x", &provider),
                         OIDC_ADDRESS_UNFIT);
        assert_int_equal(verdict_with(names[i], "file:///etc/passwd", &provider),
                         OIDC_ADDRESS_UNFIT);
    }
}

static void what_is_no_document_is_none(void **state)
{
    static const char *const texts[] = {"",
                                        "null",
                                        "[]",
                                        "{",
                                        "{\"issuer\":1}x",
                                        "{\"issuer\":\"" ISSUER "\",\"issuer\":\"" ISSUER "\"}"};
    struct oidc_provider provider;
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(provider_read(texts[i], strlen(texts[i]), ISSUER, &provider),
                         OIDC_ANSWER_UNREADABLE);
    }
    const char *bare = "{\"issuer\":\"" ISSUER "\"}";
    assert_int_equal(provider_read(bare, strlen(bare), ISSUER, &provider), OIDC_ADDRESS_UNFIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken), cmocka_unit_test(it_is_the_one_that_was_meant),
        cmocka_unit_test(it_leads_nowhere_unsafe), cmocka_unit_test(what_is_no_document_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
