// Which simulcast layer each of a peer's video slots should carry: shares what the line takes (the
// receiver's REMB, and what its loss reports allow) among the slots. Down at once, up one step at a
// time. A receiver's estimate cannot grow far beyond what it is sent, so from time to time a step
// up is tried although the estimate does not promise it, and taken back, with growing pauses, when
// loss or a falling estimate says no. Temporal layers go first when even the smallest layers are
// too much. A pure machine, one per peer.
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
    uint32_t loss_limit_bps;
    time_us raised_at;
    bool trying; // a step up beyond the estimate
    time_us try_until;
    time_us try_again_at;
    time_us try_pause_us;
    uint32_t estimate_before_try;
};

// One slot, in the order of importance.
struct video_offer {
    uint32_t bits_per_second[VIDEO_LAYERS_MAX]; // 0: the source does not deliver it now
    int8_t layer;         // in: chosen last, VIDEO_LAYER_NONE; out: chosen now
    uint8_t temporal_max; // out: higher temporal layers are left out
};

void video_choice_init(struct video_choice *choice, uint32_t maximum_bps, time_us now);
// `estimate_bps` 0 when unknown; `loss_permille` of the last report, negative when there is no new
// one.
void video_choose(struct video_choice *choice, time_us now, uint32_t estimate_bps,
                  int32_t loss_permille, struct video_offer *offers, uint32_t count);
