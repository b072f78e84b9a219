// Sealed packets from the network. Bytes that nobody sealed never open; what was sealed here opens
// to what it was, once; and changed in one byte it does not, and leaves the receiver as it was.
//
// The first byte: bit 0 the profile, bit 1 RTCP, bit 2 as it comes (not sealed before); the second
// and third where it is changed, the fourth how (0: not at all).
#include <string.h>

#include "crypto/secure_rtp.h"
#include "fuzz.h"
#include "wire/rtp.h"

#define HEAD 4
#define ROOM (RTP_PACKET_MAX + SECURE_RTCP_OVERHEAD_MAX)

struct side {
    struct secure_rtp_key seal;
    struct secure_rtp_key open;
};

static struct side *side_of(bool gcm)
{
    static struct side sides[2];
    static bool ready;
    if (!ready) {
        static const enum secure_rtp_profile profiles[2] = {SECURE_RTP_AES128_CM_SHA1_80,
                                                            SECURE_RTP_AEAD_AES_128_GCM};
        uint8_t master[SECURE_RTP_KEY_SIZE + SECURE_RTP_SALT_MAX];
        memset(master, 0x5a, sizeof(master));
        ASSERT(secure_rtp_setup() == ERR_NONE);
        for (int i = 0; i < 2; i++) {
            ASSERT(secure_rtp_key_init(&sides[i].seal, profiles[i], master,
                                       master + SECURE_RTP_KEY_SIZE) == ERR_NONE);
            ASSERT(secure_rtp_key_init(&sides[i].open, profiles[i], master,
                                       master + SECURE_RTP_KEY_SIZE) == ERR_NONE);
        }
        ready = true;
    }
    return &sides[gcm];
}

// Whether it was changed.
static bool change(uint8_t *packet, size_t size, const uint8_t *head)
{
    packet[(head[1] | head[2] << 8) % size] ^= head[3];
    return head[3] != 0;
}

static void try_rtp(struct side *side, const uint8_t *head, const uint8_t *data, size_t size,
                    bool sealed_before)
{
    uint8_t packet[ROOM];
    struct rtp_packet parsed;
    struct secure_rtp_receiver receiver;
    struct secure_rtp_receiver before;
    size_t opened = 0;
    if (rtp_parse(data, size, &parsed) != ERR_NONE) {
        return;
    }
    memcpy(packet, data, size);
    secure_rtp_receiver_init(&receiver);
    if (sealed_before) {
        ASSERT(secure_rtp_open(&side->open, &receiver, packet, parsed.header_size, size, &opened) !=
               ERR_NONE);
        return;
    }
    struct secure_rtp_sender sender;
    secure_rtp_sender_init(&sender, parsed.ssrc);
    size_t sealed = secure_rtp_seal(&side->seal, &sender, packet, parsed.header_size, size,
                                    sizeof(packet));
    bool changed = change(packet, sealed, head);
    if (changed && rtp_parse(packet, sealed, &parsed) != ERR_NONE) {
        return;
    }
    before = receiver;
    uint8_t copy[ROOM];
    memcpy(copy, packet, sealed);
    enum err err = secure_rtp_open(&side->open, &receiver, packet, parsed.header_size, sealed,
                                   &opened);
    if (changed) {
        ASSERT(err != ERR_NONE && memcmp(&before, &receiver, sizeof(before)) == 0);
        return;
    }
    // A number of 32,768 or more may be taken for one of the time before (RFC 3711 section 3.3.1).
    ASSERT(err == ERR_NONE || parsed.sequence >= 0x8000);
    if (err == ERR_NONE) {
        ASSERT(opened == size && memcmp(packet, data, size) == 0);
        ASSERT(secure_rtp_open(&side->open, &receiver, copy, parsed.header_size, sealed, &opened) ==
               ERR_REPLAY);
    }
}

static void try_rtcp(struct side *side, const uint8_t *head, const uint8_t *data, size_t size,
                     bool sealed_before)
{
    uint8_t packet[ROOM];
    uint8_t copy[ROOM];
    struct secure_rtcp_receiver receiver;
    struct secure_rtcp_sender sender = {0};
    size_t sealed = 0;
    size_t opened = 0;
    memcpy(packet, data, size);
    secure_rtcp_receiver_init(&receiver);
    if (sealed_before) {
        ASSERT(secure_rtcp_open(&side->open, &receiver, packet, size, &opened) != ERR_NONE);
        return;
    }
    enum err err = secure_rtcp_seal(&side->seal, &sender, packet, size, sizeof(packet), &sealed);
    ASSERT((err == ERR_NONE) == (size >= 8));
    if (err != ERR_NONE) {
        return;
    }
    bool changed = change(packet, sealed, head);
    struct secure_rtcp_receiver before = receiver;
    memcpy(copy, packet, sealed);
    err = secure_rtcp_open(&side->open, &receiver, packet, sealed, &opened);
    ASSERT((err == ERR_NONE) == !changed);
    if (changed) {
        ASSERT(memcmp(&before, &receiver, sizeof(before)) == 0);
    } else {
        ASSERT(opened == size && memcmp(packet, data, size) == 0);
        ASSERT(secure_rtcp_open(&side->open, &receiver, copy, sealed, &opened) == ERR_REPLAY);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD || size - HEAD > RTP_PACKET_MAX) {
        return 0;
    }
    struct side *side = side_of((data[0] & 1) != 0);
    bool as_it_comes = (data[0] & 4) != 0;
    if ((data[0] & 2) != 0) {
        try_rtcp(side, data, data + HEAD, size - HEAD, as_it_comes);
    } else {
        try_rtp(side, data, data + HEAD, size - HEAD, as_it_comes);
    }
    return 0;
}
