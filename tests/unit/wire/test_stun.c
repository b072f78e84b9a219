#include "../test.h"

#include <openssl/evp.h>

#include "crypto/hmac.h"
#include "wire/stun.h"

// RFC 5769 sections 2.1 to 2.4.
static const uint8_t request[] =
    "\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x10"
    "STUN test client"
    "\x00\x24\x00\x04\x6e\x00\x01\xff\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36"
    "\x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20"
    "\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71"
    "\xa2\x80\x28\x00\x04\xe5\x7a\x3b\xcf";
static const uint8_t response_ipv4[] =
    "\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20"
    "\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43"
    "\x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9\x2a\xf9\xba\x53\xf0\x6b\xe7"
    "\xd7\x80\x28\x00\x04\xc0\x7d\x4c\x96";
static const uint8_t response_ipv6[] =
    "\x01\x01\x00\x48\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae"
    "\x80\x22\x00\x0b\x74\x65\x73\x74\x20\x76\x65\x63\x74\x6f\x72\x20"
    "\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9"
    "\xd9\x00\x08\x00\x14\xa3\x82\x95\x4e\x4b\xe6\x7b\xf1\x17\x84\xc9\x7c\x82\x92\xc2\x75\xbf\xe3"
    "\xed\x41\x80\x28\x00\x04\xc8\xfb\x0b\x4c";
static const uint8_t request_long_term[] =
    "\x00\x01\x00\x60\x21\x12\xa4\x42\x78\xad\x34\x33\xc6\xad\x72\xc0\x29\xda\x41\x2e"
    "\x00\x06\x00\x12\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9\x00"
    "\x00\x00\x15\x00\x1c\x66\x2f\x2f\x34\x39\x39\x6b\x39\x35\x34\x64\x36\x4f\x4c\x33\x34\x6f\x4c"
    "\x39\x46\x53\x54\x76\x79\x36\x34\x73\x41\x00\x14\x00\x0b\x65\x78\x61\x6d\x70\x6c\x65\x2e\x6f"
    "\x72\x67\x00\x00\x08\x00\x14\xf6\x70\x24\x65\x6d\xd6\x4a\x3e\x02\xb8\xe0\x71\x2e\x85\xc9\xa2"
    "\x8c\xa8\x96\x66";

#define SIZE(vector) (sizeof(vector) - 1)

static struct hmac_sha1_key short_term_key(void)
{
    struct hmac_sha1_key key;
    hmac_sha1_key_init(&key, "VOkJxbRl1RmTxUk/WvJxBt", 22);
    return key;
}

static void test_rfc5769_request(void **state)
{
    (void)state;
    struct hmac_sha1_key key = short_term_key();
    struct stun_message message;
    assert_int_equal(stun_parse(request, SIZE(request), &message), ERR_NONE);
    assert_int_equal(message.class, STUN_REQUEST);
    assert_int_equal(message.method, STUN_METHOD_BINDING);
    assert_int_equal(message.username_size, 9);
    assert_memory_equal(message.username, "evtj:h6vY", 9);
    assert_int_equal(message.priority, 0x6e0001ff);
    assert_true(message.controlled);
    assert_false(message.controlling);
    assert_true(message.tie_breaker == 0x932ff9b151263b36);
    assert_true(message.fingerprint);
    assert_int_equal(message.unknown_count, 0); // SOFTWARE may be ignored
    assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &key));
    const char *local;
    size_t local_size;
    assert_true(stun_username_local(&message, &local, &local_size));
    assert_int_equal(local_size, 4);
    assert_memory_equal(local, "evtj", 4);
}

static void test_rfc5769_responses(void **state)
{
    (void)state;
    struct hmac_sha1_key key = short_term_key();
    struct stun_message message;
    struct address expected;
    assert_int_equal(stun_parse(response_ipv4, SIZE(response_ipv4), &message), ERR_NONE);
    assert_int_equal(message.class, STUN_SUCCESS);
    assert_int_equal(address_from_text("192.0.2.1", 32853, &expected), ERR_NONE);
    assert_true(address_equal(&message.mapped, &expected));
    assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &key));
    assert_true(message.fingerprint);

    assert_int_equal(stun_parse(response_ipv6, SIZE(response_ipv6), &message), ERR_NONE);
    assert_int_equal(address_from_text("2001:db8:1234:5678:11:2233:4455:6677", 32853, &expected),
                     ERR_NONE);
    assert_true(address_equal(&message.mapped, &expected));
    assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &key));
}

static void test_rfc5769_long_term(void **state)
{
    (void)state;
    // The key is MD5(username ":" realm ":" SASLprep(password)) (RFC 8489 section 9.2.2).
    static const char secret[] =
        "\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3"
        "\x82\xb9:example.org:TheMatrIX";
    uint8_t md5[EVP_MAX_MD_SIZE];
    unsigned md5_size;
    assert_int_equal(EVP_Digest(secret, strlen(secret), md5, &md5_size, EVP_md5(), NULL), 1);
    struct hmac_sha1_key key;
    hmac_sha1_key_init(&key, md5, md5_size);
    struct stun_message message;
    assert_int_equal(stun_parse(request_long_term, SIZE(request_long_term), &message), ERR_NONE);
    assert_int_equal(message.username_size, 18);
    assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &key));
    assert_int_equal(message.unknown_count, 2); // REALM and NONCE, which ICE never sends
}

