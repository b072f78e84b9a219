// Which simulcast layer each of a peer's video slots should carry: shares what the line takes (the
// receiver's REMB, and what signs of a full line allow) among the slots. It begins with one small
// picture and grows. At a sign that the line does not carry it, it takes back at once: temporal
// layers, then layers, then whole pictures, the least important first; nothing is left when not
// even the smallest fits. What failed is tried again after growing pauses, from nothing with one
// small picture, and taken back at the first sign. A receiver's estimate cannot grow far beyond
// what it is sent, so a step up is also tried when the estimate does not promise it, and one that
// stays close to what is sent while nothing else speaks of a full line is not believed at all. A
// pure machine, one per peer.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define VIDEO_LAYERS_MAX   3
#define VIDEO_OFFERS_MAX   16
#define VIDEO_LAYER_NONE   (-1)
#define VIDEO_TEMPORAL_ALL 7

struct video_choice {
    uint32_t maximum_bps;
    uint32_t limit_bps;  // what we allow ourselves, by signs
    uint32_t budget_bps; // of the last choice: least of all limits
    bool slow_start;     // no sign yet
    time_us grown_at;
    time_us raised_at;
    time_us retreated_at;
    uint64_t stood_bps; // what was sent before that step up
    bool nothing;       // is sent, by our choice; at first as well
    time_us begun_at;   // from nothing
    bool begun_again;   // after it failed
    bool beyond;        // a step up beyond the estimate is being tried
    time_us beyond_until;
    time_us held_down_at;     // since then the estimate is close to what is sent, on a calm line
    uint64_t failed_bps;      // so much was too much; 0: nothing was yet
    uint64_t failed_most_bps; // the most of these since the pauses grow
    time_us try_again_at;
    time_us try_pause_us;
};

// Is a step up being tried, or the beginning? Then the first sign ends it.
bool video_choice_tries(const struct video_choice *choice, time_us now);

// What is known of the line. A weak sign is one that a busy computer gives as well: what it ends is
// tried again sooner.
struct video_signs {
    uint32_t estimate_bps; // 0: unknown
    bool congested;        // a sign came just now
    bool weak;             // the sign: an estimate that falls
    int32_t loss_permille; // with it; negative: it was no loss
    bool lossy;            // much was lost in the last quarter of a minute
    bool calm;             // round trips are known and short, and little is lost
};

// One slot, in the order of importance.
struct video_offer {
    uint32_t bits_per_second[VIDEO_LAYERS_MAX]; // as sent; 0: the source does not deliver it now
    int8_t layer;         // in: chosen last, VIDEO_LAYER_NONE; out: chosen now
    uint8_t temporal_max; // in: chosen last; out: higher temporal layers are left out
    bool held;            // in: it was taken back, or had no room
};

// How fast packets may follow one another now, in bits a second: the budget, but less at first,
// when pictures begin from nothing.
uint32_t video_choice_pace(const struct video_choice *choice, time_us now);

void video_choice_init(struct video_choice *choice, uint32_t maximum_bps, time_us now);
void video_choose(struct video_choice *choice, time_us now, const struct video_signs *signs,
                  struct video_offer *offers, uint32_t count);
