#include "app/secret.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

#define SECRET_BYTES 32

_Static_assert(crypto_hash_sha256_BYTES == TOKEN_HASH_SIZE, "tokens are stored as their SHA-256");
_Static_assert(SECRET_TOKEN_LENGTH <= APP_TOKEN_MAX && SECRET_TOKEN_LENGTH <= SESSION_TOKEN_MAX,
               "a token has room");

// The standard forbids sodium_init() to fail after it has succeeded once; it is cheap to ask again.
static void secret_begin(void)
{
    ASSERT(sodium_init() >= 0);
}

void secret_make_token(char ret_token[APP_TOKEN_MAX + 1], uint8_t ret_hash[TOKEN_HASH_SIZE])
{
    uint8_t bytes[SECRET_BYTES];
    secret_begin();
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(ret_token, APP_TOKEN_MAX + 1, bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    crypto_hash_sha256(ret_hash, (const uint8_t *)ret_token, strlen(ret_token));
    sodium_memzero(bytes, sizeof(bytes));
}

enum err secret_hash_token(const char *token, uint8_t ret_hash[TOKEN_HASH_SIZE])
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (strlen(token) != SECRET_TOKEN_LENGTH || strspn(token, allowed) != SECRET_TOKEN_LENGTH) {
        return ERR_UNAUTHENTICATED;
    }
    secret_begin();
    crypto_hash_sha256(ret_hash, (const uint8_t *)token, SECRET_TOKEN_LENGTH);
    return ERR_NONE;
}

void secret_make_id(const char *prefix, char ret_id[CONTRACT_ID_MAX + 1])
{
    uint8_t bytes[TOKEN_HASH_SIZE];
    secret_begin();
    randombytes_buf(bytes, sizeof(bytes));
    secret_id_of(prefix, bytes, ret_id);
}

void secret_id_of(const char *prefix, const uint8_t hash[TOKEN_HASH_SIZE],
                  char ret_id[CONTRACT_ID_MAX + 1])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    struct text_builder id = text_builder(ret_id, CONTRACT_ID_MAX + 1);
    text_append(&id, prefix);
    for (int i = 0; i < 10; i++) {
        text_append_n(&id, &letters[hash[TOKEN_HASH_SIZE - 1 - i] % (sizeof(letters) - 1)], 1);
    }
    ASSERT(!id.failed);
}
