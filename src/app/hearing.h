// Inside src/app only, as part of app_priv.h: whether open microphones are heard (hearing.c).
#pragma once

#include "app/app.h"

struct app_meeting;
struct app_peer;

// Nothing is known of a new peer.
void hearing_peer_begins(const struct app *app, struct app_peer *peer);
// How far its connection is, as media says it.
void hearing_peer_phase(struct app *app, struct app_peer *peer, enum link_peer_phase phase);
// What media says of a source. The meeting where somebody is heard now who was not, or is not any
// more, and the routes follow; NULL for none.
struct app_meeting *hearing_source_state(struct app *app, const struct link_message *message);
// How long one waits for a microphone that has just been opened; NULL: of somebody without a peer.
uint16_t hearing_patience_ms(const struct app_peer *peer);
// Whether media says what it hears now: the link is ready, and media does not stand still.
bool hearing_knows(const struct app *app);
// Packets come of the participant's microphone, as media said last; never while the link is down.
bool hearing_is_heard(const struct app *app, const struct app_meeting *meeting,
                      const char *participant);
// Since when no packet comes of a microphone that opened at a time; PRESENCE_NEVER: they come, or
// nobody can know: hearing_is_heard() tells the two apart.
time_ms hearing_missing_since(const struct app *app, const struct app_meeting *meeting,
                              const char *participant, time_ms opened_at);

// What hearing.c and feed_hearing.c share.
#define HEARING_NO_PACKETS_MS 1000 // after the last packet it is told that none comes
#define HEARING_NO_SOUND_MS   2000 // after the last sound
// Since when there is nothing, 0 while there is: the last packet, or sound, came so long before
// media said that there is none.
time_ms hearing_since_when(time_ms now, bool there_is, time_ms before);
// In the meeting's time: before, nobody counts as unheard.
time_ms hearing_settled_at(const struct app *app, const struct app_meeting *meeting);
// A due time that has come and was not told yet, or is no longer news.
time_ms hearing_ahead(time_ms now, time_ms due, bool told);

// feed_hearing.c: whether feeds are heard
struct app_door;
// Whether its sound is there to be carried: on the floor, and until it has been digital silence for
// two seconds.
bool feed_hearing_sounds(const struct app *app, const struct app_door *door,
                         const struct feed *feed);
void feed_hearing_heard(struct app *app, struct app_door *door, const struct link_message *message);

// losses.c: an interpreter on the air whose packets or connection are gone
// Since when this participant's sound or connection has been gone; now when both stand.
time_ms losses_since(const struct app *app, const struct app_meeting *meeting,
                     const char *participant);
// Until when a take-over by force that has come due waits for media to carry the one who takes
// over; TIME_US_NEVER: none does. The meeting's other deadlines wait with it.
time_us losses_hold(const struct app *app, const struct app_meeting *meeting);
