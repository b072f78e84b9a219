#include "../test.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/text.h"
#include "crypto/hmac.h"
#include "crypto/random.h"

// RFC 2202 section 3.
static void check(const void *secret, size_t secret_size, const void *data, size_t size,
                  const char *expected)
{
    struct hmac_sha1_key key;
    uint8_t mac[HMAC_SHA1_SIZE];
    char hex[2 * HMAC_SHA1_SIZE + 1];
    hmac_sha1_key_init(&key, secret, secret_size);
    hmac_sha1(&key, data, size, NULL, 0, mac);
    text_hex(hex, mac, sizeof(mac));
    assert_string_equal(hex, expected);
}

static void test_rfc2202(void **state)
{
    (void)state;
    uint8_t secret[80];
    uint8_t data[50];
    memset(secret, 0x0b, 20);
    check(secret, 20, "Hi There", 8, "b617318655057264e28bc0b6fb378c8ef146be00");
    check("Jefe", 4, "what do ya want for nothing?", 28,
          "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    memset(secret, 0xaa, 80);
    memset(data, 0xdd, 50);
    check(secret, 20, data, 50, "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
    check(secret, 80, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
          "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

static void test_against_openssl(void **state)
{
    (void)state;
    uint8_t secret[100];
    uint8_t data[300];
    random_bytes(secret, sizeof(secret));
    random_bytes(data, sizeof(data));
    for (size_t size = 0; size <= sizeof(data); size++) {
        struct hmac_sha1_key key;
        uint8_t mac[HMAC_SHA1_SIZE];
        uint8_t expected[EVP_MAX_MD_SIZE];
        unsigned expected_size;
        size_t secret_size = size % sizeof(secret);
        hmac_sha1_key_init(&key, secret, secret_size);
        size_t head = size / 3;
        hmac_sha1_callback(&key, data, head, data + head, size - head, mac);
        assert_non_null(
            HMAC(EVP_sha1(), secret, (int)secret_size, data, size, expected, &expected_size));
        assert_memory_equal(mac, expected, HMAC_SHA1_SIZE);
    }
}

static void test_compare(void **state)
{
    (void)state;
    uint8_t a[20] = {1, 2, 3};
    uint8_t b[20] = {1, 2, 3};
    assert_true(memory_equal_constant_time(a, b, sizeof(a)));
    b[19] = 1;
    assert_false(memory_equal_constant_time(a, b, sizeof(a)));
    assert_true(memory_equal_constant_time(a, b, 19));
    memory_wipe(a, sizeof(a));
    assert_int_equal(a[0] | a[1] | a[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc2202),
        cmocka_unit_test(test_against_openssl),
        cmocka_unit_test(test_compare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
