// The forwarding half of a media thread: sources, channels, slots and the fan-out between them. It
// knows RTP and SRTP contexts; it does not know sockets, ICE, DTLS or threads (those are peer.h and
// engine.h). No clock: `now` is given and never goes back. One router per media thread; no lock, no
// allocation after creation.
//
//   decrypted RTP ─► router_receive_rtp ─► source ─► channels that carry it ─► their slots ─►
//   rewrite ─► SRTP ─► sink
//
// A source's packets reach every thread (the engine copies each decrypted packet once per thread
// that has listeners); each thread's router holds the whole table of sources and channels but only
// its own peers' slots. The order of calls for a participant: router_peer_open, router_source_open
// for each section it sends, router_slot_set_channel as control wishes, router_peer_connect once
// DTLS is done; at the end router_source_close and router_peer_close.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/time.h"
#include "crypto/secure_rtp.h"
#include "link/link.h"
#include "wire/rtp.h"

// Bytes of a received RTP packet; larger ones are counted and dropped.
#define ROUTER_PACKET_MAX     1500
#define ROUTER_DATAGRAM_MAX   1600 // bytes reserve() is asked for at most
#define ROUTER_PEER_SLOTS_MAX 16
#define ROUTER_LAYERS_MAX     3 // simulcast; layer 0 is the smallest
#define ROUTER_CNAME_MAX      31

struct router;

struct router_limits {
    uint32_t peers_max;
    uint32_t sources_max; // audio and video, of all threads
    // Of these. Each has three rings of packets for repair: 2.3 MB, touched only when used.
    uint32_t video_sources_max;
    uint32_t channels_max;
    uint32_t slots_max;        // audio and video, of this thread
    uint32_t video_slots_max;  // of these
    uint32_t receive_bps_max;  // what a sender of video is allowed by REMB
    uint32_t transmit_bps_max; // what a listener's video may take together, whatever its REMB says
    enum link_variant listen_only_variant; // for listen-only peers whose wish is LINK_VARIANT_AUTO
};

// Where finished datagrams go. `destination` is the token given at router_peer_connect(). The bytes
// are copied or sent before the call returns. The engine batches them for sendmmsg.
struct router_sink {
    void *context;
    // Room for one datagram of at most `size` bytes in the current batch; never NULL (flushes when
    // full). A second reserve without a commit gives the same room again.
    uint8_t *(*reserve)(void *context, size_t size);
    void (*commit)(void *context, uint64_t destination, size_t size);
    // A source is received on another thread: ask there for a key frame of this layer. The engine
    // hands it to the router that has the source locally, by router_source_request_key_frame().
    void (*source_feedback)(void *context, link_source source, bool key_frame, uint8_t layer);
    // For the control process, every 200 ms: how loud local sources were since, of those that say
    // so. 1 .. LINK_LEVELS_MAX of them a call.
    void (*source_levels)(void *context, const struct link_level *levels, uint32_t count);
    // For the control process, seldom: a local source began to deliver packets, or has not for 1 s;
    // and the same of packets with sound in them. Never `sounding` without `active`.
    void (*source_state)(void *context, link_source source, bool active, bool sounding);
};

// What a source of video is coded in, fixed by its answer.
enum router_codec { ROUTER_VP8, ROUTER_H264, ROUTER_CODECS };

// What one receive section of a peer negotiated. The SSRCs stay for ever.
struct router_slot_description {
    enum link_kind kind;
    uint8_t slot;              // unique within the peer, 0 .. ROUTER_PEER_SLOTS_MAX - 1
    uint8_t payload_type;      // Opus or VP8; video: 0 when it takes no VP8
    uint8_t rtx_payload_type;  // VP8: 0 without RTX (RFC 4588); NACK is not answered then
    uint8_t h264_payload_type; // video: 0 when it takes no H.264
    uint8_t h264_rtx_payload_type;
    uint8_t red_payload_type; // audio: 0 without RED; then Opus is REDUNDANCY_OPUS_TYPE
    uint16_t ptime_max_ms;    // audio: longest packets it takes; 0: any
    uint8_t abs_send_time_id; // video: the extension's id, 0 when not negotiated
    uint32_t ssrc;
    uint32_t rtx_ssrc; // video: 0 when RTX was not negotiated
};

struct router_peer_description {
    link_peer id;
    uint32_t rtcp_ssrc; // sender of receiver reports, NACK, PLI, REMB; unlike all slots' SSRCs
    char cname[ROUTER_CNAME_MAX + 1]; // RFC 7022; the same in every report to this peer
    bool listen_only;                 // it has no section to send
    uint8_t slot_count;
    struct router_slot_description slots[ROUTER_PEER_SLOTS_MAX];
};

