#include "load/load_random.h"

#include <math.h>

// SplitMix64 (Steele, Lea and Flood 2014).
uint64_t load_random_u64(struct load_random *random)
{
    random->state += 0x9e3779b97f4a7c15u;
    uint64_t value = random->state;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return value ^ value >> 31;
}

time_us load_random_interval(struct load_random *random, double per_second)
{
    // 53 bits in (0, 1].
    double share = ((double)(load_random_u64(random) >> 11) + 1) / 9007199254740992.0;
    return (time_us)(-log(share) / per_second * TIME_US_PER_S);
}