static void test_tampering(void **state)
{
    (void)state;
    struct hmac_sha1_key key = short_term_key();
    // Any one bit turned is seen: by the parser, by the fingerprint or by the integrity check.
    for (size_t bit = 0; bit < 8 * SIZE(request); bit++) {
        uint8_t copy[SIZE(request)];
        memcpy(copy, request, sizeof(copy));
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct stun_message message;
        if (stun_parse(copy, sizeof(copy), &message) == ERR_NONE && message.fingerprint) {
            fail_msg("bit %zu turned unseen", bit);
        }
    }
    // Without the fingerprint, the integrity check alone.
    size_t size = SIZE(request) - 8;
    for (size_t bit = 32; bit < 8 * size; bit++) {
        uint8_t copy[SIZE(request)];
        memcpy(copy, request, sizeof(copy));
        copy[3] -= 8;
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct stun_message message;
        if (stun_parse(copy, size, &message) == ERR_NONE) {
            assert_false(stun_integrity_ok(&message, hmac_sha1_callback, &key));
        }
    }
}

static void test_truncation(void **state)
{
    (void)state;
    struct stun_message message;
    for (size_t size = 0; size < SIZE(request); size++) {
        assert_int_equal(stun_parse(request, size, &message), ERR_MALFORMED);
    }
}

static void test_success_round_trip(void **state)
{
    (void)state;
    static const char *const ips[] = {"198.51.100.9", "2001:db8::9"};
    struct hmac_sha1_key key = short_term_key();
    struct stun_message question;
    assert_int_equal(stun_parse(request, SIZE(request), &question), ERR_NONE);
    for (size_t i = 0; i < 2; i++) {
        struct address mapped;
        uint8_t answer[STUN_ANSWER_MAX];
        struct stun_message message;
        assert_int_equal(address_from_text(ips[i], 40000, &mapped), ERR_NONE);
        size_t size = stun_write_success(&question, &mapped, hmac_sha1_callback, &key, answer,
                                         sizeof(answer));
        assert_true(size > 0);
        assert_int_equal(stun_parse(answer, size, &message), ERR_NONE);
        assert_int_equal(message.class, STUN_SUCCESS);
        assert_memory_equal(message.transaction, question.transaction, STUN_TRANSACTION_SIZE);
        assert_true(address_equal(&message.mapped, &mapped));
        assert_true(message.fingerprint);
        assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &key));
        assert_int_equal(
            stun_write_success(&question, &mapped, hmac_sha1_callback, &key, answer, size - 1), 0);
    }
}

static void test_error_round_trip(void **state)
{
    (void)state;
    static const uint16_t codes[] = {STUN_BAD_REQUEST, STUN_UNAUTHENTICATED, STUN_UNKNOWN_ATTRIBUTE,
                                     STUN_ROLE_CONFLICT};
    struct hmac_sha1_key key = short_term_key();
    struct stun_message question;
    assert_int_equal(stun_parse(request_long_term, SIZE(request_long_term), &question), ERR_NONE);
    for (size_t i = 0; i < 4; i++) {
        uint8_t answer[STUN_ANSWER_MAX];
        struct stun_message message;
        size_t size = stun_write_error(&question, codes[i], hmac_sha1_callback, &key, answer,
                                       sizeof(answer));
        assert_true(size > 0);
        assert_int_equal(stun_parse(answer, size, &message), ERR_NONE);
        assert_int_equal(message.class, STUN_ERROR);
        assert_int_equal(message.error_code, codes[i]);
        assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &key));
        size = stun_write_error(&question, codes[i], NULL, NULL, answer, sizeof(answer));
        assert_int_equal(stun_parse(answer, size, &message), ERR_NONE);
        assert_false(stun_integrity_ok(&message, hmac_sha1_callback, &key));
    }
}

static void test_request_round_trip(void **state)
{
    (void)state;
    struct hmac_sha1_key key = short_term_key();
    struct stun_request check = {.transaction = "123456789012",
                                 .username = "server:client",
                                 .priority = 0x6e0001ff,
                                 .controlling = true,
                                 .use_candidate = true,
                                 .tie_breaker = 0x0123456789abcdef};
    uint8_t data[256];
    struct stun_message message;
    size_t size = stun_write_request(&check, hmac_sha1_callback, &key, data, sizeof(data));
    assert_int_equal(stun_parse(data, size, &message), ERR_NONE);
    assert_int_equal(message.class, STUN_REQUEST);
    assert_true(message.controlling);
    assert_true(message.use_candidate);
    assert_int_equal(message.priority, check.priority);
    assert_true(message.tie_breaker == check.tie_breaker);
    assert_memory_equal(message.username, "server:client", 13);
    assert_true(stun_integrity_ok(&message, hmac_sha1_callback, &key));
}

static void test_unknown_required_attribute(void **state)
{
    (void)state;
    static const uint8_t data[] =
        "\x00\x01\x00\x04\x21\x12\xa4\x42"
        "123456789012"
        "\x7f\xff\x00\x00";
    struct stun_message message;
    assert_int_equal(stun_parse(data, SIZE(data), &message), ERR_NONE);
    assert_int_equal(message.unknown_count, 1);
    assert_int_equal(message.unknown[0], 0x7fff);
}

static void test_indication(void **state)
{
    (void)state;
    static const uint8_t data[] =
        "\x00\x11\x00\x00\x21\x12\xa4\x42"
        "123456789012";
    struct stun_message message;
    assert_int_equal(stun_parse(data, SIZE(data), &message), ERR_NONE);
    assert_int_equal(message.class, STUN_INDICATION);
    assert_int_equal(message.method, STUN_METHOD_BINDING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc5769_request),
        cmocka_unit_test(test_rfc5769_responses),
        cmocka_unit_test(test_rfc5769_long_term),
        cmocka_unit_test(test_tampering),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_success_round_trip),
        cmocka_unit_test(test_error_round_trip),
        cmocka_unit_test(test_request_round_trip),
        cmocka_unit_test(test_unknown_required_attribute),
        cmocka_unit_test(test_indication),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
