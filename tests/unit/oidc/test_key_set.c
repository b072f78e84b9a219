// A provider's keys: which are kept, and which one a token is checked with.
#include "../test.h"

#include "oidc/key_set.h"
#include "signed.h"

static json_t *public_of(const cjose_jwk_t *key, const char *id)
{
    char *text = cjose_jwk_to_json(key, false, NULL);
    json_t *json = json_loads(text, 0, NULL);
    free(text);
    if (id != NULL) {
        (void)json_object_set_new(json, "kid", json_string(id));
    }
    return json;
}

static void read_keys(struct oidc_key_set *set, json_t *list)
{
    json_t *document = json_pack("{s:o}", "keys", list);
    char *text = json_dumps(document, 0);
    assert_int_equal(key_set_read(set, text, strlen(text)), OIDC_BELIEVED);
    free(text);
    json_decref(document);
}

static void a_key_is_found_by_its_name(void **state)
{
    struct oidc_key_set set = {.count = 0};
    cjose_jwk_t *rsa = signed_key("RS256");
    cjose_jwk_t *ec = signed_key("ES256");
    (void)state;
    read_keys(&set, json_pack("[o,o]", public_of(rsa, "one"), public_of(ec, "two")));
    assert_int_equal(set.count, 2);
    assert_non_null(key_set_find(&set, "one", "RS256"));
    assert_ptr_equal(key_set_find(&set, "one", "RS256"), key_set_find(&set, "one", "PS256"));
    assert_null(key_set_find(&set, "one", "ES256"));
    assert_non_null(key_set_find(&set, "two", "ES256"));
    assert_null(key_set_find(&set, "three", "ES256"));
    // Without a name: the only one of its kind.
    assert_ptr_equal(key_set_find(&set, NULL, "ES256"), key_set_find(&set, "two", "ES256"));
    read_keys(&set, json_pack("[o,o]", public_of(ec, "one"), public_of(ec, "two")));
    assert_null(key_set_find(&set, NULL, "ES256"));
    assert_null(key_set_find(&set, "one", "RS256")); // those of before are gone
    key_set_finish(&set);
    (void)cjose_jwk_release(rsa);
    (void)cjose_jwk_release(ec);
}

static void a_key_is_for_what_it_says(void **state)
{
    struct oidc_key_set set = {.count = 0};
    cjose_jwk_t *rsa = signed_key("RS256");
    json_t *for_secrets = public_of(rsa, "a");
    json_t *for_other = public_of(rsa, "b");
    json_t *for_one = public_of(rsa, "c");
    (void)state;
    (void)json_object_set_new(for_secrets, "use", json_string("enc"));
    (void)json_object_set_new(for_other, "alg", json_string("RS512"));
    (void)json_object_set_new(for_one, "alg", json_string("PS256"));
    read_keys(&set, json_pack("[o,o,o]", for_secrets, for_other, for_one));
    assert_int_equal(set.count, 1);
    assert_non_null(key_set_find(&set, "c", "PS256"));
    assert_null(key_set_find(&set, "c", "RS256"));
    key_set_finish(&set);
    (void)cjose_jwk_release(rsa);
}

static void weak_and_strange_keys_are_passed_over(void **state)
{
    static const uint8_t exponent[] = {1, 0, 1};
    struct oidc_key_set set = {.count = 0};
    cjose_jwk_t *weak = cjose_jwk_create_RSA_random(1024, exponent, 3, NULL);
    cjose_jwk_t *other = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_384, NULL);
    json_t *point = json_pack("{s:s,s:s,s:s,s:s}", "kty", "EC", "crv", "P-256", "x",
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "y",
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    (void)state;
    read_keys(&set, json_pack("[o,o,o,{s:s,s:s},i,n,{}]", public_of(weak, "a"),
                              public_of(other, "b"), point, "kty", "oct", "k", "AAAA", 7));
    assert_int_equal(set.count, 0);
    key_set_finish(&set);
    (void)cjose_jwk_release(weak);
    (void)cjose_jwk_release(other);
}

static void a_set_has_an_end(void **state)
{
    struct oidc_key_set set = {.count = 0};
    cjose_jwk_t *ec = signed_key("ES256");
    json_t *list = json_array();
    (void)state;
    for (int i = 0; i < 2 * OIDC_KEYS_MAX; i++) {
        (void)json_array_append_new(list, public_of(ec, NULL));
    }
    read_keys(&set, list);
    assert_int_equal(set.count, OIDC_KEYS_MAX);
    assert_int_equal(key_set_read(&set, "{\"keys\":{}}", 11), OIDC_ANSWER_UNREADABLE);
    assert_int_equal(key_set_read(&set, "<html>", 6), OIDC_ANSWER_UNREADABLE);
    assert_int_equal(set.count, OIDC_KEYS_MAX);
    key_set_finish(&set);
    (void)cjose_jwk_release(ec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_key_is_found_by_its_name),
                                       cmocka_unit_test(a_key_is_for_what_it_says),
                                       cmocka_unit_test(weak_and_strange_keys_are_passed_over),
                                       cmocka_unit_test(a_set_has_an_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
