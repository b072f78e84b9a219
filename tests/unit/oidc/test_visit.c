// Where a browser is sent, and what its code is exchanged with.
#include "../test.h"

#include <stdlib.h>

#include "oidc/visit.h"

static const struct oidc_provider provider = {
    .authorization = "https://login.example.org/a?realm=x", .token = "https://login.example.org/t"};
// The verifier of RFC 7636, appendix B.
static const struct oidc_visit visit = {.state = "a-state",
                                        .nonce = "a-nonce",
                                        .verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"};

static struct oidc_client_facts client(const char *secret, bool in_body)
{
    return (struct oidc_client_facts){.client = "a client&",
                                      .secret = secret,
                                      .secret_in_body = in_body,
                                      .scopes = "groups",
                                      .back = "https://house.example/return"};
}

static void the_address_says_what_is_wished(void **state)
{
    const struct oidc_client_facts facts = client("", false);
    (void)state;
    char *address = visit_address(&provider, &facts, &visit);
    assert_non_null(address);
    assert_string_equal(address,
                        "https://login.example.org/a?realm=x&response_type=code"
                        "&client_id=a+client%26"
                        "&redirect_uri=https%3a%2f%2fhouse.example%2freturn"
                        "&scope=openid+profile+email+groups&state=a-state&nonce=a-nonce"
                        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                        "&code_challenge_method=S256");
    free(address);
}

static void the_form_has_the_secret_where_it_belongs(void **state)
{
    const struct oidc_client_facts basic = client("a secret", false);
    const struct oidc_client_facts post = client("a secret", true);
    const struct oidc_client_facts open = client("", false);
    (void)state;
    char *form = visit_form(&basic, &visit, "a+code/&");
    assert_string_equal(form,
                        "grant_type=authorization_code&code=a%2bcode%2f%26"
                        "&redirect_uri=https%3a%2f%2fhouse.example%2freturn"
                        "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    free(form);
    form = visit_form(&post, &visit, "a");
    assert_non_null(strstr(form, "&client_id=a+client%26&client_secret=a+secret"));
    free(form);
    form = visit_form(&open, &visit, "a");
    assert_non_null(strstr(form, "&client_id=a+client%26"));
    assert_null(strstr(form, "client_secret"));
    free(form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_address_says_what_is_wished),
                                       cmocka_unit_test(the_form_has_the_secret_where_it_belongs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
