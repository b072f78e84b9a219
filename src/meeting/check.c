// What must be true of a meeting, whatever happened. Each check gives the name of what is broken,
// for a test or a simulator to print with its seed.
#include "base/assert.h"
#include "meeting/section.h"

#include <string.h>

static const char *check_counts(const struct meeting *meeting)
{
    for (uint32_t i = 0; i < MEETING_LISTS; i++) {
        uint32_t count;
        memcpy(&count, (const char *)meeting + meeting_lists[i].count_at, sizeof count);
        if (count > meeting_lists[i].max) {
            return "a list exceeds its maximum";
        }
    }
    return NULL;
}

const char *meeting_check(const struct meeting_state *state, bool settled)
{
    const char *broken = check_counts(&state->meeting);
    for (int i = 0; i < MEETING_SECTION_COUNT && broken == NULL; i++) {
        broken = sections[i].check != NULL ? sections[i].check(state) : NULL;
    }
    for (int i = 0; i < MEETING_SECTION_COUNT && broken == NULL && settled; i++) {
        broken = sections[i].check_settled != NULL ? sections[i].check_settled(state) : NULL;
    }
    return broken;
}
