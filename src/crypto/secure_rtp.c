#include "crypto/secure_rtp.h"

#include <endian.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "crypto/secure_rtp_internal.h"

#define RTP_HEADER_MIN      12
#define SENDER_WINDOW       64 // packets: width of secure_rtp_sender.used
#define TIMESTAMP_AHEAD_MAX (1u << 28)

// Two zero bytes, SSRC, 48-bit index, XOR salt. In two words, because twelve single bytes written
// and then read as one make the processor wait longer than the encryption of a block takes.
void secure_rtp_gcm_iv(const uint8_t *salt, uint32_t ssrc, uint64_t index,
                       uint8_t ret_iv[CIPHER_GCM_IV_SIZE])
{
    uint64_t high;
    uint32_t low;
    memcpy(&high, salt, sizeof(high));
    memcpy(&low, salt + sizeof(high), sizeof(low));
    high ^= htobe64((uint64_t)ssrc << 16 | index >> 32);
    low ^= htobe32((uint32_t)index);
    memcpy(ret_iv, &high, sizeof(high));
    memcpy(ret_iv + sizeof(high), &low, sizeof(low));
}

void secure_rtp_ctr_iv(const uint8_t *salt, uint32_t ssrc, uint64_t index,
                       uint8_t ret_iv[CIPHER_CTR_IV_SIZE])
{
    uint8_t iv[CIPHER_CTR_IV_SIZE] = {0};
    bytes_store_u32(iv + 4, ssrc);
    bytes_store_u32(iv + 8, (uint32_t)(index >> 16));
    bytes_store_u16(iv + 12, (uint16_t)index);
    for (size_t i = 0; i < SECURE_RTP_SALT_MAX; i++) {
        iv[i] ^= salt[i];
    }
    memcpy(ret_iv, iv, sizeof(iv));
}

void secure_rtp_sender_init(struct secure_rtp_sender *sender, uint32_t ssrc)
{
    *sender = (struct secure_rtp_sender){.ssrc = ssrc};
}

bool secure_rtp_sender_fresh(const struct secure_rtp_sender *sender, uint16_t sequence)
{
    if (!sender->started) {
        return true;
    }
    int16_t step = (int16_t)(uint16_t)(sequence - (uint16_t)sender->highest);
    if (step > 0) {
        return true;
    }
    uint64_t age = (uint64_t) - (int64_t)step;
    return age < SENDER_WINDOW && age <= sender->highest && (sender->used >> age & 1) == 0;
}

// The 48-bit index of a sequence number, marked as used for ever.
static uint64_t sender_take(struct secure_rtp_sender *sender, uint16_t sequence)
{
    ASSERT(secure_rtp_sender_fresh(sender, sequence));
    if (!sender->started) {
        sender->started = true;
        sender->highest = sequence;
        sender->used = 1;
        return sequence;
    }
    int16_t step = (int16_t)(uint16_t)(sequence - (uint16_t)sender->highest);
    if (step <= 0) {
        sender->used |= (uint64_t)1 << -step;
        return sender->highest - (uint64_t)-step;
    }
    sender->used = step < SENDER_WINDOW ? sender->used << step | 1 : 1;
    sender->highest += (uint64_t)step;
    ASSERT(sender->highest >> 48 == 0);
    return sender->highest;
}

// The first SECURE_RTP_CM_TAG_SIZE bytes of HMAC(header ‖ payload ‖ roll-over counter) (RFC 3711
// section 4.2).
static void cm_tag(const struct secure_rtp_half *half, const uint8_t *packet, size_t size,
                   uint64_t index, uint8_t ret_mac[HMAC_SHA1_SIZE])
{
    uint8_t roll_over[4];
    bytes_store_u32(roll_over, (uint32_t)(index >> 16));
    hmac_sha1(&half->authentication, packet, size, roll_over, sizeof(roll_over), ret_mac);
}

size_t secure_rtp_seal_to(struct secure_rtp_key *key, struct secure_rtp_sender *sender,
                          const uint8_t *header, size_t header_size, const uint8_t *payload,
                          size_t payload_size, uint8_t *out)
{
    ASSERT(key->ready && header_size >= RTP_HEADER_MIN &&
           bytes_load_u32(header + 8) == sender->ssrc);
    uint64_t index = sender_take(sender, bytes_load_u16(header + 2));
    struct secure_rtp_half *half = &key->rtp;
    if (out != header) {
        memcpy(out, header, header_size);
    }
    uint8_t *sealed = out + header_size;
    if (key->profile == SECURE_RTP_AEAD_AES_128_GCM) {
        uint8_t iv[CIPHER_GCM_IV_SIZE];
        secure_rtp_gcm_iv(half->salt, sender->ssrc, index, iv);
        secure_rtp_cipher->gcm_seal(half->cipher, iv, header, header_size, payload, payload_size,
                                    sealed, sealed + payload_size);
        return header_size + payload_size + CIPHER_GCM_TAG_SIZE;
    }
    uint8_t iv[CIPHER_CTR_IV_SIZE];
    uint8_t mac[HMAC_SHA1_SIZE];
    secure_rtp_ctr_iv(half->salt, sender->ssrc, index, iv);
    secure_rtp_cipher->ctr(half->cipher, iv, payload, payload_size, sealed);
    cm_tag(half, out, header_size + payload_size, index, mac);
    memcpy(sealed + payload_size, mac, SECURE_RTP_CM_TAG_SIZE);
    return header_size + payload_size + SECURE_RTP_CM_TAG_SIZE;
}

