// The start-up test of the chosen backend: published vectors, through the same calls that packets
// take.
#include <string.h>

#include "crypto/secure_rtp_internal.h"

// RFC 7714 section 16.1.1: key, salt, packet ("Gallia est omnis divisa in partes tres") and its
// sealed form.
static const uint8_t gcm_key[16] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
                                    0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f};
static const uint8_t gcm_salt[12] = "Quid pro quo";
static const uint8_t gcm_packet[50] =
    "\x80\x40\xf1\x7b\x80\x41\xf8\xd3\x55\x01\xa0\xb2"
    "Gallia est omnis divisa in partes tres";
static const uint8_t gcm_sealed[66] = {
    0x80, 0x40, 0xf1, 0x7b, 0x80, 0x41, 0xf8, 0xd3, 0x55, 0x01, 0xa0, 0xb2, 0xf2, 0x4d,
    0xe3, 0xa3, 0xfb, 0x34, 0xde, 0x6c, 0xac, 0xba, 0x86, 0x1c, 0x9d, 0x7e, 0x4b, 0xca,
    0xbe, 0x63, 0x3b, 0xd5, 0x0d, 0x29, 0x4e, 0x6f, 0x42, 0xa5, 0xf4, 0x7a, 0x51, 0xc7,
    0xd1, 0x9b, 0x36, 0xde, 0x3a, 0xdf, 0x88, 0x33, 0x89, 0x9d, 0x7f, 0x27, 0xbe, 0xb1,
    0x6a, 0x91, 0x52, 0xcf, 0x76, 0x5e, 0xe4, 0x39, 0x0c, 0xce};

// RFC 3711 appendix B.3, and the packet sealed under that master key which SRTP implementations
// share.
static const uint8_t cm_key[16] = {0xe1, 0xf9, 0x7a, 0x0d, 0x3e, 0x01, 0x8b, 0xe0,
                                   0xd6, 0x4f, 0xa3, 0x2c, 0x06, 0xde, 0x41, 0x39};
static const uint8_t cm_salt[14] = {0x0e, 0xc6, 0x75, 0xad, 0x49, 0x8a, 0xfe,
                                    0xeb, 0xb6, 0x96, 0x0b, 0x3a, 0xab, 0xe6};
static const uint8_t cm_session_key[16] = {0xc6, 0x1e, 0x7a, 0x93, 0x74, 0x4f, 0x39, 0xee,
                                           0x10, 0x73, 0x4a, 0xfe, 0x3f, 0xf7, 0xa0, 0x87};
static const uint8_t cm_packet[28] = {0x80, 0x0f, 0x12, 0x34, 0xde, 0xca, 0xfb, 0xad, 0xca, 0xfe,
                                      0xba, 0xbe, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab,
                                      0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab};
static const uint8_t cm_sealed[38] = {0x80, 0x0f, 0x12, 0x34, 0xde, 0xca, 0xfb, 0xad, 0xca, 0xfe,
                                      0xba, 0xbe, 0x4e, 0x55, 0xdc, 0x4c, 0xe7, 0x99, 0x78, 0xd8,
                                      0x8c, 0xa4, 0xd2, 0x15, 0x94, 0x9d, 0x24, 0x02, 0xb7, 0x8d,
                                      0x6a, 0xcc, 0x99, 0xea, 0x17, 0x9b, 0x8d, 0xbb};

#define HEADER_SIZE 12

// Seals `plain`, compares with `sealed`, opens that again, and refuses it with one bit turned.
static bool vector_holds(struct secure_rtp_key *key, const uint8_t *plain, size_t plain_size,
                         const uint8_t *sealed, size_t sealed_size)
{
    uint8_t packet[128];
    size_t size = 0;
    struct secure_rtp_sender sender;
    secure_rtp_sender_init(&sender, (uint32_t)plain[8] << 24 | (uint32_t)plain[9] << 16 |
                                        (uint32_t)plain[10] << 8 | plain[11]);
    memcpy(packet, plain, plain_size);
    size = secure_rtp_seal(key, &sender, packet, HEADER_SIZE, plain_size, sizeof(packet));
    if (size != sealed_size || memcmp(packet, sealed, sealed_size) != 0) {
        return false;
    }
    struct secure_rtp_receiver receiver;
    secure_rtp_receiver_init(&receiver);
    packet[sealed_size - 1] ^= 1;
    if (secure_rtp_open(key, &receiver, packet, HEADER_SIZE, size, &size) != ERR_AUTHENTICATION) {
        return false;
    }
    memcpy(packet, sealed, sealed_size);
    return secure_rtp_open(key, &receiver, packet, HEADER_SIZE, sealed_size, &size) == ERR_NONE &&
           size == plain_size && memcmp(packet, plain, plain_size) == 0;
}

static bool gcm_holds(void)
{
    struct secure_rtp_key key = {.profile = SECURE_RTP_AEAD_AES_128_GCM};
    if (secure_rtp_half_init(&key.rtp, key.profile, gcm_key, gcm_salt, NULL) != ERR_NONE) {
        return false;
    }
    key.ready = true;
    bool holds = vector_holds(&key, gcm_packet, sizeof(gcm_packet), gcm_sealed, sizeof(gcm_sealed));
    secure_rtp_cipher->finish(key.rtp.cipher);
    return holds;
}

static bool cm_holds(void)
{
    uint8_t derived[16];
    struct secure_rtp_key key;
    if (secure_rtp_derive(cm_key, cm_salt, 0, derived, sizeof(derived)) != ERR_NONE ||
        memcmp(derived, cm_session_key, sizeof(derived)) != 0 ||
        secure_rtp_key_init(&key, SECURE_RTP_AES128_CM_SHA1_80, cm_key, cm_salt) != ERR_NONE) {
        return false;
    }
    bool holds = vector_holds(&key, cm_packet, sizeof(cm_packet), cm_sealed, sizeof(cm_sealed));
    secure_rtp_key_finish(&key);
    return holds;
}

enum err secure_rtp_self_test(void)
{
    return gcm_holds() && cm_holds() ? ERR_NONE : ERR_INTERNAL;
}
