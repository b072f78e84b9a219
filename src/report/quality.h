// The quality of what a speaker or an interpreter sends, summed up by the minute: what the media
// process measured every 5 s while their microphone was open, and what their own page told
// (limiter, level). Pure. A minute has at most 60 reports of each kind.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define QUALITY_MINUTE_MS   60000
#define QUALITY_SAMPLES_MAX 60
#define QUALITY_LEVEL_LEAST (-127) // dBFS; full scale is 0

// One report of the media process.
struct quality_sample {
    uint32_t round_trip_ms;
    uint32_t jitter_ms;
    uint32_t loss_permille;
    uint32_t packets_per_s; // received from them
};

// What a page tells of its own microphone since it told last.
struct quality_sound {
    uint32_t limiter_hits;
    int32_t level_db;      // mean while there was sound, QUALITY_LEVEL_LEAST to -1; 0: not known
    uint32_t bandwidth_hz; // the highest frequency with sound in it; 0: not known
};

// Sums, so that minutes can be added up; divide by the number of reports.
struct quality_minute {
    time_ms at; // its beginning, a multiple of QUALITY_MINUTE_MS
    uint32_t samples;
    uint32_t round_trip_ms_sum;
    uint32_t jitter_ms_sum;
    uint32_t jitter_ms_max;
    uint32_t loss_permille_sum;
    uint32_t loss_permille_max;
    uint32_t packets_per_s_sum;
    uint32_t sounds;
    uint32_t limiter_hits;
    uint32_t levels; // of `sounds`, those that knew it
    int32_t level_db_sum;
    uint32_t bandwidths; // likewise
    uint32_t bandwidth_hz_sum;
};

// A whole meeting's, and what is shown of it.
struct quality_total {
    uint64_t minutes;
    uint64_t samples;
    uint64_t round_trip_ms_sum;
    uint64_t jitter_ms_sum;
    uint32_t jitter_ms_max;
    uint64_t loss_permille_sum;
    uint32_t loss_permille_max;
    uint64_t packets_per_s_sum;
    uint64_t sounds;
    uint64_t limiter_hits;
    uint64_t levels;
    int64_t level_db_sum;
    uint64_t bandwidths;
    uint64_t bandwidth_hz_sum;
};

time_ms quality_minute_of(time_ms at);
// False, and nothing changed, when the minute has QUALITY_SAMPLES_MAX already.
bool quality_add_sample(struct quality_minute *minute, const struct quality_sample *sample);
bool quality_add_sound(struct quality_minute *minute, const struct quality_sound *sound);
bool quality_is_empty(const struct quality_minute *minute);
void quality_add_minute(struct quality_total *total, const struct quality_minute *minute);
// Rounded to the nearest; 0 of nothing.
int64_t quality_mean(int64_t sum, uint64_t count);