size_t secure_rtp_seal(struct secure_rtp_key *key, struct secure_rtp_sender *sender,
                       uint8_t *packet, size_t header_size, size_t size, size_t capacity)
{
    ASSERT(header_size <= size && size + secure_rtp_tag_size(key->profile) <= capacity);
    return secure_rtp_seal_to(key, sender, packet, header_size, packet + header_size,
                              size - header_size, packet);
}

void secure_rtp_receiver_init(struct secure_rtp_receiver *receiver)
{
    *receiver = (struct secure_rtp_receiver){0};
}

// RFC 3711 section 3.3.1. While the highest index is in its first half circle, the roll-over
// counter can only be 0.
static uint64_t guess_index(const struct replay_window *seen, uint16_t sequence)
{
    if (!seen->started || seen->highest < 0x8000) {
        return sequence;
    }
    int16_t step = (int16_t)(uint16_t)(sequence - (uint16_t)seen->highest);
    return seen->highest + (uint64_t)(int64_t)step;
}

static bool open_payload(struct secure_rtp_key *key, uint64_t index, uint8_t *packet,
                         size_t header_size, size_t sealed_end)
{
    struct secure_rtp_half *half = &key->rtp;
    uint32_t ssrc = bytes_load_u32(packet + 8);
    uint8_t *payload = packet + header_size;
    size_t payload_size = sealed_end - header_size;
    const uint8_t *tag = packet + sealed_end;
    if (key->profile == SECURE_RTP_AEAD_AES_128_GCM) {
        uint8_t iv[CIPHER_GCM_IV_SIZE];
        secure_rtp_gcm_iv(half->salt, ssrc, index, iv);
        return secure_rtp_cipher->gcm_open(half->cipher, iv, packet, header_size, payload,
                                           payload_size, tag);
    }
    uint8_t mac[HMAC_SHA1_SIZE];
    cm_tag(half, packet, sealed_end, index, mac);
    if (!memory_equal_constant_time(mac, tag, SECURE_RTP_CM_TAG_SIZE)) {
        return false;
    }
    uint8_t iv[CIPHER_CTR_IV_SIZE];
    secure_rtp_ctr_iv(half->salt, ssrc, index, iv);
    secure_rtp_cipher->ctr(half->cipher, iv, payload, payload_size, payload);
    return true;
}

static bool timestamp_newer(uint32_t timestamp, uint32_t than)
{
    return (int32_t)(timestamp - than) > 0;
}

// The timestamp is authenticated with the header. Newer by less than 50 minutes of video's clock:
// what is older than half the circle would look newer too.
static bool proves_itself_new(const struct secure_rtp_receiver *receiver, uint32_t timestamp)
{
    return timestamp_newer(timestamp, receiver->newest) &&
           timestamp - receiver->newest < TIMESTAMP_AHEAD_MAX;
}

enum err secure_rtp_open(struct secure_rtp_key *key, struct secure_rtp_receiver *receiver,
                         uint8_t *packet, size_t header_size, size_t size, size_t *ret_size)
{
    ASSERT(key->ready);
    *ret_size = 0;
    size_t tag_size = secure_rtp_tag_size(key->profile);
    if (header_size < RTP_HEADER_MIN || size < header_size + tag_size) {
        return ERR_MALFORMED;
    }
    uint64_t index = guess_index(&receiver->seen, bytes_load_u16(packet + 2));
    uint32_t timestamp = bytes_load_u32(packet + 4);
    bool fresh = replay_fresh(&receiver->seen, index);
    if ((!fresh || index < receiver->used_below) && !proves_itself_new(receiver, timestamp)) {
        return ERR_REPLAY;
    }
    if (!open_payload(key, index, packet, header_size, size - tag_size)) {
        return ERR_AUTHENTICATION;
    }
    if (!fresh) {
        receiver->used_below = receiver->seen.highest + 1 > receiver->used_below
                                   ? receiver->seen.highest + 1
                                   : receiver->used_below;
        receiver->seen.started = false; // the window begins anew at this index
    }
    if (!receiver->seen.started || timestamp_newer(timestamp, receiver->newest)) {
        receiver->newest = timestamp;
    }
    replay_commit(&receiver->seen, index);
    *ret_size = size - tag_size;
    return ERR_NONE;
}
