#include "../test.h"

#include "http/websocket_handshake.h"

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static struct websocket_acceptance accepted;

static enum err shake(const char *key, const char *version, const char *upgrade,
                      const char *subprotocol)
{
    const struct websocket_offer offer = {key, version, upgrade, subprotocol};
    memset(&accepted, 0, sizeof(accepted));
    return websocket_handshake(&offer, &accepted);
}

static void the_example_of_the_rfc(void **state)
{
    (void)state;
    // RFC 6455, section 1.3
    assert_int_equal(shake(KEY, "13", "websocket", NULL), ERR_NONE);
    assert_string_equal(accepted.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_string_equal(accepted.bearer, "");
    assert_false(accepted.plenary_v1);
    assert_int_equal(shake(KEY, "13", "WebSocket", NULL), ERR_NONE);
}

static void what_is_no_handshake_is_refused(void **state)
{
    (void)state;
    assert_int_equal(shake(NULL, "13", "websocket", NULL), ERR_MALFORMED);
    assert_int_equal(shake(KEY, NULL, "websocket", NULL), ERR_MALFORMED);
    assert_int_equal(shake(KEY, "13", NULL, NULL), ERR_MALFORMED);
    assert_int_equal(shake("", "13", "websocket", NULL), ERR_MALFORMED);
    assert_int_equal(shake(KEY "=", "13", "websocket", NULL), ERR_MALFORMED);
    assert_int_equal(shake(KEY, "8", "websocket", NULL), ERR_MALFORMED);
    assert_int_equal(shake(KEY, "13", "h2c", NULL), ERR_MALFORMED);
}

static void subprotocols(void **state)
{
    (void)state;
    assert_int_equal(shake(KEY, "13", "websocket", "plenary.v1, bearer.abc-_9"), ERR_NONE);
    assert_true(accepted.plenary_v1);
    assert_string_equal(accepted.bearer, "abc-_9");
    assert_int_equal(shake(KEY, "13", "websocket", "bearer.x,plenary.v1"), ERR_NONE);
    assert_true(accepted.plenary_v1);
    assert_string_equal(accepted.bearer, "x");
    assert_int_equal(shake(KEY, "13", "websocket", ", ,\t,chat,plenary.v11,plenary.v,"), ERR_NONE);
    assert_false(accepted.plenary_v1);
    assert_string_equal(accepted.bearer, "");
    assert_int_equal(shake(KEY, "13", "websocket", "bearer.x, bearer.y"), ERR_MALFORMED);
    assert_int_equal(shake(KEY, "13", "websocket", "bearer., plenary.v1, bearer.y"), ERR_MALFORMED);
    assert_int_equal(shake(KEY, "13", "websocket", ""), ERR_NONE);
    assert_int_equal(shake(KEY, "13", "websocket", "bearer."), ERR_NONE);
    assert_string_equal(accepted.bearer, "");
}

static void a_token_longer_than_any_of_ours_is_nobodys(void **state)
{
    (void)state;
    char list[512] = "plenary.v1, bearer.";
    size_t prefix = strlen(list);
    memset(list + prefix, 'a', WEBSOCKET_BEARER_MAX);
    assert_int_equal(shake(KEY, "13", "websocket", list), ERR_NONE);
    assert_int_equal(strlen(accepted.bearer), WEBSOCKET_BEARER_MAX);
    memset(list + prefix, 'a', WEBSOCKET_BEARER_MAX + 1);
    assert_int_equal(shake(KEY, "13", "websocket", list), ERR_NONE);
    assert_string_equal(accepted.bearer, "");
    assert_true(accepted.plenary_v1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_rfc),
        cmocka_unit_test(what_is_no_handshake_is_refused),
        cmocka_unit_test(subprotocols),
        cmocka_unit_test(a_token_longer_than_any_of_ours_is_nobodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
