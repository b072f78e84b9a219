// What the benches of the control process share: a step that must succeed, and this thread's own
// time.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"

static inline void require(enum err err)
{
    if (err != ERR_NONE) {
        fprintf(stderr, "a step of the bench failed: %s\n", err_title(err));
        exit(1);
    }
}

static inline double thread_us(void)
{
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}