// What one send section of a peer negotiated.
struct router_source_description {
    link_source id;
    enum link_kind kind;
    uint8_t layer_count;      // 1 for audio and H.264, 1..ROUTER_LAYERS_MAX for VP8
    enum router_codec codec;  // video
    uint8_t payload_type;     // other payload types are counted and dropped
    uint8_t rtx_payload_type; // video: 0 when RTX was not negotiated
    bool nack;                // video: generic NACK was negotiated
    bool remb;                // video: goog-remb was negotiated
    uint8_t abs_send_time_id; // the extension's id, 0 when not negotiated
    uint8_t level_id;         // audio: the id of ssrc-audio-level, 0 when not negotiated
    link_peer owner;          // never hears it, except by router_slot_set_source()
    handle peer; // the owner's peer in this router; HANDLE_NONE: the source is received on another
                 // thread
};

struct router_peer_report {
    uint32_t round_trip_us; // 0 until a report block referred to one of our sender reports
    uint32_t jitter_us;
    uint16_t loss_up_permille;
    uint16_t loss_down_permille;
    uint32_t estimate_bps; // the peer's REMB; 0 when it gave none in the last 10 s
    uint32_t picture_bps;  // what all pictures to the peer may take together, repairs included
    uint16_t slots_held;   // bits, by number: the line does not carry what is there to be seen
    bool pictures_up_held; // the line does not carry what the peer sends: it shall send none
    uint64_t packets_in;
    uint64_t packets_out;
};

// X(name in /metrics without "plenary_media_", what is counted)
#define ROUTER_COUNTERS(X)                                                                         \
    X(rtp_packets_in_total, "RTP packets received from sources")                                   \
    X(rtp_bytes_in_total, "bytes of these")                                                        \
    X(rtp_packets_out_total, "RTP packets forwarded to slots")                                     \
    X(rtp_bytes_out_total, "bytes of these, as sent")                                              \
    X(rtp_malformed_total, "RTP packets that cannot be read")                                      \
    X(rtp_unexpected_total, "RTP packets of an unknown source, layer or payload type")             \
    X(rtp_flood_dropped_total, "RTP packets above the rate allowed to a source")                   \
    X(rtp_duplicate_total, "RTP packets received twice or too old")                                \
    X(rtp_suspect_total, "RTP packets that jump in number or time; the next one tells a restart")  \
    X(rtp_late_dropped_total, "late RTP packets from before a slot's switch, not forwarded")       \
    X(source_restarts_total, "sources that began a new sequence")                                  \
    X(opus_unreadable_total, "audio packets that are no readable Opus; forwarded as they are")     \
    X(silence_dropped_total, "audio packets that only said that silence goes on")                  \
    X(plain_packets_out_total, "of the RTP packets forwarded: audio as the source sent it")        \
    X(long_packets_out_total, "of these: audio of up to 60 ms a packet")                           \
    X(red1_packets_out_total, "of these: audio that repeats one packet")                           \
    X(red2_packets_out_total, "of these: audio that repeats two packets")                          \
    X(long_packets_made_total, "packets of up to 60 ms made, once for all their listeners")        \
    X(red_packets_made_total, "redundant packets made, once for all their listeners")              \
    X(delayed_packets_total, "audio packets held back for a channel with a delay")                 \
    X(delay_skipped_total, "of these: not sent, because the delay became shorter")                 \
    X(delay_early_total, "of these: sent before their time, because the line was full")            \
    X(variant_switches_total, "slots that went from one form of the sound to another")             \
    X(slot_switches_total, "slots that began to carry another source")                             \
    X(video_untaken_total, "video slots set to a source whose codec their listener does not take") \
    X(layer_switches_total, "video slots that changed the simulcast layer")                        \
    X(rtcp_packets_in_total, "RTCP compound packets received")                                     \
    X(rtcp_malformed_total, "RTCP packets that cannot be read")                                    \
    X(rtcp_packets_out_total, "RTCP compound packets sent")                                        \
    X(key_frame_requests_in_total, "PLI and FIR received")                                         \
    X(key_frame_requests_out_total, "PLI sent")                                                    \
    X(nack_in_total, "sequence numbers that listeners reported missing")                           \
    X(nack_out_total, "sequence numbers asked again of sources")                                   \
    X(rtx_packets_out_total, "packets repeated to listeners")                                      \
    X(rtx_missed_total, "packets that listeners asked for and were too old or too many")           \
    X(late_ticks_total, "times that this thread came late, so that delays were not judged")        \
    X(picture_lags_total, "times that a picture waited for its turn, so as not to fill the line")  \
    X(pictures_held_total, "times that a picture was held back because the line did not carry it") \
    X(rtx_packets_in_total, "packets repeated by sources")                                         \
    X(rtcp_flood_dropped_total, "RTCP packets above the rate allowed to a peer")                   \
    X(seal_failed_total, "packets the cipher refused")

struct router_counters {
#define ROUTER_COUNTER_FIELD(name, text) uint64_t name;
    ROUTER_COUNTERS(ROUTER_COUNTER_FIELD)
#undef ROUTER_COUNTER_FIELD
};

