#include "app/operating.h"
#include "world.h"

#include <string.h>

#include "app/secret.h"

static void test_tokens_differ_and_hash_alike(void **state)
{
    (void)state;
    char tokens[2][APP_TOKEN_MAX + 1];
    uint8_t hashes[2][TOKEN_HASH_SIZE];
    uint8_t again[TOKEN_HASH_SIZE];
    for (int i = 0; i < 2; i++) {
        secret_make_token(tokens[i], hashes[i]);
        assert_int_equal(strlen(tokens[i]), SECRET_TOKEN_LENGTH);
        assert_int_equal(secret_hash_token(tokens[i], again), ERR_NONE);
        assert_memory_equal(again, hashes[i], TOKEN_HASH_SIZE);
    }
    assert_string_not_equal(tokens[0], tokens[1]);
    assert_memory_not_equal(hashes[0], hashes[1], TOKEN_HASH_SIZE);
}

static void test_the_hash_is_sha256_of_the_text(void **state)
{
    (void)state;
    // sha256sum of 43 letters A, as coreutils says.
    static const uint8_t expected[4] = {0x0f, 0x00, 0x73, 0x85};
    uint8_t hash[TOKEN_HASH_SIZE];
    assert_int_equal(secret_hash_token("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", hash),
                     ERR_NONE);
    assert_memory_equal(hash, expected, sizeof(expected));
}

static void test_what_no_token_can_be(void **state)
{
    (void)state;
    uint8_t hash[TOKEN_HASH_SIZE];
    static const char *const texts[] = {"", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA "};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(secret_hash_token(texts[i], hash), ERR_UNAUTHENTICATED);
    }
}

static void test_ids_are_ids(void **state)
{
    (void)state;
    char ids[2][CONTRACT_ID_MAX + 1];
    for (int i = 0; i < 2; i++) {
        secret_make_id("interpreter-", ids[i]);
        assert_int_equal(strlen(ids[i]), strlen("interpreter-") + 10);
        assert_int_equal(strspn(ids[i], "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(ids[i]));
    }
    assert_string_not_equal(ids[0], ids[1]);
    // Of one token's hash always the same.
    uint8_t hash[TOKEN_HASH_SIZE] = {[TOKEN_HASH_SIZE - 1] = 1, [TOKEN_HASH_SIZE - 10] = 32};
    secret_id_of("audience-", hash, ids[0]);
    assert_string_equal(ids[0], "audience-baaaaaaaab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_differ_and_hash_alike),
        cmocka_unit_test(test_the_hash_is_sha256_of_the_text),
        cmocka_unit_test(test_what_no_token_can_be),
        cmocka_unit_test(test_ids_are_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
