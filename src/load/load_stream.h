// What one listener hears, judged by the clear header of each packet (RFC 3550): loss, order,
// duplicates, milliseconds of sound, and the figures of its receiver reports (section 6.4.1). And
// the same for the numbered frames inside, for listeners whose packets are decrypted. No
// allocation, no clock. One thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "load/load_payload.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"

// Sums over all listeners.
struct load_counts {
    uint64_t packets; // without duplicates
    uint64_t bytes;   // of UDP payload
    int64_t lost;     // sequence numbers that did not come; falls when one comes late
    uint64_t reordered;
    uint64_t duplicates;
    uint64_t restarts; // another SSRC, or a leap in the sequence
    uint64_t sound_us;
};

struct load_stream { // zero-initialised: nothing heard
    uint64_t window; // bit i: highest - i came
    int64_t first;   // extended sequence numbers
    int64_t highest;
    uint64_t received; // distinct
    uint32_t ssrc;
    uint32_t timestamp; // of the highest
    uint32_t duration;  // of a packet, in 1/48000 s; 0 before the second
    uint32_t jitter;    // as section A.8 keeps it, times 16
    int32_t transit;
    uint64_t reported_expected;
    uint64_t reported_received;
    bool started;
};

// `size` is the datagram's.
void load_stream_receive(struct load_stream *stream, const struct rtp_packet *packet, size_t size,
                         time_us now, struct load_counts *counts);
// A report block; call once a report, it is about what came since the last. False when nothing
// came.
bool load_stream_report(struct load_stream *stream, struct rtcp_report *ret_report);

struct load_frame_counts {
    uint64_t frames;    // distinct
    int64_t lost;       // numbers that did not come
    uint64_t redundant; // came again
};

struct load_frame_stream { // zero-initialised: nothing heard
    uint64_t window;
    uint32_t highest;
    uint16_t publisher;
    bool started;
};

// True when the frame is new to this listener.
bool load_frame_stream_receive(struct load_frame_stream *stream, const struct load_frame *frame,
                               struct load_frame_counts *counts);
