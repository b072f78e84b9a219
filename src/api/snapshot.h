// The states of meetings as text: each section of each meeting encoded once for all who may see the
// same of it, and again when an event has touched it. A newcomer's first state is these texts, one
// behind the other. Private to src/api; control thread only.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "contract/types.h"
#include "contract/visibility.h"

// Of each section: for each capacity of a meeting, its booths told apart, and a second meeting.
#define SNAPSHOTS_KEPT 24

struct section_text {
    char meeting[CONTRACT_ID_MAX + 1];
    uint64_t touched; // by which event last
    uint32_t readers; // of which capacity, and of which booth; 0 when all see the same
    uint64_t used;    // when last, in uses
    char *text;       // owned, a JSON object; NULL: free
    size_t size;
};

struct snapshots {
    struct section_text kept[MEETING_SECTION_COUNT][SNAPSHOTS_KEPT];
    struct section_text own[MEETING_SECTION_COUNT]; // the last ones that are for one person alone
    uint64_t uses;
    uint64_t encoded; // how often a section had to be
};

// The meeting as one viewer sees it: its sections. Valid until the next one is made.
struct snapshot {
    const struct section_text *sections[MEETING_SECTION_COUNT];
};

// `touched`: for each section the number of the last event that changed it. False when memory is
// short.
bool snapshot_make(struct snapshots *snapshots, const struct meeting *meeting,
                   const uint64_t touched[MEETING_SECTION_COUNT], const struct viewer *viewer,
                   struct snapshot *ret_snapshot);
// A new string from malloc: `head`, the meeting as a JSON object, `tail`. NULL when memory is
// short.
char *snapshot_text(const struct snapshot *snapshot, const char *head, const char *tail);
void snapshots_finish(struct snapshots *snapshots);
