// What a receiver's feedback says about its line, as signs that it does not carry what is sent:
// packets lost, a round trip that grows, an estimate (REMB) that falls. A sign is told once; what
// comes in the next moments still speaks of the time before, and is not taken for another. Few
// packets lost by chance are no sign, unless the round trip has grown as well: then a short queue
// overflows. A pure machine, one per peer.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

struct video_line {
    bool eager; // a step up is being tried: less is a sign
    time_us muted_until;
    uint32_t trip_us; // newest round trip; 0: none yet
    uint32_t least_trip_us;
    uint32_t least_next_us; // of the next half of the window in which the least is looked for
    time_us least_since;
    uint8_t high_trips; // in a row
    time_us sign_at;    // the last sign; 0: none yet
    uint32_t drain_us;  // the newest round trip since then, while the queue of before it drains
    uint32_t estimate_bps;
    time_us estimate_at;
    time_us window_at; // of what was sent, and how much of it is missed
    uint32_t sent;
    uint64_t sent_bytes;
    time_us rate_at;
    uint32_t sent_bps; // in the window before
    uint32_t missed;
    uint32_t expected; // by reports
    uint32_t lost;
    time_us lossy_at;      // much was lost; also what was no sign because one had come just before
    int32_t loss_permille; // with the last sign; negative: it was no loss
};

void video_line_init(struct video_line *line, time_us now);
// A packet of a picture is sent: so many bytes.
void video_line_sent(struct video_line *line, time_us now, size_t size);

// All of these: true for a sign.

// The receiver misses a packet, sent then, asked for the first time.
bool video_line_missed(struct video_line *line, time_us now, time_us sent_at);
// A report about a picture or about sound: so many since the last one, which came at `since`.
bool video_line_report(struct video_line *line, time_us now, time_us since, uint32_t expected,
                       uint32_t lost);
// Once for each sender report that the receiver refers to. While the queue that gave a sign drains,
// round trips are long and fall: that is none.
bool video_line_trip(struct video_line *line, time_us now, uint32_t trip_us);
// What promises more than is sent may fall without meaning it.
bool video_line_estimate(struct video_line *line, time_us now, uint32_t estimate_bps);

// Was much lost lately?
bool video_line_lossy(const struct video_line *line, time_us now);
// Round trips are known and have not grown, and nothing was lost lately. False: nothing is known
// yet, or something speaks of a full line.
bool video_line_calm(const struct video_line *line, time_us now);
// The estimate, 0 when there is none that is fresh.
uint32_t video_line_estimate_now(const struct video_line *line, time_us now);
// Nothing is sent any more: the estimate speaks of what was.
void video_line_forget_estimate(struct video_line *line);
