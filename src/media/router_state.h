// What a router holds, for the files that make it up: source.c, source_receive.c, channel.c,
// slot.c, video_slot.c, video_pace.c, reports.c, feedback.c, router.c. Nobody else includes this.
// Pointers between these objects stay valid because none of the arrays ever moves, and because
// closing an object first takes it out of all that point to it. A `struct list` says in its comment
// by which link.
#pragma once

#include "base/list.h"
#include "media/delay_line.h"
#include "media/fanout.h"
#include "media/id_table.h"
#include "media/opus_ear.h"
#include "media/opus_merge.h"
#include "media/receive_rate.h"
#include "media/redundancy.h"
#include "media/repair.h"
#include "media/router.h"
#include "media/silence.h"
#include "media/thin_sound.h"
#include "media/track.h"
#include "media/variant_choice.h"
#include "media/video_choice.h"
#include "media/video_line.h"
#include "media/video_map.h"

#define ROUTER_PEER_SOURCES_MAX 8
#define ROUTER_SENT_MAX         512 // video packets whose numbers a slot remembers, a power of two
#define ROUTER_TICK_US          (20 * TIME_US_PER_MS)
#define ROUTER_VISIT_TICKS      50 // each peer and source is visited once in so many ticks: every second
#define ROUTER_NO_SLOT          UINT32_MAX
#define SOURCE_NO_LEVEL         255
#define ROUTER_SCRATCH_SIZE     1600
#define ROUTER_DELAY_LINES_MAX  64 // channels held back at once: 6 MiB, touched only when used

_Static_assert(ROUTER_SCRATCH_SIZE >= OPUS_MERGE_OUT_MAX &&
                   ROUTER_SCRATCH_SIZE >= REDUNDANCY_OUT_MAX &&
                   ROUTER_PACKET_MAX <= OPUS_MERGE_PACKET_MAX,
               "what is made of a packet has room");

struct channel;
struct router_peer;

struct video_layer {
    struct packet_ring ring;
    struct missing missing;
    bool key_frame_wanted;
    time_us key_frame_asked_at;
};

// What only video sources have; allocated at the router's creation.
struct video_source {
    struct video_layer layers[ROUTER_LAYERS_MAX];
};

// Of audio whose packets do not tell their level: what was heard in the last one decoded.
struct source_sound {
    bool heard;
    uint32_t eager_ticks; // sound still to be decoded as it comes
    time_us next_at;      // from then on a packet is decoded
};

struct source {
    bool open;
    bool active;   // delivers packets
    bool sounding; // with sound in them
    struct router_source_description description;
    uint32_t serial; // differs between two openings
    struct track tracks[ROUTER_LAYERS_MAX];
    time_us last_packet;
    time_us last_sound;
    struct list channels;       // those that carry it, by of_source
    struct silence silence;     // audio
    struct source_sound sound;  // audio
    struct thin_sound thin;     // audio
    uint8_t level;              // audio: the loudest since the last report, or SOURCE_NO_LEVEL
    struct video_source *video; // NULL for audio
};

struct video_sent {
    int64_t index; // of the layer's packet; 0: never used
    uint32_t serial;
    uint32_t timestamp;
    time_us sent_at;
    time_us repeated_at;
    bool missed; // the listener has asked for it
    uint16_t sequence;
    uint16_t picture;
    uint8_t tl0;
    uint8_t layer;
};

struct video_slot {
    struct secure_rtp_sender sender;
    struct secure_rtp_sender rtx_sender;
    uint16_t first_sequence;
    uint16_t first_rtx_sequence;
    uint32_t clock_start;
    uint32_t packets; // for sender reports
    uint32_t octets;
    enum router_codec codec;  // of the source it is set to
    uint8_t payload_type;     // for it; 0: the listener does not take it
    uint8_t rtx_payload_type; //
    int8_t layer;             // carried now
    int8_t target;            // chosen; carried from its next key frame on
    uint8_t temporal_max;
    uint8_t temporal_now; // follows at the next frame that allows it
    struct video_map map;
    time_us repeat_tokens_at;
    uint32_t repeat_tokens;
    bool held;          // the line does not carry it now: nothing is sent
    int64_t next_index; // while lagging: packets from here on wait in the source's ring
    struct video_sent sent[ROUTER_SENT_MAX]; // by sequence number
};

struct slot {
    bool open;
    uint32_t index; // in router.slots
    struct router_peer *peer;
    struct router_slot_description description;
    struct channel *channel;      // that it shall carry, or NULL
    bool attached;                // it receives: its peer is connected and reachable
    struct listener listener;     // audio, while not attached
    struct variant_choice choice; // audio
    enum variant variant;         // audio: the group it is in, or shall be in
    struct list_link mover;       // audio: in the channel's movers
    struct video_slot *video;     // NULL for audio
    struct list_link of_channel;  // video, attached: in the channel's videos
    struct list_link lagging;     // video: in the router's, while its packets wait for their turn
    uint32_t reported_packets;    // sent until the last sender report
    bool report_known;
    uint32_t report_highest; // of the last report block about it
    int32_t report_lost;
    uint32_t report_last_sr; // that it referred to
    time_us report_at;
    uint32_t report_holes; // audio: sequence numbers never sent, until then
};

