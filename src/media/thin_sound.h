// Does anything to speak of come of a sound that is sent? Of a line that loses nearly everything a
// packet arrives now and then, which nobody can follow: whoever sends by it delivers nothing.
// Judged by sequence numbers, for who sends seldom (discontinuous transmission) loses nothing.
// A pure machine, one per source.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define THIN_SOUND_WINDOWS 3

// Packets of the source since it was opened, as track_count() counts them.
struct thin_sound_count {
    uint64_t expected;
    uint64_t received;
};

struct thin_sound {
    bool thin;
    uint8_t low; // times in a row
    time_us since;
    time_us stepped_at;
    time_us window_at;
    struct thin_sound_count begins[THIN_SOUND_WINDOWS]; // of each window, the newest first
};

// Packets come, after none did; `count` has the first of them.
void thin_sound_begin(struct thin_sound *sound, time_us now, struct thin_sound_count count);
// Ten times a second or so. Says `thin` from 1.5 s after the beginning on, while less than a
// twelfth of the last one to one and a half seconds has come.
void thin_sound_step(struct thin_sound *sound, time_us now, struct thin_sound_count count);
