// AES from OpenSSL's EVP, for every processor. The contexts are made once per key; a packet sets
// only its IV.
#include "crypto/cipher.h"

#include <string.h>

#include <openssl/evp.h>

#include "base/assert.h"

struct layout {
    EVP_CIPHER_CTX *seal; // owned; also counter mode, which is its own inverse
    EVP_CIPHER_CTX *open; // owned; GCM only
};

static enum err layout_init(void *cipher, const EVP_CIPHER *kind, const uint8_t key[16])
{
    struct layout *layout = cipher;
    layout->seal = EVP_CIPHER_CTX_new();
    layout->open = EVP_CIPHER_CTX_new();
    if (layout->seal == NULL || layout->open == NULL ||
        EVP_EncryptInit_ex(layout->seal, kind, NULL, key, NULL) != 1 ||
        EVP_DecryptInit_ex(layout->open, kind, NULL, key, NULL) != 1) {
        EVP_CIPHER_CTX_free(layout->seal);
        EVP_CIPHER_CTX_free(layout->open);
        return ERR_INTERNAL;
    }
    return ERR_NONE;
}

static enum err evp_gcm_init(void *cipher, const uint8_t key[16])
{
    return layout_init(cipher, EVP_aes_128_gcm(), key);
}

static enum err evp_ctr_init(void *cipher, const uint8_t key[16])
{
    return layout_init(cipher, EVP_aes_128_ctr(), key);
}

static void evp_finish(void *cipher)
{
    struct layout *layout = cipher;
    EVP_CIPHER_CTX_free(layout->seal);
    EVP_CIPHER_CTX_free(layout->open);
}

static void evp_gcm_seal(void *cipher, const uint8_t iv[CIPHER_GCM_IV_SIZE], const uint8_t *aad,
                         size_t aad_size, const uint8_t *in, size_t size, uint8_t *out,
                         uint8_t *ret_tag)
{
    EVP_CIPHER_CTX *evp = ((struct layout *)cipher)->seal;
    int done = 0;
    int ok = EVP_EncryptInit_ex(evp, NULL, NULL, NULL, iv) == 1 &&
             EVP_EncryptUpdate(evp, NULL, &done, aad, (int)aad_size) == 1 &&
             EVP_EncryptUpdate(evp, out, &done, in, (int)size) == 1 &&
             EVP_EncryptFinal_ex(evp, out + done, &done) == 1 &&
             EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_GET_TAG, CIPHER_GCM_TAG_SIZE, ret_tag) == 1;
    ASSERT(ok);
}

static bool evp_gcm_open(void *cipher, const uint8_t iv[CIPHER_GCM_IV_SIZE], const uint8_t *aad,
                         size_t aad_size, uint8_t *data, size_t size, const uint8_t *tag)
{
    EVP_CIPHER_CTX *evp = ((struct layout *)cipher)->open;
    uint8_t expected[CIPHER_GCM_TAG_SIZE];
    memcpy(expected, tag, sizeof(expected));
    int done = 0;
    int ok = EVP_DecryptInit_ex(evp, NULL, NULL, NULL, iv) == 1 &&
             EVP_CIPHER_CTX_ctrl(evp, EVP_CTRL_AEAD_SET_TAG, CIPHER_GCM_TAG_SIZE, expected) == 1 &&
             EVP_DecryptUpdate(evp, NULL, &done, aad, (int)aad_size) == 1 &&
             EVP_DecryptUpdate(evp, data, &done, data, (int)size) == 1;
    ASSERT(ok);
    return EVP_DecryptFinal_ex(evp, data + size, &done) == 1;
}

static void evp_ctr(void *cipher, const uint8_t iv[CIPHER_CTR_IV_SIZE], const uint8_t *in,
                    size_t size, uint8_t *out)
{
    EVP_CIPHER_CTX *evp = ((struct layout *)cipher)->seal;
    int done = 0;
    int ok = EVP_EncryptInit_ex(evp, NULL, NULL, NULL, iv) == 1 &&
             EVP_EncryptUpdate(evp, out, &done, in, (int)size) == 1;
    ASSERT(ok);
}

const struct cipher_table cipher_evp = {
    .name = "evp",
    .gcm_init = evp_gcm_init,
    .ctr_init = evp_ctr_init,
    .finish = evp_finish,
    .gcm_seal = evp_gcm_seal,
    .gcm_open = evp_gcm_open,
    .ctr = evp_ctr,
};
