// The typed messages between the control process and the media process, over a Unix SOCK_SEQPACKET
// socket on which the media process listens. Control translates the meeting into these words; media
// knows nothing else. Either side may die and come back: after connecting, control sends LINK_SYNC,
// media answers with one LINK_PEER_STATE per peer and LINK_SYNCED, and control then states its
// whole wish again (all messages are idempotent).
//
// Encoding is field by field (link_encode / link_decode, bounded, fuzzed), never a struct copied to
// the socket. Reading the enum is reading the architecture. Threads: one reader and one writer on
// each side.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"

#define LINK_VERSION          6
#define LINK_MESSAGE_MAX      65536 // bytes on the socket
#define LINK_SDP_MAX          48000
#define LINK_OWNER_MAX        191
#define LINK_SECTIONS_MAX     16
#define LINK_COUNTERS_MAX     128
#define LINK_DELAY_MS_MAX     1000
#define LINK_SUCCESSION_MS    1000 // a channel waits so long for its next source, on a near line
#define LINK_WAIT_MS_MAX      10000
#define LINK_LEVELS_MAX       160
#define LINK_COUNTER_NAME_MAX 47

// Chosen by control, unique for ever within a running system (control seeds them from time at
// start).
typedef uint64_t link_peer;
// A sender's track: chosen by control when it makes the peer. 0 is "no source".
typedef uint32_t link_source;
// A named path listeners choose. Chosen by control. 0 is "no channel".
typedef uint32_t link_channel;

enum link_kind { LINK_AUDIO = 1, LINK_VIDEO = 2 };
enum link_direction { LINK_SEND = 1, LINK_RECEIVE = 2 }; // seen from the client

// The form in which a listener wishes a slot's sound; media chooses by it and by the loss that the
// listener reports (media/variant_choice.h).
enum link_variant {
    LINK_VARIANT_AUTO = 0, // as the operator set it for listeners; by loss
    LINK_VARIANT_PLAIN,    // 20 ms packets whatever the loss
    LINK_VARIANT_LONG,     // economy: 60 ms packets while the line is good; listen-only peers alone
    LINK_VARIANT_RED1,     // each packet repeated once, where negotiated; twice on a bad line
    LINK_VARIANT_RED2,     // each packet repeated twice, where negotiated
    LINK_VARIANT_END,
};

// "auto", "plain", "long", "red" (once) and "red2". False for anything else.
bool link_variant_from_text(const char *text, enum link_variant *ret_variant);

// What one m-section of the client's offer is for. Media gives each offered section to the first of
// these that is still free and fits it in kind, direction and codec, and rejects the others.
struct link_section {
    enum link_kind kind;
    enum link_direction direction;
    bool optional;        // the offer may do without it
    link_source source;   // LINK_SEND: the source this section feeds
    uint8_t slot;         // LINK_RECEIVE: the slot number, unique within the peer, 0..15
    link_channel channel; // LINK_RECEIVE: what the slot carries at first, in LINK_PEER_STATE by
                          // now; 0 for nothing, or for a source that it was given by itself
};

enum link_peer_phase {
    LINK_PEER_NEW = 1,      // created, nothing authenticated yet
    LINK_PEER_CHECKED,      // ICE validated an address
    LINK_PEER_CONNECTED,    // DTLS done: media flows
    LINK_PEER_DISCONNECTED, // no consent or no packet for a while; may come back
    LINK_PEER_CLOSED,       // gone: control forgets it
};