// NULL when memory is short or a limit is 0. `seed` starts the sequence numbers and timestamps; it
// must be random. The sink is copied, its context borrowed.
struct router *router_create(const struct router_limits *limits, const struct router_sink *sink,
                             uint64_t seed);
void router_destroy(struct router *router);

// --- peers --- (each function below: ERR_NOT_FOUND for a stale handle, an unknown id or slot)

// ERR_INVALID: a slot number or SSRC is used twice, or something is out of range. ERR_FULL: a limit
// is reached. Nothing is sent to the peer yet.
enum err CHECKED router_peer_open(struct router *router,
                                  const struct router_peer_description *description,
                                  handle *ret_peer);
// DTLS is done: the slots begin to receive. `send_key` is borrowed until router_peer_close(); only
// the router seals RTP and RTCP with it. ERR_CONFLICT: connected already; after another DTLS
// handshake close and open instead, so that a key is never used by two counters.
enum err CHECKED router_peer_connect(struct router *router, time_us now, handle peer,
                                     uint64_t destination, struct secure_rtp_key *send_key);
// The peer's address changed, or it is not reachable (`reachable` false: nothing is sent until it
// is again).
enum err CHECKED router_peer_set_destination(struct router *router, time_us now, handle peer,
                                             uint64_t destination, bool reachable);
// Closes the peer's sources as well.
void router_peer_close(struct router *router, handle peer);

// --- sources ---

// ERR_CONFLICT: the id is open already. A channel or slot may have been set to the id before: it
// begins to carry it.
enum err CHECKED router_source_open(struct router *router,
                                    const struct router_source_description *description);
// Channels and slots that carry it fall silent, and carry it again if the id is opened again.
void router_source_close(struct router *router, link_source source);
// `packet` is one decrypted RTP packet, RTX (told by its payload type) included, and `rtp` what
// rtp_parse() read in it, payload_size without the tag and with the padding; neither is kept after
// the call. `layer` is what demux.h found. True when it was taken in. What is wrong with a packet
// is counted.
bool router_receive_rtp(struct router *router, time_us now, link_source source, uint8_t layer,
                        const struct rtp_packet *rtp, const uint8_t *packet);
// What was told of the source counts no more: its next packet is told by the sink, and its next one
// with sound, as if they were its first.
void router_source_await(struct router *router, link_source source);
// What another thread's source_feedback said.
void router_source_request_key_frame(struct router *router, time_us now, link_source source,
                                     uint8_t layer);
// True when some slot here can receive this source: the engine copies packets only to threads where
// it does.
bool router_source_wanted(const struct router *router, link_source source);

// --- channels and slots ---

// Channels exist from their first use. Source 0 silences. ERR_FULL: channels_max.
enum err CHECKED router_channel_set_source(struct router *router, time_us now, link_channel channel,
                                           link_source source);
// The same, but not before the source's next packet with sound in it, or after `wait`, when what
// it carries has had no sound for a second either, its next packet of any kind, one that came
// meanwhile included: until then it keeps what it carries, for ever when no packet comes. So nobody
// hears the silence between a microphone that is opened and the first that its client sends, nor a
// microphone that delivers nothing. Any later word about the channel's source ends the waiting.
enum err CHECKED router_channel_succeed(struct router *router, time_us now, link_channel channel,
                                        link_source source, time_us wait);
// Its sound is held back by so much from now on, LINK_DELAY_MS_MAX at most; pictures are not.
// ERR_FULL: too many are held back.
enum err CHECKED router_channel_set_delay(struct router *router, time_us now, link_channel channel,
                                          uint32_t delay_ms);
// Channel 0: nothing.
enum err CHECKED router_slot_set_channel(struct router *router, time_us now, handle peer,
                                         uint8_t slot, link_channel channel);
// Directly, also the peer's own source: the echo test. Source 0: nothing.
enum err CHECKED router_slot_set_source(struct router *router, time_us now, handle peer,
                                        uint8_t slot, link_source source);

// The listener's wish for the form of its sound; with its loss it decides. Audio slots; nothing for
// video.
enum err CHECKED router_slot_set_variant(struct router *router, time_us now, handle peer,
                                         uint8_t slot, enum link_variant wish);

// --- reports and time ---

// One decrypted RTCP compound packet of the peer.
void router_receive_rtcp(struct router *router, time_us now, handle peer, const uint8_t *packet,
                         size_t size);
// Call router_on_deadline() when `now` has reached it; TIME_US_NEVER when nothing waits. Changes
// with every call.
time_us router_next_deadline(const struct router *router);
void router_on_deadline(struct router *router, time_us now);

// Loss and packets_* count from the last call of this function for loss, from connecting for
// packets_*.
enum err CHECKED router_peer_report(struct router *router, time_us now, handle peer,
                                    struct router_peer_report *ret_report);
// pictures_up_held and slots_held of the report, without ending its period. False and 0 for a stale
// handle.
bool router_peer_pictures(const struct router *router, time_us now, handle peer,
                          uint16_t *ret_slots_held);
const struct router_counters *router_counters(const struct router *router);
