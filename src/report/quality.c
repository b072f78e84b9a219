#include "report/quality.h"

// What is beyond belief does not drown the rest.
#define ROUND_TRIP_MS_MAX 60000
#define LOSS_PERMILLE_MAX 1000
#define PACKETS_PER_S_MAX 10000
#define LIMITER_HITS_MAX  100000
#define BANDWIDTH_HZ_MAX  24000

static uint32_t at_most(uint32_t value, uint32_t most)
{
    return value < most ? value : most;
}

time_ms quality_minute_of(time_ms at)
{
    return at - at % QUALITY_MINUTE_MS;
}

bool quality_add_sample(struct quality_minute *minute, const struct quality_sample *sample)
{
    if (minute->samples >= QUALITY_SAMPLES_MAX) {
        return false;
    }
    uint32_t jitter_ms = at_most(sample->jitter_ms, ROUND_TRIP_MS_MAX);
    uint32_t loss = at_most(sample->loss_permille, LOSS_PERMILLE_MAX);
    minute->samples++;
    minute->round_trip_ms_sum += at_most(sample->round_trip_ms, ROUND_TRIP_MS_MAX);
    minute->jitter_ms_sum += jitter_ms;
    minute->loss_permille_sum += loss;
    minute->packets_per_s_sum += at_most(sample->packets_per_s, PACKETS_PER_S_MAX);
    if (jitter_ms > minute->jitter_ms_max) {
        minute->jitter_ms_max = jitter_ms;
    }
    if (loss > minute->loss_permille_max) {
        minute->loss_permille_max = loss;
    }
    return true;
}

bool quality_add_sound(struct quality_minute *minute, const struct quality_sound *sound)
{
    if (minute->sounds >= QUALITY_SAMPLES_MAX) {
        return false;
    }
    minute->sounds++;
    minute->limiter_hits += at_most(sound->limiter_hits, LIMITER_HITS_MAX);
    if (sound->level_db < 0) {
        minute->levels++;
        minute->level_db_sum += sound->level_db > QUALITY_LEVEL_LEAST ? sound->level_db
                                                                      : QUALITY_LEVEL_LEAST;
    }
    if (sound->bandwidth_hz > 0) {
        minute->bandwidths++;
        minute->bandwidth_hz_sum += at_most(sound->bandwidth_hz, BANDWIDTH_HZ_MAX);
    }
    return true;
}

bool quality_is_empty(const struct quality_minute *minute)
{
    return minute->samples == 0 && minute->sounds == 0;
}

void quality_add_minute(struct quality_total *total, const struct quality_minute *minute)
{
    total->minutes++;
    total->samples += minute->samples;
    total->round_trip_ms_sum += minute->round_trip_ms_sum;
    total->jitter_ms_sum += minute->jitter_ms_sum;
    total->loss_permille_sum += minute->loss_permille_sum;
    total->packets_per_s_sum += minute->packets_per_s_sum;
    total->sounds += minute->sounds;
    total->limiter_hits += minute->limiter_hits;
    total->levels += minute->levels;
    total->level_db_sum += minute->level_db_sum;
    total->bandwidths += minute->bandwidths;
    total->bandwidth_hz_sum += minute->bandwidth_hz_sum;
    if (minute->jitter_ms_max > total->jitter_ms_max) {
        total->jitter_ms_max = minute->jitter_ms_max;
    }
    if (minute->loss_permille_max > total->loss_permille_max) {
        total->loss_permille_max = minute->loss_permille_max;
    }
}

int64_t quality_mean(int64_t sum, uint64_t count)
{
    if (count == 0) {
        return 0;
    }
    int64_t half = (int64_t)(count / 2);
    return (sum >= 0 ? sum + half : sum - half) / (int64_t)count;
}
