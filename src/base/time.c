#include "base/time.h"

#include <time.h>

time_us time_monotonic_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (time_us)ts.tv_sec * TIME_US_PER_S + ts.tv_nsec / 1000;
}

time_ms time_wall_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (time_ms)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
