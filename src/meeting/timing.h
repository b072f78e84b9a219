// What time alone brings about in a booth: a handover lapses, switches, is cut or forced; two open
// microphones raise their alarm; a turn is over. The deadlines follow from the state, so that they
// survive a restart. As with commands, events come out and nothing is changed: apply them, then ask
// again. Owner: the control thread. Times: wall clock, ms.
#pragma once

#include "meeting/meeting.h"

#define HANDOVER_LAPSE_MS   60000   // to answer a request or an offer
#define HANDOVER_MOMENT_MS  7200000 // a moment may lie so far ahead
#define HANDOVER_OVERLAP_MS 300     // both microphones open
#define HANDOVER_LOST_MS    2000    // from the last packet to the forced take-over

// PRESENCE_NEVER (meeting/presence.h) when there is none.
time_ms meeting_timing_deadline(const struct meeting_state *state);
// Handles the earliest deadline that has come: call again while meeting_timing_deadline() <= now.
void meeting_timing_on_deadline(const struct meeting_state *state, time_ms now,
                                struct event_list *ret_events);

// Facts from the media process: the participant's microphone has delivered nothing since `since`,
// and does again. Of no consequence for a desk that is off the air. ERR_NOT_FOUND for a stranger.
enum err CHECKED meeting_source_lost(const struct meeting_state *state, const char *participant,
                                     time_ms since, time_ms now, struct event_list *ret_events);
enum err CHECKED meeting_source_back(const struct meeting_state *state, const char *participant,
                                     time_ms now, struct event_list *ret_events);
