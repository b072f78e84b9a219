// Connections become presence. A live connection begins or ends outside; this machine knows whose
// has ended and when that makes the person lost (after 3 s: microphone, desk, camera and screen
// end, the place on the list stays) and away (60 s after the end). Someone still at the entrance
// has no place to keep and goes straight to away.
//
// It is not part of the journal: after a restart every participant that the journal shows as
// connected is given time to come back. All functions give events and change nothing but the
// machine; the caller journals and applies them. Nobody is ever put on the air by coming back.
// Owner: the control thread. Times: wall clock, ms.
#pragma once

#include "meeting/meeting.h"

#define PRESENCE_LOST_AFTER_MS    3000
#define PRESENCE_AWAY_AFTER_MS    60000
#define PRESENCE_RESTART_GRACE_MS 10000 // after a restart, instead of PRESENCE_LOST_AFTER_MS
#define PRESENCE_NEVER            INT64_MAX

struct meeting_gone {
    char participant[CONTRACT_ID_MAX + 1];
    time_ms lost_at; // when this makes a present participant lost
    time_ms away_at;
    time_ms deadline; // the next of the two
};

struct meeting_presence {
    uint32_t gone_count;
    struct meeting_gone gone[MEETING_PARTICIPANTS_MAX]; // connection ended, not yet away; no order
};

void meeting_presence_init(struct meeting_presence *presence);
// After a replay: everyone who was connected has PRESENCE_RESTART_GRACE_MS to come back.
void meeting_presence_restart(struct meeting_presence *presence, const struct meeting_state *state,
                              time_ms now);

// The participant has a live connection: away → entrance, lost → present, otherwise no event.
// ERR_NOT_FOUND for a stranger.
enum err CHECKED meeting_connected(struct meeting_presence *presence,
                                   const struct meeting_state *state, const char *participant,
                                   time_ms now, struct event_list *ret_events);
// Its connection ended: nothing happens before the deadline.
void meeting_disconnected(struct meeting_presence *presence, const struct meeting_state *state,
                          const char *participant, time_ms now);
// What the participant sends has ended for good (the peer was left, or replaced by another page's):
// microphone, desk, camera and screen end. Silence is no such end, nor is a restart of the media
// process.
void meeting_source_ended(const struct meeting_state *state, const char *participant, time_ms now,
                          struct event_list *ret_events);

// PRESENCE_NEVER when there is none.
time_ms meeting_next_deadline(const struct meeting_presence *presence);
// Handles one participant whose deadline has come, so that a batch stays small: apply the events
// and call again while meeting_next_deadline() <= now.
void meeting_on_deadline(struct meeting_presence *presence, const struct meeting_state *state,
                         time_ms now, struct event_list *ret_events);
