#include "app/device.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"

_Static_assert(crypto_auth_hmacsha256_KEYBYTES == DEVICE_KEY_SIZE, "the key is HMAC-SHA-256's");

// What the token holds, before base64.
struct device_proof {
    struct device device;
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
};

_Static_assert(sodium_base64_ENCODED_LEN(sizeof(struct device_proof),
                                         sodium_base64_VARIANT_URLSAFE_NO_PADDING) <=
                   DEVICE_TOKEN_MAX + 1,
               "a token has room");

void device_make(struct device *ret_device)
{
    ASSERT(sodium_init() >= 0);
    *ret_device = (struct device){.at = 0};
    randombytes_buf(ret_device->number, sizeof(ret_device->number));
}

static void sign(const uint8_t key[DEVICE_KEY_SIZE], const struct device *device,
                 const char *account, const char *hash,
                 uint8_t ret_mac[crypto_auth_hmacsha256_BYTES])
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, DEVICE_KEY_SIZE);
    crypto_auth_hmacsha256_update(&state, device->number, sizeof(device->number));
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)&device->at, sizeof(device->at));
    // With its final zero, so that no account's name can run on into a hash.
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)account, strlen(account) + 1);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)hash, strlen(hash));
    crypto_auth_hmacsha256_final(&state, ret_mac);
}

void device_token(const uint8_t key[DEVICE_KEY_SIZE], const struct device *device,
                  const char *account, const char *hash, char *ret_token)
{
    struct device_proof proof = {.device = *device};
    sign(key, device, account, hash, proof.mac);
    sodium_bin2base64(ret_token, DEVICE_TOKEN_MAX + 1, (const uint8_t *)&proof, sizeof(proof),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool device_find(const uint8_t key[DEVICE_KEY_SIZE], const char *token, const char *account,
                 const char *hash, time_ms now, struct device *ret_device)
{
    struct device_proof proof;
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    size_t size = 0;
    if (sodium_base642bin((uint8_t *)&proof, sizeof(proof), token, strlen(token), NULL, &size, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        size != sizeof(proof)) {
        return false;
    }
    sign(key, &proof.device, account, hash, mac);
    if (sodium_memcmp(mac, proof.mac, sizeof(mac)) != 0 ||
        now - proof.device.at > DEVICE_KNOWN_MS) {
        return false;
    }
    *ret_device = proof.device;
    return true;
}
