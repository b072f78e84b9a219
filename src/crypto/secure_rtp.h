// SRTP and SRTCP (RFC 3711, RFC 7714) for one peer: AEAD_AES_128_GCM and AES_128_CM_HMAC_SHA1_80.
//
// - struct secure_rtp_key: one direction of one peer, shared by all its streams (about 2 KB).
// - struct secure_rtp_sender, secure_rtp_receiver: one SSRC. Small, no pointers, embeddable.
// - struct secure_rtcp_sender, secure_rtcp_receiver: the same for RTCP.
//
// Threads: a key and its streams belong to one thread at a time. Nothing here allocates after
// secure_rtp_key_init(). A state changes only after a packet is authenticated. A (key, SSRC, index)
// is used once: an assertion stops the process before a second use.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "crypto/hmac.h"
#include "crypto/replay.h"

// The DTLS-SRTP profile numbers (RFC 5764 section 4.1.2, RFC 7714 section 14.2).
enum secure_rtp_profile {
    SECURE_RTP_AES128_CM_SHA1_80 = 0x0001,
    SECURE_RTP_AEAD_AES_128_GCM = 0x0007,
};

#define SECURE_RTP_KEY_SIZE      16
#define SECURE_RTP_SALT_MAX      14
#define SECURE_RTP_TAG_MAX       16 // bytes that sealing adds to an RTP packet at most
#define SECURE_RTCP_OVERHEAD_MAX 20 // bytes that sealing adds to an RTCP packet at most
#define SECURE_RTP_EXPORT_MAX    (2 * (SECURE_RTP_KEY_SIZE + SECURE_RTP_SALT_MAX))
#define SECURE_RTP_CIPHER_SIZE   1024
// The label for SSL_export_keying_material() (RFC 5764 section 4.2).
#define SECURE_RTP_EXPORT_LABEL "EXTRACTOR-dtls_srtp"

// Chooses the backend for the whole process and tests it on the RFCs' vectors; once, before the
// threads start. "ipsec-mb" where the processor has what it needs, else OpenSSL's "evp";
// PLENARY_CRYPTO=evp or =ipsec-mb forces one. ERR_UNSUPPORTED when a forced one is not there,
// ERR_INTERNAL when a vector fails (the process must not go on).
enum err CHECKED secure_rtp_setup(void);
// "ipsec-mb" or "evp"; for logs and /metrics.
const char *secure_rtp_backend(void);

bool secure_rtp_profile_known(unsigned profile);
size_t secure_rtp_tag_size(enum secure_rtp_profile profile);
size_t secure_rtp_salt_size(enum secure_rtp_profile profile);
// Bytes of keying material to export from DTLS.
size_t secure_rtp_export_size(enum secure_rtp_profile profile);

// The keys of RTP or of RTCP in one direction. Internal; laid out for the packet path.
struct secure_rtp_half {
    _Alignas(16) uint8_t cipher[SECURE_RTP_CIPHER_SIZE]; // the backend's key schedule
    struct hmac_sha1_key authentication;                 // AES_128_CM_HMAC_SHA1_80 only
    uint8_t salt[SECURE_RTP_SALT_MAX];
};

struct secure_rtp_key {
    struct secure_rtp_half rtp;
    struct secure_rtp_half rtcp;
    enum secure_rtp_profile profile;
    bool ready; // between init and finish
};

// Derives the session keys (RFC 3711 section 4.3, rate 0) from a master key of 16 bytes and a salt
// of secure_rtp_salt_size(). On failure nothing needs finishing.
enum err CHECKED secure_rtp_key_init(struct secure_rtp_key *key, enum secure_rtp_profile profile,
                                     const uint8_t *master_key, const uint8_t *master_salt);
// Both directions from DTLS-exported material (RFC 5764 section 4.2). We are the DTLS server:
// `server` true; a load generator says false.
enum err CHECKED secure_rtp_keys_from_export(const uint8_t *material, size_t size,
                                             enum secure_rtp_profile profile, bool server,
                                             struct secure_rtp_key *ret_send,
                                             struct secure_rtp_key *ret_receive);