struct channel_hole {
    int64_t first; // of the source's packets that were missing
    int64_t count;
    int64_t place; // the first's, among the packets of up to 60 ms
};

#define CHANNEL_HOLES 4

// What the forms of a channel's sound are made of; see channel_audio.h.
struct channel_audio {
    struct opus_merge merge;
    int64_t next_long; // the next packet of up to 60 ms
    struct channel_hole holes[CHANNEL_HOLES];
    uint32_t next_hole;
    struct redundancy redundancy;
};

// A named channel, or the way from one source to the slots that were set to it directly.
struct channel {
    bool open;
    bool direct;
    uint64_t key; // in channel_ids
    link_source wanted;
    struct source *source; // NULL while `wanted` is 0 or not open
    struct list_link of_source;
    link_source next;          // carried once it is heard; 0: nothing is waited for
    time_us next_since;        // waited for since then
    time_us next_due;          // from then on a packet without sound will do
    struct list_link awaiting; // in the router's, while `next` is not 0
    struct fanout fanouts[VARIANT_COUNT];
    struct channel_audio *audio;
    int64_t last_index;       // of the source's newest forwarded packet; 0: none yet
    struct list movers;       // slots that change the form after the packet being completed
    struct list_link waiting; // in the router's
    struct list videos;       // attached video slots, by of_channel
    link_peer owner;          // of what its audio listeners hear now; 0: nobody
    struct delay_line *delay; // NULL: not held back
    time_us delay_us;         //
    time_us delay_put_at;     // when its newest entry came
    struct list_link delayed; // in the router's, while held back
    uint32_t slot_count;      // that refer to it, attached or not
};

struct router_peer {
    handle self;
    link_peer id;
    bool connected;
    bool reachable;
    uint64_t destination;
    struct secure_rtp_key *key;
    struct secure_rtcp_sender rtcp_sender;
    uint32_t rtcp_ssrc;
    char cname[ROUTER_CNAME_MAX + 1];
    uint32_t slots[ROUTER_PEER_SLOTS_MAX]; // by slot number: index or ROUTER_NO_SLOT
    struct source *sources[ROUTER_PEER_SOURCES_MAX];
    uint32_t source_count;
    bool has_video; // sends or receives any
    bool listen_only;
    struct video_choice choice;
    struct receive_rate receive; // what it may send of pictures
    time_us receive_at;          // when that was looked at last
    struct receive_delay delay;
    struct video_line line;
    time_us video_tokens_at;
    int64_t video_tokens; // bits that pictures may take now
    uint32_t round_trip_us;
    uint32_t jitter_us;
    uint64_t packets_in;
    uint64_t up_expected; // since the last router_peer_report()
    uint64_t up_lost;
    uint64_t down_expected;
    uint64_t down_lost;
    time_us rtcp_second_start;
    uint32_t rtcp_second_count;
};

struct router {
    struct router_limits limits;
    struct router_sink sink;
    struct router_counters counters;
    uint64_t random;
    uint32_t next_serial;
    struct pool peers; // struct router_peer
    struct slot *slots;
    uint32_t *free_slots; // a stack
    uint32_t free_slot_count;
    struct video_slot *video_slots;
    struct video_slot **free_video_slots;
    uint32_t free_video_slot_count;
    struct source *sources;
    uint32_t *free_sources;
    uint32_t free_source_count;
    struct id_table source_ids;
    struct video_source *video_sources;
    struct video_source **free_video_sources;
    uint32_t free_video_source_count;
    struct channel *channels;
    struct channel_audio *channel_audio; // by channel
    struct list awaiting;                // channels that wait for their next source
    time_us awaiting_at;
    struct list waiting; // channels that may have a packet to complete
    time_us waiting_at;
    struct delay_line *delay_lines;
    uint32_t free_delay_lines[ROUTER_DELAY_LINES_MAX]; // a stack
    uint32_t free_delay_line_count;
    struct list delayed; // channels that are held back
    time_us delayed_at;
    struct list lagging; // slots whose packets wait for their turn
    time_us lagging_at;
    uint32_t *free_channels;
    uint32_t free_channel_count;
    uint32_t *chunk_lists; // of all channels' fan-outs
    struct id_table channel_ids;
    struct fanout_store store;
    time_us tick_at; // TIME_US_NEVER before the first peer is connected
    uint32_t tick;
    time_us late_until;   // this thread came late: what it measures of delays says nothing of lines
    time_us missing_at;   // the earliest time to ask for missing packets
    struct opus_ear *ear; // owned
    uint8_t scratch[ROUTER_SCRATCH_SIZE];
};

static inline struct channel *channel_of_source(struct list_link *link)
{
    return LIST_ITEM(link, struct channel, of_source);
}

static inline struct channel *channel_awaiting(struct list_link *link)
{
    return LIST_ITEM(link, struct channel, awaiting);
}

static inline struct slot *slot_of_channel(struct list_link *link)
{
    return LIST_ITEM(link, struct slot, of_channel);
}

// For first sequence numbers and timestamps.
uint64_t router_random(struct router *router);
// Has this thread come late lately? Then delays are its own, perhaps.
bool router_was_late(const struct router *router, time_us now);
