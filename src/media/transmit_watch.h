// Whether an interface still takes what AF_XDP gives it; while it does not, the socket does it. A
// pure machine. A fault is an error of the kernel's (the interface is down, or gone), frames that
// are not given back, or nothing but frames dropped (no carrier) for TRANSMIT_WATCH_PATIENCE_US.
// After a fault the device is tried once a second, without risking a datagram. Whether it would
// drop again no try tells, so after that it is left alone until the ways were asked for again.
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define TRANSMIT_WATCH_PATIENCE_US (300 * (time_us)TIME_US_PER_MS)
#define TRANSMIT_WATCH_RETRY_US    ((time_us)TIME_US_PER_S)
#define TRANSMIT_WATCH_DROPPED_US  (6 * (time_us)TIME_US_PER_S)

struct transmit_watch {
    bool faulty;
    bool moved;            // faulty: frames came back since the last try
    time_us try_at;        // faulty: when it is tried next
    time_us stuck_since;   // 0: not; frames are under way, and none comes back
    time_us dropped_since; // 0: not
};

enum transmit_way {
    TRANSMIT_WAY_DEVICE,
    TRANSMIT_WAY_SOCKET,
    TRANSMIT_WAY_TRY, // by the socket; the device is woken, and transmit_watch_tried() follows
};

static inline void transmit_watch_fault(struct transmit_watch *watch, time_us try_at)
{
    *watch = (struct transmit_watch){.faulty = true, .try_at = try_at};
}

// Before a batch. `under_way`: frames that the device has; `moved`: some came back since the last
// batch.
static inline enum transmit_way transmit_watch_way(struct transmit_watch *watch, time_us now,
                                                   uint32_t under_way, bool moved)
{
    if (watch->faulty) {
        watch->moved = watch->moved || moved;
        return now < watch->try_at ? TRANSMIT_WAY_SOCKET : TRANSMIT_WAY_TRY;
    }
    if (under_way == 0 || moved) {
        watch->stuck_since = 0;
    } else if (watch->stuck_since == 0) {
        watch->stuck_since = now; // the first batch since: until now nobody looked
    } else if (now - watch->stuck_since >= TRANSMIT_WATCH_PATIENCE_US) {
        transmit_watch_fault(watch, now + TRANSMIT_WATCH_RETRY_US);
    }
    return watch->faulty ? TRANSMIT_WAY_SOCKET : TRANSMIT_WAY_DEVICE;
}

// The device was given frames; `error` is the kernel's last word, 0 when they were taken.
static inline void transmit_watch_given(struct transmit_watch *watch, time_us now, int error)
{
    if (error == 0) {
        watch->dropped_since = 0;
    } else if (error != EBUSY) {
        transmit_watch_fault(watch, now + TRANSMIT_WATCH_RETRY_US);
    } else if (watch->dropped_since == 0) {
        watch->dropped_since = now;
    } else if (now - watch->dropped_since >= TRANSMIT_WATCH_PATIENCE_US) {
        transmit_watch_fault(watch, now + TRANSMIT_WATCH_DROPPED_US);
    }
}

static inline void transmit_watch_tried(struct transmit_watch *watch, time_us now,
                                        uint32_t under_way, int error)
{
    bool well = error == 0 && (under_way == 0 || watch->moved);
    *watch = (struct transmit_watch){.faulty = !well, .try_at = now + TRANSMIT_WATCH_RETRY_US};
}
