// Whether a process's loops still turn. Each loop beats on its own part of a board in shared
// memory; whoever watches looks at the board now and then, and counts for how long a part has not
// beaten. One store for each beat: it stands on packet paths. No clock, no I/O in here.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define HEARTBEAT_PARTS_MAX 36
// A loop that waits wakes at least so often, to beat.
#define HEARTBEAT_EVERY_US (200 * TIME_US_PER_MS)
#define HEARTBEAT_EVERY_MS 200
// Whoever watches looks so often; of the time between two looks at most twice this is counted, so
// that a watcher who was not running himself blames nobody.
#define HEARTBEAT_LOOK_EVERY_US (100 * TIME_US_PER_MS)
#define HEARTBEAT_YIELDING      5

// Written by one thread alone.
struct heartbeat {
    _Alignas(64) _Atomic uint64_t beats; // 0: nobody has this part
    _Atomic uint32_t resting;            // it waits for work, and nobody waits for it
    _Atomic int32_t thread;              // the kernel's number of it; 0: not known
};

// Part 0 is the process's main loop, and the last to begin: from its first beat on the process is
// complete.
struct heartbeat_board {
    struct heartbeat parts[HEARTBEAT_PARTS_MAX];
};

// By the thread itself, once it runs.
static inline void heartbeat_begin(struct heartbeat *heartbeat, int32_t thread)
{
    atomic_store_explicit(&heartbeat->thread, thread, memory_order_relaxed);
}

static inline void heartbeat_beat(struct heartbeat *heartbeat)
{
    uint64_t beats = atomic_load_explicit(&heartbeat->beats, memory_order_relaxed);
    atomic_store_explicit(&heartbeat->beats, beats + 1, memory_order_relaxed);
}

// For loops that give way to others: the kernel may take its time to wake them, which is no
// hanging. They rest before they wait, and beat, and rest no more, when they go on.
static inline void heartbeat_rest(struct heartbeat *heartbeat, bool resting)
{
    atomic_store_explicit(&heartbeat->resting, resting ? 1 : 0, memory_order_relaxed);
}

// The watcher's own memory of one board.
struct heartbeat_watch {
    time_us looked_at;
    // Bits 1 << part, the watcher's to set: loops that give way to others. On a machine with more
    // work than processors they come to nothing for long without being hung: their silence counts
    // for a fifth.
    uint64_t yielding;
    time_us silent[HEARTBEAT_PARTS_MAX];
    uint64_t seen[HEARTBEAT_PARTS_MAX];
};

struct heartbeat_finding {
    bool begun;     // false: not complete yet; `silent` is the time since heartbeat_watch_begin()
    time_us silent; // of the part that has been silent for the longest
    unsigned part;
};

void heartbeat_watch_begin(struct heartbeat_watch *watch, time_us now);
struct heartbeat_finding heartbeat_watch_look(struct heartbeat_watch *watch,
                                              const struct heartbeat_board *board, time_us now);
