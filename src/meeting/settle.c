// The last step of every decision, above all that decides.
#include "meeting/meeting_priv.h"

void outcome_settle(struct outcome *outcome)
{
    const struct meeting *meeting = &outcome->state->meeting;
    booth_settle(outcome);
    relay_settle(outcome);
    floor_settle(outcome);
    channel_settle(outcome);
    // The cheap invariants, in release too: what the media process is told rests on them.
    ASSERT(meeting->floor_count <= (uint32_t)meeting->floor_microphones_max);
    ASSERT(meeting->floor_count == 0 || meeting->sitting == SITTING_STATE_OPEN);
}