enum link_message_type {
    // control → media
    LINK_HELLO = 1,          // version; media closes the connection on a mismatch
    LINK_SYNC,               // ask for all peers
    LINK_PEER_CREATE,        // an offer to answer; an existing peer id is refused
    LINK_PEER_CLOSE,         //
    LINK_CHANNEL_SET_SOURCE, // the channel carries this source from now on; 0 silences it. With
                             // `wait_ms` it keeps what it carries until the source's next packet
                             // with sound; after so long any packet of it will do, when what is
                             // carried is not heard either. Without a packet it waits for ever
    LINK_SLOT_SET_CHANNEL,   // the slot carries this channel from now on; 0 for nothing
    LINK_SLOT_SET_SOURCE, // the slot carries this one source (also the peer's own: the echo test);
                          // 0 ends it
    // media → control
    LINK_SYNCED,
    LINK_PEER_ANSWER,  // the SDP answer; or `err`, and as `sdp` why not in English, if it is the
                       // offer
    LINK_PEER_STATE,   // phase changes, and the answer to LINK_SYNC
    LINK_SOURCE_STATE, // a source began or ceased to deliver packets (nothing for 1 s), or sound
                       // (nothing but digital silence for 1 s), with its level. After LINK_SYNC of
                       // every source
    LINK_PEER_REPORT,  // every 5 s per connected peer, and when pictures are held or go on: what
                       // RTCP and the server measured
    LINK_COUNTERS,     // every 5 s: the process's counters, for /metrics
    // control → media, since version 2
    LINK_SLOT_SET_VARIANT, // the form in which the slot wishes its sound from now on; audio alone
    // since version 3
    LINK_CHANNEL_SET_DELAY, // control → media: the channel's sound is held back by so much from now
                            // on
    LINK_SOURCE_LEVELS, // media → control, five times a second at most: how loud the microphones
                        // are whose clients say so (RFC 6464)
    // since version 5
    LINK_PEER_RESTART, // control → media: restart ICE as this fragment (RFC 8840) says; the answer
                       // is a LINK_PEER_ANSWER with a fragment. The note is control's from now on
    // since version 6
    LINK_SOURCE_AWAIT, // control → media: what is known of the source counts no more; its next
                       // packet is told again, and the next one with sound
    LINK_MESSAGE_TYPE_END,
};

struct link_level {
    link_source source;
    uint8_t level; // the loudest since the last message, in -dBov: 0 is loudest, 127 is silence
};

struct link_message {
    enum link_message_type type;
    link_peer peer;
    link_source source;
    link_channel channel;
    uint8_t slot;
    enum link_variant variant;      // LINK_SLOT_SET_VARIANT
    uint32_t version;               // LINK_HELLO
    enum err err;                   // LINK_PEER_ANSWER
    enum link_peer_phase phase;     // LINK_PEER_STATE
    bool active;                    // LINK_SOURCE_STATE
    bool sounding;                  // LINK_SOURCE_STATE: never without `active`
    uint16_t wait_ms;               // LINK_CHANNEL_SET_SOURCE: LINK_WAIT_MS_MAX at most; 0: at once
    char owner[LINK_OWNER_MAX + 1]; // LINK_PEER_CREATE, LINK_PEER_RESTART, LINK_PEER_STATE:
                                    // control's own note, given back on LINK_SYNC
    uint8_t section_count;          // LINK_PEER_CREATE, LINK_PEER_STATE
    struct link_section sections[LINK_SECTIONS_MAX];
    uint32_t sdp_length; // LINK_PEER_CREATE (offer), LINK_PEER_RESTART (fragment),
                         // LINK_PEER_ANSWER (answer to either)
    char sdp[LINK_SDP_MAX + 1];
    struct { // LINK_PEER_REPORT
        uint32_t round_trip_us;
        uint32_t jitter_us;          // of what the client sends
        uint16_t loss_up_permille;   // of what the client sends
        uint16_t loss_down_permille; // of what the client receives
        uint32_t estimate_bps;       // the client's REMB, 0 when it gives none
        uint16_t slots_held;         // since version 6: by number, whose pictures are there and
                                     // not sent, because the line does not carry them
        bool pictures_up_held;       // since version 6: the client shall send no pictures
        uint64_t packets_in;
        uint64_t packets_out;
    } report;
    uint16_t delay_ms;    // LINK_CHANNEL_SET_DELAY
    uint16_t level_count; // LINK_SOURCE_LEVELS
    struct link_level levels[LINK_LEVELS_MAX];
    uint16_t counter_count; // LINK_COUNTERS
    struct {
        char name[LINK_COUNTER_NAME_MAX +
                  1]; // Prometheus style, without the "plenary_media_" prefix
        uint64_t value;
    } counters[LINK_COUNTERS_MAX];
};

// Writes only the fields that the type carries. ERR_TOO_LARGE when `size` does not do
// (LINK_MESSAGE_MAX always does).
enum err CHECKED link_encode(const struct link_message *message, void *to, size_t size,
                             size_t *ret_size);
// ERR_MALFORMED for anything that link_encode would not write. Fields the type does not carry are
// zero.
enum err CHECKED link_decode(const void *data, size_t size, struct link_message *ret_message);
