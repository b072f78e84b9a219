// What time alone brings about in a booth: a handover lapses, switches, is cut or forced; two open
// microphones raise their alarm; a turn is over; a floor microphone that delivers nothing is
// closed. The deadlines follow from the state, so that they
// survive a restart. As with commands, the events that come out are applied: journal them, then ask
// again. Owner: the control thread. Times: the meeting's, ms (base/clock.h).
#pragma once

#include "meeting/meeting.h"

#define HANDOVER_LAPSE_MS   60000   // to answer a request or an offer
#define HANDOVER_MOMENT_MS  7200000 // a moment may lie so far ahead
#define HANDOVER_OVERLAP_MS 300     // both microphones open
#define HANDOVER_LOST_MS    2000    // from the last packet to the forced take-over
#define FLOOR_GIVE_AGAIN_MS 600     // from one giving of the floor to the next

// Nothing is measured, open or counted down, so that its time may be set: no sitting is open, no
// microphone is or opens, no feed is on the floor, and no handover is under way.
bool meeting_is_quiet(const struct meeting_state *state);
// PRESENCE_NEVER (meeting/presence.h) when there is none.
time_ms meeting_timing_deadline(const struct meeting_state *state);
// Handles the earliest deadline that has come: call again while meeting_timing_deadline() <= now.
void meeting_timing_on_deadline(struct meeting_state *state, time_ms now,
                                struct event_list *ret_events);

// Facts from outside: the participant's microphone has been lost since `since`, and is back. Told
// again with another `since`, the countdown ends accordingly: whoever tells it names the earliest
// of the causes that stand. Of no consequence for a desk that is off the air. ERR_NOT_FOUND for a
// stranger.
enum err CHECKED meeting_source_lost(struct meeting_state *state, const char *participant,
                                     time_ms since, time_ms now, struct event_list *ret_events);
// Whoever is to take over by a countdown cannot: the next of the rota is to, where there is one.
void meeting_taker_gone(struct meeting_state *state, const char *participant, time_ms now,
                        struct event_list *ret_events);
enum err CHECKED meeting_source_back(struct meeting_state *state, const char *participant,
                                     time_ms now, struct event_list *ret_events);

// The microphone of a desk that opens is heard: it is on the air now, and whom it closes is off. Or
// nothing came of it: the press is undone, and a desk on the air whose output was turned stays by
// the one before. Of no consequence for a desk that does not open, and for one that coughs. One of
// the floor that was awaited is heard: it is carried now; so is a technician's own that a channel
// is routed to. ERR_NOT_FOUND for a stranger.
enum err CHECKED meeting_source_heard(struct meeting_state *state, const char *participant,
                                      time_ms now, struct event_list *ret_events);
enum err CHECKED meeting_source_unheard(struct meeting_state *state, const char *participant,
                                        time_ms now, struct event_list *ret_events);

// What an open microphone lacks.
struct meeting_silence {
    const char *participant;
    enum silence silence; // SILENCE_NONE: it is heard again
    time_ms since;
    time_ms closes_at; // of the floor: closed then if it still lacks this; 0: never
};
// A technician's own, to which a channel is routed by hand, is told in the channel. The same fact
// twice changes nothing. Of no consequence for a closed microphone, and for a desk that coughs.
// ERR_NOT_FOUND for a stranger.
enum err CHECKED meeting_source_silent(struct meeting_state *state,
                                       const struct meeting_silence *silence, time_ms now,
                                       struct event_list *ret_events);
