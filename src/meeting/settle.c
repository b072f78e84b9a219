// The last step of every decision, above all that decides.
#include "meeting/meeting_priv.h"

void outcome_settle(struct outcome *outcome)
{
    booth_settle(outcome);
    relay_settle(outcome);
    floor_settle(outcome);
    channel_settle(outcome);
}
