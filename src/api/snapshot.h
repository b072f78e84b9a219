// The states of meetings as text, each encoded once for all who may see the same of it: a newcomer
// of the same audience costs a copy. Private to src/api; control thread only.
#pragma once

#include <stdint.h>

#include "contract/types.h"
#include "contract/visibility.h"

// For each capacity of a meeting, its booths told apart, and a second meeting.
#define SNAPSHOTS_KEPT 24

struct snapshot {
    char meeting[CONTRACT_ID_MAX + 1];
    uint64_t seq;     // of the state; 0: free
    uint32_t readers; // of which capacity, and of which booth
    uint64_t used;    // when last, in uses
    char *text;       // owned
};

struct snapshots {
    struct snapshot kept[SNAPSHOTS_KEPT];
    uint64_t uses;
    uint64_t encoded; // how often none was there
    char *own;        // owned; the last one that is for one person alone
};

// The meeting as of `seq` (not 0) as JSON; valid until the next call. NULL when memory is short.
const char *snapshot_text(struct snapshots *snapshots, const struct meeting *meeting, uint64_t seq,
                          const struct viewer *viewer);
void snapshots_finish(struct snapshots *snapshots);
