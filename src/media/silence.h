// Leaves out the frames by which a source in discontinuous transmission says that it still says
// nothing: the first of a silence goes on, so that decoders begin their comfort noise, and then one
// in 400 ms at most. What is left out must not look like loss: the numbers close up behind it.
// A pure machine, one per audio source.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SILENCE_TICKS  19200 // 400 ms at 48 kHz
#define SILENCE_WINDOW 512   // as far back as late packets may come (TRACK_WINDOW)

struct silence {
    uint64_t dropped_bits[SILENCE_WINDOW / 64]; // of the last indices
    int64_t highest;
    int64_t dropped; // altogether
    uint32_t forwarded_timestamp;
    bool forwarded; // a comfort frame ever, in this epoch
    bool gap;       // the packet before was left out
};

// A packet newer than all before; `restarted`: of a new epoch. False: leave it out. *ret_index is
// its number among those forwarded, *ret_gap whether it follows some left out.
bool silence_take(struct silence *silence, int64_t index, uint32_t timestamp, bool silent,
                  bool restarted, int64_t *ret_index, bool *ret_gap);
// The number of a packet older than the newest, which was never left out.
int64_t silence_late_index(const struct silence *silence, int64_t index);
