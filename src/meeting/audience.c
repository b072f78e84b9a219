// One of the audience, who is listed no longer than there is a reason for.
#include "meeting/meeting_priv.h"

void audience_unlist(struct outcome *outcome, const struct participant *participant)
{
    ASSERT(participant->audience);
    struct event *event = outcome_draft(outcome, EVENT_PARTICIPANT_REMOVED);
    id_copy(event->as.participant_removed.participant, participant->id);
    event->as.participant_removed.unlisted = true;
    outcome_emit(outcome);
}
