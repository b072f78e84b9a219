// What the files of secure_rtp share, and tests of its vectors. Internal to crypto/.
#pragma once

#include "crypto/cipher.h"
#include "crypto/secure_rtp.h"

#define SECURE_RTP_CM_TAG_SIZE  10 // of AES_128_CM_HMAC_SHA1_80
#define SECURE_RTP_CM_AUTH_SIZE 20

// The chosen backend; written by secure_rtp_setup() alone, before the threads start.
extern const struct cipher_table *secure_rtp_cipher;

// Session keys as they are, without derivation. `authentication` is SECURE_RTP_CM_AUTH_SIZE bytes,
// NULL for GCM.
enum err CHECKED secure_rtp_half_init(struct secure_rtp_half *half, enum secure_rtp_profile profile,
                                      const uint8_t *key, const uint8_t *salt,
                                      const uint8_t *authentication);
// RFC 3711 section 4.3.1 with key derivation rate 0; `master_salt` is padded to 14 bytes with
// zeros.
enum err CHECKED secure_rtp_derive(const uint8_t *master_key, const uint8_t *master_salt,
                                   uint8_t label, uint8_t *ret_bytes, size_t size);

// RFC 7714 sections 8.1 and 9.1, RFC 3711 section 4.1.1. `index` is 48 bits (RTP) or 31 (RTCP): it
// stands in the same bytes.
void secure_rtp_gcm_iv(const uint8_t *salt, uint32_t ssrc, uint64_t index,
                       uint8_t ret_iv[CIPHER_GCM_IV_SIZE]);
void secure_rtp_ctr_iv(const uint8_t *salt, uint32_t ssrc, uint64_t index,
                       uint8_t ret_iv[CIPHER_CTR_IV_SIZE]);

// ERR_INTERNAL when the chosen backend fails a vector of RFC 3711 or RFC 7714.
enum err CHECKED secure_rtp_self_test(void);