// Wipes. May be called on a zeroed key.
void secure_rtp_key_finish(struct secure_rtp_key *key);

// ── RTP out
// ──────────────────────────────────────────────────────────────────────────────────────────────────────

struct secure_rtp_sender {
    uint64_t highest; // greatest 48-bit index used (roll-over counter and sequence number)
    uint64_t used;    // bit i: highest - i is used
    uint32_t ssrc;
    bool started;
};

// Roll-over counter 0. A receiver guesses right when the first sequence number is below 32,768.
void secure_rtp_sender_init(struct secure_rtp_sender *sender, uint32_t ssrc);
// May this sequence number be sealed: newer than all before, or among the 63 before the newest and
// not yet used? A forwarder of reordered packets asks; sealing asserts.
bool secure_rtp_sender_fresh(const struct secure_rtp_sender *sender, uint16_t sequence);
// In place; header_size from rtp_parse(). The new size (size + tag). Asserts room, the SSRC and a
// fresh index.
size_t secure_rtp_seal(struct secure_rtp_key *key, struct secure_rtp_sender *sender,
                       uint8_t *packet, size_t header_size, size_t size, size_t capacity);
// For fan-out: one plain payload, many listeners. Writes header, sealed payload and tag to `out`,
// which has room for header_size + payload_size + SECURE_RTP_TAG_MAX and overlaps neither; `header`
// may be at `out` itself. The size written.
size_t secure_rtp_seal_to(struct secure_rtp_key *key, struct secure_rtp_sender *sender,
                          const uint8_t *header, size_t header_size, const uint8_t *payload,
                          size_t payload_size, uint8_t *out);

// ── RTP in
// ───────────────────────────────────────────────────────────────────────────────────────────────────────

// A sender that goes back in its sequence numbers, as some do where they should change their SSRC,
// uses indices again, and RFC 3711 would have all of it discarded until it is past them. It is
// taken when its timestamp proves that it is no copy: newer than all that were authenticated, as no
// packet received before can be.
struct secure_rtp_receiver {
    struct replay_window seen; // authenticated 48-bit indices; refuses what is 128 or more behind
    uint32_t newest;           // timestamp of those
    uint64_t used_below;       // after going back: indices below this were used before
};

void secure_rtp_receiver_init(struct secure_rtp_receiver *receiver);
// In place: `packet` holds the plain packet of *ret_size bytes afterwards, and rubbish when it
// failed. ERR_MALFORMED (too short), ERR_REPLAY (received before, or too old), ERR_AUTHENTICATION.
// `receiver` changes only on success, so an unknown SSRC is tried with a fresh receiver on the
// stack, which is kept when it opens.
enum err CHECKED secure_rtp_open(struct secure_rtp_key *key, struct secure_rtp_receiver *receiver,
                                 uint8_t *packet, size_t header_size, size_t size,
                                 size_t *ret_size);

// ── RTCP
// ─────────────────────────────────────────────────────────────────────────────────────────────────────────

// One per key: the index is shared by all SSRCs that speak under it, which is stricter than needed
// and simpler.
struct secure_rtcp_sender {
    uint32_t next_index; // 31 bits; zero-initialised
};

// One per SSRC that sends us RTCP (the first SSRC of the compound).
struct secure_rtcp_receiver {
    struct replay_window seen; // authenticated 31-bit indices
};

void secure_rtcp_receiver_init(struct secure_rtcp_receiver *receiver);
// In place, always encrypted (E = 1). ERR_MALFORMED under 8 bytes, ERR_TOO_LARGE without room for
// SECURE_RTCP_OVERHEAD_MAX, ERR_FULL after 2^31 packets.
enum err CHECKED secure_rtcp_seal(struct secure_rtp_key *key, struct secure_rtcp_sender *sender,
                                  uint8_t *packet, size_t size, size_t capacity, size_t *ret_size);
// As secure_rtp_open(). Unencrypted packets (E = 0) are refused: WebRTC forbids them (RFC 8827
// section 6.5).
enum err CHECKED secure_rtcp_open(struct secure_rtp_key *key, struct secure_rtcp_receiver *receiver,
                                  uint8_t *packet, size_t size, size_t *ret_size);
