// SRTCP: sealed behind the first eight bytes (header and SSRC), then the E bit and the index travel
// in the clear (RFC 3711 section 3.4, RFC 7714 section 9).
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "crypto/secure_rtp_internal.h"

#define CLEAR_SIZE   8
#define INDEX_SIZE   4
#define ENCRYPTED    0x80000000u
#define INDEX_MAX    0x7fffffffu
#define GCM_AAD_SIZE (CLEAR_SIZE + INDEX_SIZE)

static void gcm_aad(const uint8_t *packet, uint32_t word, uint8_t ret_aad[GCM_AAD_SIZE])
{
    memcpy(ret_aad, packet, CLEAR_SIZE);
    bytes_store_u32(ret_aad + CLEAR_SIZE, word);
}

enum err secure_rtcp_seal(struct secure_rtp_key *key, struct secure_rtcp_sender *sender,
                          uint8_t *packet, size_t size, size_t capacity, size_t *ret_size)
{
    ASSERT(key->ready);
    *ret_size = 0;
    if (size < CLEAR_SIZE) {
        return ERR_MALFORMED;
    }
    if (capacity < size || capacity - size < SECURE_RTCP_OVERHEAD_MAX) {
        return ERR_TOO_LARGE;
    }
    if (sender->next_index > INDEX_MAX) {
        return ERR_FULL;
    }
    uint32_t index = sender->next_index;
    sender->next_index++;
    uint32_t word = index | ENCRYPTED;
    uint32_t ssrc = bytes_load_u32(packet + 4);
    struct secure_rtp_half *half = &key->rtcp;
    uint8_t *body = packet + CLEAR_SIZE;
    if (key->profile == SECURE_RTP_AEAD_AES_128_GCM) {
        uint8_t iv[CIPHER_GCM_IV_SIZE];
        uint8_t aad[GCM_AAD_SIZE];
        secure_rtp_gcm_iv(half->salt, ssrc, index, iv);
        gcm_aad(packet, word, aad);
        secure_rtp_cipher->gcm_seal(half->cipher, iv, aad, sizeof(aad), body, size - CLEAR_SIZE,
                                    body, packet + size);
        bytes_store_u32(packet + size + CIPHER_GCM_TAG_SIZE, word);
        *ret_size = size + CIPHER_GCM_TAG_SIZE + INDEX_SIZE;
        return ERR_NONE;
    }
    uint8_t iv[CIPHER_CTR_IV_SIZE];
    uint8_t mac[HMAC_SHA1_SIZE];
    secure_rtp_ctr_iv(half->salt, ssrc, index, iv);
    secure_rtp_cipher->ctr(half->cipher, iv, body, size - CLEAR_SIZE, body);
    bytes_store_u32(packet + size, word);
    hmac_sha1(&half->authentication, packet, size + INDEX_SIZE, NULL, 0, mac);
    memcpy(packet + size + INDEX_SIZE, mac, SECURE_RTP_CM_TAG_SIZE);
    *ret_size = size + INDEX_SIZE + SECURE_RTP_CM_TAG_SIZE;
    return ERR_NONE;
}

void secure_rtcp_receiver_init(struct secure_rtcp_receiver *receiver)
{
    *receiver = (struct secure_rtcp_receiver){0};
}

static bool gcm_open(struct secure_rtp_half *half, uint8_t *packet, size_t plain_size,
                     uint32_t word)
{
    uint8_t iv[CIPHER_GCM_IV_SIZE];
    uint8_t aad[GCM_AAD_SIZE];
    secure_rtp_gcm_iv(half->salt, bytes_load_u32(packet + 4), word & INDEX_MAX, iv);
    gcm_aad(packet, word, aad);
    return secure_rtp_cipher->gcm_open(half->cipher, iv, aad, sizeof(aad), packet + CLEAR_SIZE,
                                       plain_size - CLEAR_SIZE, packet + plain_size);
}

static bool cm_open(struct secure_rtp_half *half, uint8_t *packet, size_t plain_size, uint32_t word)
{
    uint8_t mac[HMAC_SHA1_SIZE];
    hmac_sha1(&half->authentication, packet, plain_size + INDEX_SIZE, NULL, 0, mac);
    if (!memory_equal_constant_time(mac, packet + plain_size + INDEX_SIZE,
                                    SECURE_RTP_CM_TAG_SIZE)) {
        return false;
    }
    uint8_t iv[CIPHER_CTR_IV_SIZE];
    secure_rtp_ctr_iv(half->salt, bytes_load_u32(packet + 4), word & INDEX_MAX, iv);
    secure_rtp_cipher->ctr(half->cipher, iv, packet + CLEAR_SIZE, plain_size - CLEAR_SIZE,
                           packet + CLEAR_SIZE);
    return true;
}

enum err secure_rtcp_open(struct secure_rtp_key *key, struct secure_rtcp_receiver *receiver,
                          uint8_t *packet, size_t size, size_t *ret_size)
{
    ASSERT(key->ready);
    *ret_size = 0;
    bool gcm = key->profile == SECURE_RTP_AEAD_AES_128_GCM;
    size_t overhead = secure_rtp_tag_size(key->profile) + INDEX_SIZE;
    if (size < CLEAR_SIZE + overhead) {
        return ERR_MALFORMED;
    }
    size_t plain_size = size - overhead;
    // GCM: the tag and then the index; CM: the index and then the tag.
    size_t word_offset = gcm ? plain_size + CIPHER_GCM_TAG_SIZE : plain_size;
    uint32_t word = bytes_load_u32(packet + word_offset);
    if ((word & ENCRYPTED) == 0) {
        return ERR_AUTHENTICATION;
    }
    if (!replay_fresh(&receiver->seen, word & INDEX_MAX)) {
        return ERR_REPLAY;
    }
    bool opened = gcm ? gcm_open(&key->rtcp, packet, plain_size, word)
                      : cm_open(&key->rtcp, packet, plain_size, word);
    if (!opened) {
        return ERR_AUTHENTICATION;
    }
    replay_commit(&receiver->seen, word & INDEX_MAX);
    *ret_size = plain_size;
    return ERR_NONE;
}
