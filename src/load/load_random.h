// Random numbers that a seed repeats: arrivals of clients, beginnings of streams. Not for keys. No
// allocation, no clock. One thread.
#pragma once

#include <stdint.h>

#include "base/time.h"

struct load_random {
    uint64_t state; // the seed
};

uint64_t load_random_u64(struct load_random *random);
// The time to the next arrival of a Poisson process of `per_second` (above 0).
time_us load_random_interval(struct load_random *random, double per_second);
