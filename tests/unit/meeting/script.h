// A meeting played from a short text, so that a test is a table of lines. Steps are separated by ";
// ":
//   "ch floor.give d1"  a command: who, what, and its fields in the order of contract/
//   "ch floor.give #3 d1"  the request, and who ends for it
//   "d1 connect", "d1 disconnect", "d1 source.ended"  facts from outside
//   "te feed.begin stage", "- feed.delivers stage sound" (or both, nothing), "- feed.ended stage"
//   "f1 source.lost 1000", "f1 source.back"           no packets for so long; packets again
//   "f1 page.left 500"                                the page that pressed is gone since then
//   "f1 source.mute"    nothing is heard of it from now on: whatever else opens is heard at once,
//                       and its desk.opening is not written down
//   "f1 source.heard", "f1 source.unheard"            the microphone that opens is, or is not
//   "d1 source.silent no_packets 1000 15000"          an open microphone delivers nothing since 1
//   s,
//                       and is closed 15 s after that (0: never); "d1 source.sounds" again
//   "d1 hand_in x speech i1 - embargoed"               contents x become a document: its kind,
//   item,
//                                                     whose speech (- the own), what it replaces
//   "+3000"             time passes (milliseconds), deadlines come
// Events are written alike: "microphone.opened d1 1"; equal neighbouring channels together:
// "channel fr+ru floor d1".
#pragma once

#include <stddef.h>

#include "meeting/presence.h"
#include "meeting/setup.h"

#define SCRIPT_TEXT_MAX 65536

struct script {
    struct meeting_state *state;
    struct meeting_state *follows; // what `state` must be, by the events alone
    struct event_list *events;     // of the last step
    bool begun;                    // the room is open, and the two are compared at each step
    struct meeting_presence presence;
    time_ms now;
    enum err err; // of the last step
    struct refusal refusal;
    char told[SCRIPT_TEXT_MAX]; // events of the last step
    uint32_t mute_count;
    bool hears; // what it told last is that what opens is heard
    char mute[8][CONTRACT_ID_MAX + 1];
};

// When set, sees every event of every script, from the first on, before it is applied.
extern void (*script_seen)(const struct event *event);

// An open room: chair ch, secretary se, moderator mo, technician te, delegates d1 d2 d3 (delegation
// fra), interpreters f1 f2 (French), r1 (Russian) and s1
// s2 s3 (Spanish), captioner ca, listener li, all present;
// delegate en at the entrance, delegate aw away; agenda items i1 i2. The sitting is closed, the
// list open.
void script_init(struct script *script);
void script_finish(struct script *script);
// Follows script->events, which a test has got by itself, and adds them to `told`.
void script_told(struct script *script);
// What the test has set up by itself (meeting/setup.h) is told so, and holds; or it was refused so,
// and nothing happened.
void script_set_up(struct script *script, enum err err, const char *told);
void script_refused(const struct script *script, enum err err, enum err wanted,
                    enum refusal_reason reason);
// The test has changed the state by hand.
void script_adopt(struct script *script);
// Every step must succeed; fails the test otherwise.
void script_run(struct script *script, const char *steps);
// One step that may be refused: see err, refusal, told. The invariants are checked after each
// event, and that the events say all that has changed: nothing, when it is refused.
void script_step(struct script *script, const char *step);
// The command of a step, e.g. "ch floor.give d1"; fails the test when it cannot be read.
struct command script_command(const char *words);
void script_add(struct script *script, const char *id, enum capacity capacity,
                enum language language);

// One line of a table: after `before`, `step` gives `err` and these events (or this reason, when
// refused).
struct script_case {
    const char *before;
    const char *step;
    enum err err;
    const char *expected;
};
void script_cases(const struct script_case *cases, size_t count);

// The numbers of the last events of the room as script_init makes it, and of what came before the
// step.
struct script_played_at {
    uint64_t room;
    uint64_t before;
};
// When set, is told of every case that was played as its table says, with the state after it.
extern void (*script_played)(const struct script_case *line, const struct script *script,
                             const struct script_played_at *at);
