#include "base/heartbeat.h"

#include <string.h>

void heartbeat_watch_begin(struct heartbeat_watch *watch, time_us now)
{
    memset(watch, 0, sizeof(*watch));
    watch->looked_at = now;
}

struct heartbeat_finding heartbeat_watch_look(struct heartbeat_watch *watch,
                                              const struct heartbeat_board *board, time_us now)
{
    struct heartbeat_finding finding = {0};
    time_us passed = now - watch->looked_at;
    passed = passed > 2 * HEARTBEAT_LOOK_EVERY_US ? 2 * HEARTBEAT_LOOK_EVERY_US : passed;
    watch->looked_at = now;
    for (unsigned part = 0; part < HEARTBEAT_PARTS_MAX; part++) {
        uint64_t beats = atomic_load_explicit(&board->parts[part].beats, memory_order_relaxed);
        // Before the main loop turns, the others are not asked for anything; it is itself.
        bool resting = atomic_load_explicit(&board->parts[part].resting, memory_order_relaxed) != 0;
        bool expected = part == 0 || (beats != 0 && finding.begun && !resting);
        bool yields = (watch->yielding >> part & 1) != 0;
        time_us counted = yields ? passed / HEARTBEAT_YIELDING : passed;
        watch->silent[part] = expected && beats == watch->seen[part] ? watch->silent[part] + counted
                                                                     : 0;
        watch->seen[part] = beats;
        finding.begun = finding.begun || (part == 0 && beats != 0);
        if (watch->silent[part] > finding.silent) {
            finding.silent = watch->silent[part];
            finding.part = part;
        }
    }
    return finding;
}
