// The replay window of SRTP and SRTCP (RFC 3711 section 3.3.2): which of the newest 128 indices
// were received. No thread of its own; part of a receiver.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define REPLAY_WINDOW 128

struct replay_window {
    uint64_t highest; // greatest authenticated index
    uint64_t bits[2]; // bit i of bits[0]: highest - i was received; bits[1] goes on at 64
    bool started;
};

// Not received before and not too old. Changes nothing.
static inline bool replay_fresh(const struct replay_window *window, uint64_t index)
{
    if (!window->started || index > window->highest) {
        return true;
    }
    uint64_t age = window->highest - index;
    return age < REPLAY_WINDOW && (window->bits[age / 64] >> age % 64 & 1) == 0;
}

// Marks a fresh index, after authentication.
static inline void replay_commit(struct replay_window *window, uint64_t index)
{
    if (!window->started) {
        *window = (struct replay_window){.highest = index, .bits = {1, 0}, .started = true};
        return;
    }
    if (index <= window->highest) {
        uint64_t age = window->highest - index;
        window->bits[age / 64] |= (uint64_t)1 << age % 64;
        return;
    }
    uint64_t step = index - window->highest;
    if (step < 64) {
        window->bits[1] = window->bits[1] << step | window->bits[0] >> (64 - step);
        window->bits[0] <<= step;
    } else {
        window->bits[1] = step < REPLAY_WINDOW ? window->bits[0] << (step - 64) : 0;
        window->bits[0] = 0;
    }
    window->bits[0] |= 1;
    window->highest = index;
}
