// ID tokens: by whom, for whom, when, in answer to what.
#include "../test.h"

#include <cjose/base64.h>
#include <cjose/util.h>

#include "oidc/id_token.h"
#include "signed.h"

#define NOW INT64_C(1800000000)

static const struct id_token_wish wish = {
    .issuer = "https://login.example.org",
    .client = "plenary",
    .nonce = "a-nonce",
    .access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
    .wall = NOW * 1000};

static cjose_jwk_t *key;

static int set_up(void **state)
{
    (void)state;
    key = signed_key("ES256");
    return key == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    (void)cjose_jwk_release(key);
    return 0;
}

static json_t *sound(void)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:s}", "iss", "https://login.example.org", "aud",
                     "plenary", "sub", "ada", "exp", (json_int_t)NOW + 300, "iat", (json_int_t)NOW,
                     "nonce", "a-nonce");
}

static enum oidc_verdict check(json_t *claims)
{
    struct id_token_head head;
    json_t *found = NULL;
    char *token = signed_token(key, "ES256", "one", claims);
    assert_int_equal(id_token_head(token, &head), OIDC_BELIEVED);
    assert_true(head.names_key);
    assert_string_equal(head.key, "one");
    enum oidc_verdict verdict = id_token_check(token, key, &wish, &found);
    assert_int_equal(verdict == OIDC_BELIEVED, found != NULL);
    json_decref(found);
    json_decref(claims);
    free(token);
    return verdict;
}

// With one claim changed; NULL: without it.
static enum oidc_verdict check_with(const char *name, json_t *value)
{
    json_t *claims = sound();
    if (value != NULL) {
        (void)json_object_set_new(claims, name, value);
    } else {
        (void)json_object_del(claims, name);
    }
    return check(claims);
}

static void a_sound_one_is_believed(void **state)
{
    (void)state;
    assert_int_equal(check(sound()), OIDC_BELIEVED);
}

static void it_is_of_the_issuer_for_us(void **state)
{
    (void)state;
    assert_int_equal(check_with("iss", NULL), OIDC_OTHER_ISSUER);
    assert_int_equal(check_with("iss", json_string("https://login.example.org/")),
                     OIDC_OTHER_ISSUER);
    assert_int_equal(check_with("aud", NULL), OIDC_OTHER_AUDIENCE);
    assert_int_equal(check_with("aud", json_string("Plenary")), OIDC_OTHER_AUDIENCE);
    assert_int_equal(check_with("aud", json_array()), OIDC_OTHER_AUDIENCE);
    assert_int_equal(check_with("aud", json_pack("[s]", "plenary")), OIDC_BELIEVED);
    assert_int_equal(check_with("aud", json_pack("[s,s]", "plenary", "b")), OIDC_OTHER_AUDIENCE);
    assert_int_equal(check_with("azp", json_string("b")), OIDC_OTHER_AUDIENCE);
    json_t *claims = sound();
    (void)json_object_set_new(claims, "aud", json_pack("[s,s]", "b", "plenary"));
    (void)json_object_set_new(claims, "azp", json_string("plenary"));
    assert_int_equal(check(claims), OIDC_BELIEVED);
}

static void it_has_its_time(void **state)
{
    (void)state;
    assert_int_equal(check_with("exp", NULL), OIDC_TOKEN_UNREADABLE);
    assert_int_equal(check_with("iat", NULL), OIDC_TOKEN_UNREADABLE);
    assert_int_equal(check_with("exp", json_string("1800000300")), OIDC_TOKEN_UNREADABLE);
    assert_int_equal(check_with("exp", json_integer(NOW - OIDC_LEEWAY_S)), OIDC_TOKEN_EXPIRED);
    assert_int_equal(check_with("exp", json_integer(NOW - OIDC_LEEWAY_S + 1)), OIDC_BELIEVED);
    assert_int_equal(check_with("exp", json_integer(-1)), OIDC_TOKEN_EXPIRED);
    assert_int_equal(check_with("iat", json_integer(NOW + OIDC_LEEWAY_S + 1)),
                     OIDC_TOKEN_TOO_EARLY);
    assert_int_equal(check_with("nbf", json_integer(NOW + OIDC_LEEWAY_S)), OIDC_BELIEVED);
    assert_int_equal(check_with("nbf", json_integer(NOW + OIDC_LEEWAY_S + 1)),
                     OIDC_TOKEN_TOO_EARLY);
    assert_int_equal(check_with("nbf", json_true()), OIDC_TOKEN_UNREADABLE);
}

