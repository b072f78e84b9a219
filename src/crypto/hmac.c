// OpenSSL's low-level SHA-1 is deprecated in favour of EVP, but only it lets a keyed state be kept
// in 20 bytes without a heap object, and it has the processor's fastest code all the same.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/hmac.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "base/bytes.h"

static void state_save(const SHA_CTX *sha, uint32_t to[5])
{
    to[0] = sha->h0;
    to[1] = sha->h1;
    to[2] = sha->h2;
    to[3] = sha->h3;
    to[4] = sha->h4;
}

// The state after one block of key.
static void state_load(SHA_CTX *sha, const uint32_t from[5])
{
    sha->h0 = from[0];
    sha->h1 = from[1];
    sha->h2 = from[2];
    sha->h3 = from[3];
    sha->h4 = from[4];
    sha->Nl = SHA_CBLOCK * 8;
    sha->Nh = 0;
    sha->num = 0;
}

void hmac_sha1_key_init(struct hmac_sha1_key *key, const void *secret, size_t secret_size)
{
    uint8_t block[SHA_CBLOCK] = {0};
    if (secret_size > sizeof(block)) {
        SHA1(secret, secret_size, block);
    } else if (secret_size > 0) {
        memcpy(block, secret, secret_size);
    }
    SHA_CTX sha;
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] ^= 0x36;
    }
    SHA1_Init(&sha);
    SHA1_Update(&sha, block, sizeof(block));
    state_save(&sha, key->inner);
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] ^= 0x36 ^ 0x5c;
    }
    SHA1_Init(&sha);
    SHA1_Update(&sha, block, sizeof(block));
    state_save(&sha, key->outer);
    memory_wipe(block, sizeof(block));
    memory_wipe(&sha, sizeof(sha));
}

void hmac_sha1(const struct hmac_sha1_key *key, const uint8_t *head, size_t head_size,
               const uint8_t *body, size_t body_size, uint8_t ret_mac[HMAC_SHA1_SIZE])
{
    SHA_CTX sha;
    uint8_t inner[HMAC_SHA1_SIZE];
    state_load(&sha, key->inner);
    SHA1_Update(&sha, head, head_size);
    SHA1_Update(&sha, body, body_size);
    SHA1_Final(inner, &sha);

    // The outer hash is always one block: 20 bytes, the end mark and the length. Done directly, it
    // needs no Final.
    uint8_t block[SHA_CBLOCK] = {0};
    memcpy(block, inner, sizeof(inner));
    block[HMAC_SHA1_SIZE] = 0x80;
    bytes_store_u32(block + SHA_CBLOCK - 4, (SHA_CBLOCK + HMAC_SHA1_SIZE) * 8);
    state_load(&sha, key->outer);
    SHA1_Transform(&sha, block);
    uint32_t result[5];
    state_save(&sha, result);
    for (size_t i = 0; i < 5; i++) {
        bytes_store_u32(ret_mac + 4 * i, result[i]);
    }
}

void hmac_sha1_callback(const void *key, const uint8_t *head, size_t head_size, const uint8_t *body,
                        size_t body_size, uint8_t ret_mac[HMAC_SHA1_SIZE])
{
    hmac_sha1(key, head, head_size, body, body_size, ret_mac);
}

bool memory_equal_constant_time(const void *a, const void *b, size_t size)
{
    return CRYPTO_memcmp(a, b, size) == 0;
}

void memory_wipe(void *data, size_t size)
{
    OPENSSL_cleanse(data, size);
}
