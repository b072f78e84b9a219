// A histogram of times whose percentiles are right within 3 %, in constant memory: 32 steps for
// each power of two of microseconds. No allocation, no clock. One thread.
#pragma once

#include <stdint.h>

#include "base/time.h"

#define LOAD_HISTOGRAM_BUCKETS 1024

struct load_histogram { // zero-initialised is empty
    uint64_t count;
    time_us max;
    uint64_t buckets[LOAD_HISTOGRAM_BUCKETS];
};

// A negative value counts as 0, one beyond nineteen hours as that.
void load_histogram_add(struct load_histogram *histogram, time_us value);
// The least value that `share` (0 to 1) of all are not above; 0 when there is none.
time_us load_histogram_percentile(const struct load_histogram *histogram, double share);