static void it_answers_what_was_asked(void **state)
{
    (void)state;
    assert_int_equal(check_with("nonce", NULL), OIDC_OTHER_NONCE);
    assert_int_equal(check_with("nonce", json_string("another")), OIDC_OTHER_NONCE);
    assert_int_equal(check_with("sub", NULL), OIDC_NO_SUBJECT);
    // OpenID Connect Core 1.0, appendix A.3 has this pair.
    assert_int_equal(check_with("at_hash", json_string("77QmUPtjPfzWtF2AnpK9RQ")), OIDC_BELIEVED);
    assert_int_equal(check_with("at_hash", json_string("77QmUPtjPfzWtF2AnpK9RR")),
                     OIDC_OTHER_ACCESS_TOKEN);
    assert_int_equal(check_with("at_hash", json_string("")), OIDC_OTHER_ACCESS_TOKEN);
}

static enum oidc_verdict head_of(const char *json)
{
    char token[256];
    struct id_token_head head;
    char *text = NULL;
    size_t length = 0;
    assert_true(cjose_base64url_encode((const uint8_t *)json, strlen(json), &text, &length, NULL));
    snprintf(token, sizeof(token), "%s.e30.AAAA", text);
    cjose_get_dealloc()(text);
    return id_token_head(token, &head);
}

static void an_algorithm_is_one_of_three(void **state)
{
    static const char *const others[] = {
        "none",  "None",  "HS256",  "RS384",
        "ES512", "EdDSA", "RS256 ", "a very long name of an algorithm"};
    char json[128];
    (void)state;
    assert_int_equal(head_of("{\"alg\":\"RS256\"}"), OIDC_BELIEVED);
    assert_int_equal(head_of("{\"alg\":\"PS256\",\"kid\":\"a\"}"), OIDC_BELIEVED);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        snprintf(json, sizeof(json), "{\"alg\":\"%s\"}", others[i]);
        assert_int_equal(head_of(json), OIDC_ALGORITHM_NOT_ALLOWED);
    }
    assert_int_equal(head_of("{}"), OIDC_TOKEN_UNREADABLE);
    assert_int_equal(head_of("{\"alg\":\"RS256\",\"alg\":\"none\"}"), OIDC_TOKEN_UNREADABLE);
    assert_int_equal(head_of("{\"alg\":\"RS256\",\"crit\":[\"b64\"]}"), OIDC_TOKEN_UNREADABLE);
    assert_int_equal(head_of("{\"alg\":\"RS256\",\"kid\":7}"), OIDC_TOKEN_UNREADABLE);
}

static void what_was_not_signed_is_not_believed(void **state)
{
    json_t *found = NULL;
    json_t *claims = sound();
    cjose_jwk_t *other = signed_key("ES256");
    cjose_jwk_t *rsa = signed_key("RS256");
    char *token = signed_token(key, "ES256", NULL, claims);
    (void)state;
    assert_int_equal(id_token_check(token, other, &wish, &found), OIDC_SIGNATURE_WRONG);
    assert_int_equal(id_token_check(token, rsa, &wish, &found), OIDC_SIGNATURE_WRONG);
    char *dot = strrchr(token, '.');
    dot[1] = dot[1] == 'A' ? 'B' : 'A';
    assert_int_equal(id_token_check(token, key, &wish, &found), OIDC_SIGNATURE_WRONG);
    dot[1] = '\0';
    assert_int_not_equal(id_token_check(token, key, &wish, &found), OIDC_BELIEVED);
    *dot = '\0';
    assert_int_equal(id_token_check(token, key, &wish, &found), OIDC_TOKEN_UNREADABLE);
    assert_null(found);
    free(token);
    json_decref(claims);
    (void)cjose_jwk_release(other);
    (void)cjose_jwk_release(rsa);
}

static void each_algorithm_is_understood(void **state)
{
    static const char *const algorithms[] = {"RS256", "PS256", "ES256"};
    (void)state;
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
        json_t *found = NULL;
        json_t *claims = sound();
        cjose_jwk_t *one = signed_key(algorithms[i]);
        char *token = signed_token(one, algorithms[i], NULL, claims);
        assert_int_equal(id_token_check(token, one, &wish, &found), OIDC_BELIEVED);
        assert_true(json_equal(found, claims));
        json_decref(found);
        json_decref(claims);
        free(token);
        (void)cjose_jwk_release(one);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_one_is_believed),
        cmocka_unit_test(it_is_of_the_issuer_for_us),
        cmocka_unit_test(it_has_its_time),
        cmocka_unit_test(it_answers_what_was_asked),
        cmocka_unit_test(an_algorithm_is_one_of_three),
        cmocka_unit_test(what_was_not_signed_is_not_believed),
        cmocka_unit_test(each_algorithm_is_understood),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
