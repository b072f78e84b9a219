// A router with a fake clock and listeners that decrypt what the sink gets. For the router's tests.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/secure_rtp.h"
#include "media/router.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"

#define FIXTURE_PEERS_MAX 8
#define FIXTURE_SLOTS     4 // per peer: audio 0, audio 1, video 2, video 3
#define FIXTURE_VIDEO     2
#define FIXTURE_VIDEO_2   3
#define FIXTURE_RTX       0x100 // an RTX SSRC is that of its slot and this
#define FIXTURE_RTP_MAX   64    // packets kept for a look since the last fixture_forget()
#define FIXTURE_RTCP_MAX  256

#define OPUS_TYPE     111
#define VP8_TYPE      96
#define RTX_TYPE      97
#define H264_TYPE     102
#define H264_RTX_TYPE 103
#define ABS_SEND_ID   3
#define RED_TYPE      63
#define OPUS_20_MS    0x78 // CELT, 20 ms, one frame
#define OPUS_TICKS    960
#define CHANNEL_FLOOR 7
#define LEVEL_ID      1

#define FIXTURE_LEVELS_MAX 256

struct heard {
    struct rtp_packet rtp;
    uint8_t data[ROUTER_PACKET_MAX]; // decrypted
    const uint8_t *payload;          // in data
    size_t size;
};

struct fixture_peer {
    handle handle;
    uint32_t ssrc[FIXTURE_SLOTS];
    uint32_t rtx_ssrc;
    uint32_t rtcp_ssrc;
    struct secure_rtp_key send; // lent to the router
    struct secure_rtp_key open;
    struct secure_rtp_receiver receivers[FIXTURE_SLOTS + 2]; // the last are RTX
    struct secure_rtcp_receiver rtcp_receiver;
    uint32_t rtp_count; // of all kinds since fixture_forget()
    struct heard heard[FIXTURE_RTP_MAX];
    uint32_t rtcp_count;
    struct {
        uint8_t data[ROUTER_DATAGRAM_MAX];
        size_t size;
    } rtcp[FIXTURE_RTCP_MAX];
};

struct fixture {
    struct router *router;
    time_us now;
    struct fixture_peer peers[FIXTURE_PEERS_MAX];
    bool vp8_only;    // of the peers that join from now on
    bool listen_only; // of the peers that join from now on: they send nothing, and take RED
    // What a peer gets, as it is sent.
    void (*watch)(unsigned peer, const uint8_t *data, size_t size);
    uint8_t room[ROUTER_DATAGRAM_MAX];
    uint32_t feedback_count;
    link_source feedback_source;
    uint8_t feedback_layer;
    uint32_t state_count;
    link_source state_source;
    bool state_active;
    bool state_sounding;
    uint32_t level_calls;
    uint32_t level_count;
    struct link_level levels[FIXTURE_LEVELS_MAX];
};

// A sender of audio or of one video layer.
struct sender {
    link_source source;
    uint8_t layer;
    uint32_t ssrc;
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp;
    uint16_t picture;
    uint8_t tl0;
    uint32_t counter;
};

// The keys of a peer.
void fixture_key(unsigned peer, uint8_t master[SECURE_RTP_KEY_SIZE],
                 uint8_t salt[SECURE_RTP_SALT_MAX], enum secure_rtp_profile *ret_profile);
void fixture_init(struct fixture *fixture, uint64_t seed);
void fixture_finish(struct fixture *fixture);
// A peer with its three slots, connected.
void fixture_join(struct fixture *fixture, unsigned peer);
void fixture_open(struct fixture *fixture, link_source source, enum link_kind kind, uint8_t layers,
                  int owner /* -1: on another thread */);
void fixture_forget(struct fixture *fixture);
// Runs the router's deadlines until then.
void fixture_pass(struct fixture *fixture, time_us duration);
// The last RTP packet a peer got, or NULL.
const struct heard *fixture_last(const struct fixture_peer *peer);
// Counts RTCP packets of that type and format (format 0xff: any).
unsigned fixture_count_rtcp(const struct fixture_peer *peer, uint8_t type, uint8_t format,
                            struct rtcp_packet *ret_last);

// Writes the sender's next packet; the payload's bytes 1..8 tell source and counter.
size_t sender_audio(struct sender *sender, uint8_t *packet);
// The same, and says how loud it is (RFC 6464).
size_t sender_audio_level(struct sender *sender, uint8_t level, uint8_t *packet);
// One packet of a frame of VP8. `temporal` 0xff: without a temporal layer.
struct frame {
    bool key;
    bool first;
    bool last;
    uint8_t temporal;
    bool sync;
    size_t size;
};
size_t sender_video(struct sender *sender, const struct frame *frame, uint8_t *packet);
bool fixture_receive(struct fixture *fixture, const struct sender *sender, const uint8_t *packet,
                     size_t size);
link_source heard_source(const struct heard *heard);
uint32_t heard_counter(const struct heard *heard);
