// AES as secure_rtp needs it, from one of two libraries. Internal to crypto/: secure_rtp_setup()
// chooses the table once.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define CIPHER_GCM_IV_SIZE  12
#define CIPHER_GCM_TAG_SIZE 16
#define CIPHER_CTR_IV_SIZE  16

// `cipher` is storage of SECURE_RTP_CIPHER_SIZE bytes, aligned to 16, which gcm_init or ctr_init
// lays out.
struct cipher_table {
    const char *name;
    enum err (*gcm_init)(void *cipher, const uint8_t key[16]);
    enum err (*ctr_init)(void *cipher, const uint8_t key[16]);
    void (*finish)(void *cipher); // frees what the layout owns; the caller wipes
    // `in` and `out` are the same or do not overlap.
    void (*gcm_seal)(void *cipher, const uint8_t iv[CIPHER_GCM_IV_SIZE], const uint8_t *aad,
                     size_t aad_size, const uint8_t *in, size_t size, uint8_t *out,
                     uint8_t *ret_tag);
    // In place; false when the tag is wrong, and `data` is rubbish then.
    bool (*gcm_open)(void *cipher, const uint8_t iv[CIPHER_GCM_IV_SIZE], const uint8_t *aad,
                     size_t aad_size, uint8_t *data, size_t size, const uint8_t *tag);
    // Counter mode with the block number in the last two bytes of `iv`, which are zero at first
    // (RFC 3711 section 4.1.1).
    void (*ctr)(void *cipher, const uint8_t iv[CIPHER_CTR_IV_SIZE], const uint8_t *in, size_t size,
                uint8_t *out);
};

extern const struct cipher_table cipher_evp;
// NULL when this processor or build cannot.
const struct cipher_table *cipher_ipsec_mb(void);
