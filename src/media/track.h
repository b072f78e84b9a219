// What is received under one SSRC: order, duplicates, loss, jitter, rate, and how its timestamps
// relate to our clock (RFC 3550 section 6.4 and appendix A). A pure machine. A track lives through
// restarts of its sender: a new SSRC, or a jump of sequence or time that cannot be loss, begins a
// new epoch with higher indices, so an index is never used twice. One packet restarts nothing: two
// in a row do, and three of an SSRC that had been left.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"

#define TRACK_WINDOW      512  // packets behind the newest that may still arrive
#define TRACK_DROPOUT_MAX 1000 // packets; a longer jump is a restart

enum track_result {
    TRACK_NEWER,     // the newest so far
    TRACK_LATE,      // older than the newest, not seen before
    TRACK_RESTARTED, // the first, or the first of a new epoch
    TRACK_DUPLICATE, // seen before or too old
    TRACK_SUSPECT,   // jumps; if the next goes on from there, the sender has restarted
    TRACK_FLOOD,     // above the rate
};

struct track {
    uint32_t clock_rate;
    bool in_order;      // its timestamps rise with its sequence numbers: sound
    time_us packet_us;  // least time between two packets in the long run
    uint32_t byte_ns;   // and that of each byte
    time_us paid_until; // how far the packets taken in reach at that pace
    bool started;
    uint32_t ssrc;
    uint32_t previous_ssrc; // its stragglers are ignored until previous_until
    time_us previous_until;
    uint8_t previous_run; // packets of it since the last of `ssrc`
    int64_t highest; // index: the sequence number and, above its 16 bits, epochs and roll-overs
    uint64_t seen[TRACK_WINDOW / 64];
    uint32_t suspect; // the sequence number that would confirm a jump; UINT32_MAX: none
    int64_t timestamp;
    time_us arrival;      // of the newest packet
    int64_t clock_offset; // ticks: our clock less the track's, of the least delayed packet
    time_us rate_start;
    uint64_t rate_bytes;
    uint32_t bits_per_second; // over the last half second, smoothed
    // Reception report; from the epoch's begin.
    int64_t first;
    uint32_t received;
    int64_t reported_expected; // at the last report
    uint32_t reported_received;
    int64_t transit; // ticks
    bool transit_known;
    uint32_t jitter_q4; // 16 times the jitter, in ticks (RFC 3550 appendix A.8)
    uint32_t last_sr;   // middle of the sender's NTP time
    time_us last_sr_arrival;
};

// As many packets and bits a second (0: any) in the long run, and as many more at once. `in_order`:
// of a sound, whose time never steps back from one packet to the next.
void track_init(struct track *track, uint32_t clock_rate, uint32_t packets_per_second_max,
                uint32_t bits_per_second_max, bool in_order);
// `size` is that of the whole packet. `ret_index` is set for TRACK_NEWER, TRACK_LATE and
// TRACK_RESTARTED.
enum track_result track_receive(struct track *track, time_us now, const struct rtp_packet *rtp,
                                size_t size, int64_t *ret_index);
// A repeated packet (RTX) with the original's sequence number: only TRACK_LATE, TRACK_DUPLICATE and
// TRACK_FLOOD.
enum track_result track_receive_repeated(struct track *track, time_us now, uint16_t sequence,
                                         int64_t *ret_index);
// The track's timestamp at `now`, as the least delayed packets tell it.
uint32_t track_timestamp_at(const struct track *track, time_us now);
// A timestamp near the newest one, unwrapped as `timestamp` is.
int64_t track_timestamp_of(const struct track *track, uint32_t timestamp);
// Has this packet come? Of the last TRACK_WINDOW alone.
bool track_seen(const struct track *track, int64_t index);
// Adds what was expected and received since the epoch began.
void track_count(const struct track *track, uint64_t *expected, uint64_t *received);
// Has it delivered in the last second?
bool track_active(const struct track *track, time_us now);
void track_sender_report(struct track *track, time_us now, const struct rtcp_sender_info *info);
// The report block, and what was expected and lost since the last call. False when nothing was
// received since then.
bool track_report(struct track *track, time_us now, struct rtcp_report *ret_report,
                  uint32_t *ret_expected, uint32_t *ret_lost);
