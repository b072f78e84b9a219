// Connections become presence. A live connection begins or ends outside; this machine knows whose
// has ended and when that makes the person lost (after 3 s and three of the line's round trips, in
// which it could have come back: microphone, desk, camera and screen end, the place on the list
// stays) and away (60 s after the end). Someone still at the entrance
// has no place to keep and goes straight to away.
//
// It is not part of the journal: after a restart every participant that the journal shows as
// connected is given time to come back. Those that give events have applied them, as commands do;
// the caller journals them. Nobody is ever put on the air by coming back.
// Owner: the control thread. Times: the meeting's, ms (base/clock.h).
#pragma once

#include "meeting/meeting.h"

#define PRESENCE_LOST_AFTER_MS    3000 // and PRESENCE_TRIPS of the line's round trips
#define PRESENCE_TRIPS            3
#define PRESENCE_ROUND_TRIP_MS    5000 // a longer one counts as this: nobody is waited for for ever
#define PRESENCE_AWAY_AFTER_MS    60000
#define PRESENCE_RESTART_GRACE_MS 10000 // after a restart, instead of PRESENCE_LOST_AFTER_MS
#define PRESENCE_NEVER            INT64_MAX

struct meeting_gone {
    char participant[CONTRACT_ID_MAX + 1];
    time_ms lost_at; // when this makes a present participant lost
    time_ms line_ms; // so much of that is owed to the line's length
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
// What was decided for a while was undone: whoever is gone has been since then, and for the others
// it is as after a replay. meeting_connected() follows for those who are there.
void meeting_presence_resume(struct meeting_presence *presence, const struct meeting_state *state,
                             time_ms now);

// The meeting's time was moved by so much beside what has passed: deadlines move along.
void meeting_presence_move(struct meeting_presence *presence, time_ms by);

// The participant has a live connection: away → entrance, lost → present, otherwise no event.
// ERR_NOT_FOUND for a stranger.
enum err CHECKED meeting_connected(struct meeting_presence *presence, struct meeting_state *state,
                                   const char *participant, time_ms now,
                                   struct event_list *ret_events);
// Its connection ended, whose round trip was measured as this (0: unknown): nothing happens before
// the deadline.
void meeting_disconnected(struct meeting_presence *presence, const struct meeting_state *state,
                          const char *participant, time_ms round_trip_ms, time_ms now);
// What the participant sends has ended for good (the peer was left, or replaced by another page's):
// microphone, desk, camera and screen end. Silence is no such end, nor is a restart of the media
// process.
void meeting_source_ended(struct meeting_state *state, const char *participant, time_ms now,
                          struct event_list *ret_events);

// The page at which the participant pressed is gone for good since then (left, loaded anew, or
// another page of the same person came): an interpreter is off the air and lost at once, and only
// a press of theirs ends the countdown. What else the participant sends is not concerned: its
// person may go on from the next page.
void meeting_page_left(struct meeting_state *state, const char *participant, time_ms since,
                       time_ms now, struct event_list *ret_events);

// PRESENCE_NEVER when there is none.
time_ms meeting_next_deadline(const struct meeting_presence *presence);
// Handles one participant whose deadline has come, so that a batch stays small: call again while
// meeting_next_deadline() <= now.
void meeting_on_deadline(struct meeting_presence *presence, struct meeting_state *state,
                         time_ms now, struct event_list *ret_events);
