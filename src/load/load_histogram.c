#include "load/load_histogram.h"

#define STEPS     32 // buckets for each power of two
#define STEP_BITS 5
#define VALUE_MAX ((1ull << 36) - 1)

static unsigned bucket_of(uint64_t value)
{
    if (value < STEPS) {
        return (unsigned)value;
    }
    unsigned exponent = 63 - (unsigned)__builtin_clzll(value);
    return (exponent - STEP_BITS + 1) * STEPS +
           (unsigned)(value >> (exponent - STEP_BITS) & (STEPS - 1));
}

// The greatest value that falls into the bucket.
static uint64_t bucket_end(unsigned bucket)
{
    if (bucket < STEPS) {
        return bucket;
    }
    unsigned shift = bucket / STEPS - 1;
    return ((uint64_t)(STEPS + bucket % STEPS + 1) << shift) - 1;
}

void load_histogram_add(struct load_histogram *histogram, time_us value)
{
    uint64_t positive = value < 0 ? 0 : (uint64_t)value > VALUE_MAX ? VALUE_MAX : (uint64_t)value;
    histogram->buckets[bucket_of(positive)]++;
    histogram->count++;
    histogram->max = (time_us)positive > histogram->max ? (time_us)positive : histogram->max;
}

time_us load_histogram_percentile(const struct load_histogram *histogram, double share)
{
    double wanted = share * (double)histogram->count;
    uint64_t seen = 0;
    for (unsigned i = 0; i < LOAD_HISTOGRAM_BUCKETS && histogram->count > 0; i++) {
        seen += histogram->buckets[i];
        if (seen > 0 && (double)seen >= wanted) {
            time_us end = (time_us)bucket_end(i);
            return end < histogram->max ? end : histogram->max;
        }
    }
    return histogram->max;
}
