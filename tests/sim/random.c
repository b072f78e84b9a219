#include "sim.h"

// SplitMix64 (Steele, Lea, Flood 2014): every seed gives a full-length sequence of its own.
uint64_t sim_random(struct sim_random *random)
{
    uint64_t mixed = random->state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

uint32_t sim_below(struct sim_random *random, uint32_t bound)
{
    return (uint32_t)(sim_random(random) % bound);
}

time_ms sim_between(struct sim_random *random, time_ms least, time_ms most)
{
    return least + (time_ms)(sim_random(random) % (uint64_t)(most - least + 1));
}

bool sim_chance(struct sim_random *random, uint32_t permille)
{
    return sim_below(random, 1000) < permille;
}
