// Participants by id: open addressing over a table of twice their maximum or more, rebuilt when one
// is removed (seldom).
#include "meeting/meeting_priv.h"

#include <string.h>

#include "base/text.h"

_Static_assert(MEETING_INDEX_SIZE >= 2 * MEETING_PARTICIPANTS_MAX,
               "the index is at most half full");
_Static_assert((MEETING_INDEX_SIZE & (MEETING_INDEX_SIZE - 1)) == 0, "a power of two");

// The entry that holds the id, or the free one where it belongs.
static uint32_t index_slot(const struct meeting_state *state, const char *id)
{
    uint32_t slot = text_hash(id) & (MEETING_INDEX_SIZE - 1);
    while (state->index[slot] != 0) {
        const struct participant *found = &state->meeting.participants[state->index[slot] - 1];
        if (strcmp(found->id, id) == 0) {
            break;
        }
        slot = (slot + 1) & (MEETING_INDEX_SIZE - 1);
    }
    return slot;
}

void index_add(struct meeting_state *state, uint32_t position)
{
    uint32_t slot = index_slot(state, state->meeting.participants[position].id);
    ASSERT(state->index[slot] == 0);
    state->index[slot] = (uint16_t)(position + 1);
}

void index_rebuild(struct meeting_state *state)
{
    memset(state->index, 0, sizeof state->index);
    for (uint32_t i = 0; i < state->meeting.participants_count; i++) {
        index_add(state, i);
    }
}

const struct participant *meeting_find_participant(const struct meeting_state *state,
                                                   const char *id)
{
    uint32_t slot = index_slot(state, id);
    return state->index[slot] != 0 ? &state->meeting.participants[state->index[slot] - 1] : NULL;
}

struct participant *participant_of(struct meeting_state *state, const char *id)
{
    uint32_t slot = index_slot(state, id);
    ASSERT(state->index[slot] != 0);
    return &state->meeting.participants[state->index[slot] - 1];
}
