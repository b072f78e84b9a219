// The meeting core: one meeting's state and the rules that change it. Pure: no clock, no I/O, no
// allocation.
//
//   command + state + now ──► meeting_decide ──► events, and the state after them
//   event + state ──► meeting_apply ──► state
//
// A decision runs on the state: each of its events is applied as soon as it is decided, by
// meeting_apply, so that the next is decided on what holds then. Whoever decides writes the events
// to the journal; if that fails, the state has to go back to what was written (a copy, or the
// journal read again), because the core itself undoes nothing. A refusal has changed nothing. Other
// states of the same meeting, and a replay, follow by meeting_apply and come to the same bytes. A
// command's events are one batch: the journal takes them whole or not at all, and only after a
// whole batch do the channels agree with the floor and the booths again. Owner: the control
// thread. Times are milliseconds of the meeting's own clock (base/clock.h); one that runs backwards
// is held still.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "contract/permissions.h"
#include "contract/refusal.h"
#include "contract/sections.h"
#include "contract/types.h"

// The largest batch: a sitting closes with a full list of speakers, both microphones, every desk of
// every booth on the air (36), their handovers, alarms and channels, and speeches are released.
#define EVENT_LIST_MAX (MEETING_REQUESTS_MAX + 128 + 2 * 4)
// At least twice the participants, a power of two.
#define MEETING_INDEX_SIZE 4096

struct event_list {
    uint32_t count;
    struct event events[EVENT_LIST_MAX];
};

// About 8 MB, nearly all of it in four lists that are seldom full: beyond what a list holds it is
// zero, and nothing here reads or writes it, so that memory from calloc() is paid for as it fills.
// Changed by meeting_apply alone, and by what decides through it; read freely. Copied by
// meeting_state_copy.
struct meeting_state {
    struct meeting meeting;                  // what a snapshot shows
    uint64_t seq;                            // of the last event applied; 0 before meeting.created
    time_ms at;                              // its time
    uint64_t touched[MEETING_SECTION_COUNT]; // of the last event that changed it; 0 for none
    time_ms sitting_closed_at;               // when a sitting was last closed; 0: none has been
    time_ms given_at;                        // when the floor was last given; 0: it has not been
    int64_t last_request;                    // the highest request id given so far
    char screen[CONTRACT_ID_MAX + 1];        // who shares a screen; empty for nobody
    char chair[CONTRACT_ID_MAX + 1];         // the first chair whose camera is on; empty for nobody
    enum language
        spoken[MEETING_FLOOR_MAX + 1];        // at each position of the floor, as taken or declared
    time_ms silent_ms[MEETING_FLOOR_MAX + 1]; // how long who is there was not heard, until it was
    uint16_t
        index[MEETING_INDEX_SIZE]; // participant id → position in the list + 1; open addressing
};

// Who gives a command. An empty participant is the server itself, which has no microphone of its
// own.
struct meeting_caller {
    char participant[CONTRACT_ID_MAX + 1];
    enum permission_grant grant; // from the permission matrix; PERMISSION_NONE is refused
};

// An empty meeting, waiting for its first event. `id` of at most CONTRACT_ID_MAX bytes. `state` is
// zero, or another meeting's state, which is forgotten.
void meeting_state_init(struct meeting_state *state, const char *id);
// `to` is zero or a meeting's state. Both cost what the meeting holds, not what it could hold.
void meeting_state_copy(struct meeting_state *to, const struct meeting_state *from);
// Whether the two are the same to the last byte.
bool meeting_state_equal(const struct meeting_state *a, const struct meeting_state *b);

// The caller for a participant of this meeting, with the matrix's grant for this command;
// PERMISSION_NONE for a stranger.
struct meeting_caller meeting_caller(const struct meeting_state *state, const char *participant,
                                     enum command_type type);

// What follows from a command; the events are applied. No events is a success too: the state is
// already as wished. On a refusal there are no events, the state is as it was, and `ret_refusal`
// says why. Only commands with handler "meeting".
enum err CHECKED meeting_decide(struct meeting_state *state, const struct command *command,
                                const struct meeting_caller *caller, time_ms now,
                                struct event_list *ret_events, struct refusal *ret_refusal);

// Event seq must be state->seq + 1: a gap or a reference to what does not exist is a bug and stops
// the process (but for a journal that is read again: app/replay.h).
void meeting_apply(struct meeting_state *state, const struct event *event);

// Whether events of this type change the section.
bool meeting_event_touches(enum event_type type, enum meeting_section section);

// NULL, or the name of the broken invariant. `settled`: a whole batch is applied, so the channels
// must agree too.
const char *meeting_check(const struct meeting_state *state, bool settled);

// NULL when there is none. Valid until the next event is applied.
const struct participant *meeting_find_participant(const struct meeting_state *state,
                                                   const char *id);
const struct delegation *meeting_find_delegation(const struct meeting_state *state, const char *id);
const struct office *meeting_find_office(const struct meeting_state *state, const char *id);
const struct agenda_item *meeting_find_item(const struct meeting_state *state, const char *id);
const struct request *meeting_find_request(const struct meeting_state *state,
                                           const char *participant);
const struct floor_microphone *meeting_find_floor(const struct meeting_state *state,
                                                  const char *participant);
// The desk of an interpreter; NULL for anybody else.
const struct desk *meeting_find_desk(const struct meeting_state *state, const char *participant);
// What the open microphone is without, at a desk or on the floor; NONE for a closed one, a
// stranger.
enum silence meeting_silence_of(const struct meeting_state *state, const char *participant);
// Whether the channel is routed by hand to a technician's own source, which is open for no other
// reason: `silent_since` tells of it.
bool meeting_routes_own(const struct meeting_state *state, const struct channel *channel);
// What a channel would carry if it were not routed by hand: state, holder and feed alone.
struct channel meeting_channel_beneath(const struct meeting_state *state, enum channel_id id);
// What it would carry if no interpreter were on the air either; the same three alone.
struct channel meeting_channel_without_desks(const struct meeting_state *state, enum channel_id id);
// The channel that a desk's relay slot carries: the chosen one, or what stands in for the floor
// under auto-relay; the floor for someone without a desk.
enum channel_id meeting_desk_hears(const struct meeting_state *state, const char *participant);
// The channel that a desk feeds while it is on the air; LANGUAGE_NONE otherwise, or for someone
// without a desk.
enum language meeting_desk_target(const struct meeting_state *state, const char *participant);
// The partner whom an interpreter hears in the boothmate slot: of those on the air (and
// not coughing) the newest, one that is heard first; NULL for nobody.
const char *meeting_boothmate(const struct meeting_state *state, const char *participant);
// Who speaks aside to this participant, the latest when there are several; NULL for nobody.
const char *meeting_talker(const struct meeting_state *state, const char *participant);
// The partner whom an interpreter sees: the one on the air, else the first of the rota, among those
// whose camera is on; NULL for nobody.
const char *meeting_partner_seen(const struct meeting_state *state, const char *participant);
// The item in state `current`.
const struct agenda_item *meeting_current_item(const struct meeting_state *state);
