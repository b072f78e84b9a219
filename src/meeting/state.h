// Inside src/meeting only: what a meeting is. Questions that its state answers, and for each event
// the one function that writes what it says. Nothing here decides; what decides (outcome.c) asks
// here and writes nothing.
#pragma once

#include <stddef.h>

#include "base/assert.h"
#include "meeting/meeting.h"

// id.c
// Copies an id, with zeros to the end of its room, so that equal states are equal bytes.
void id_copy(char to[CONTRACT_ID_MAX + 1], const char *from);
// One to CONTRACT_ID_MAX letters, digits, '-' and '_', as the contract allows.
bool id_is_valid(const char *id);
// copy.c: zero again.
void state_clear(struct meeting_state *state);
// index.c: the participants by id.
void index_add(struct meeting_state *state, uint32_t position);
void index_rebuild(struct meeting_state *state);
// The participant an event names; it exists, or the journal is not ours.
struct participant *participant_of(struct meeting_state *state, const char *id);
// speakers_state.c
// The place of a request in the list of speakers; the list's length for none.
uint32_t speakers_request_at(const struct meeting *meeting, int64_t request);

// ---- Floor ----

// Whether every place on the floor is held, by microphones or feeds; the lowest free one (there
// must be one).
bool floor_is_full(const struct meeting *meeting);
int64_t floor_free_position(const struct meeting *meeting);
// The microphone that is carried: the newest of those that are heard, else of those that are
// awaited, else of those that deliver packets, else the newest; NULL for none.
const struct floor_microphone *floor_newest(const struct meeting *meeting);
// How long it has been open and heard.
time_ms floor_heard_ms(const struct meeting_state *state, const struct floor_microphone *open,
                       time_ms now);
// The feed that came to the floor last and delivers; NULL when a microphone came later and
// delivers.
const struct feed *floor_feed(const struct meeting *meeting);
// Whether a microphone is open on the floor, or a feed delivers there.
bool floor_is_heard(const struct meeting *meeting);
// The same, and that it is heard as far as anyone knows: whoever comes now is awaited.
bool floor_has_sound(const struct meeting *meeting);
// The feed that was put on the channel last among those that deliver sound; NULL for none.
const struct feed *feed_heard(const struct meeting *meeting, enum channel_id channel);

// ---- Calls for help ----

#define HELP_LINES_OF_CALL 24 // that are kept; MEETING_HELP_LINES_MAX of all calls
#define HELP_LINES_AT_ONCE 10 // of one person, before they have to wait

// help_state.c: somebody's call that is not over, or NULL.
const struct help_call *help_call_of(const struct meeting *meeting, const char *participant);

// ---- Booths and desks ----

// booth_state.c
bool booth_desk_on_air(const struct desk *desk);
// Absent for who is not in the room, and for who rests.
enum desk_state booth_desk_state(const struct meeting_state *state, const struct desk *desk);
// The booth of a language, or NULL.
const struct booth *booth_in(const struct meeting *meeting, enum language language);
// The desk of a participant in this booth (NULL: no booth), or NULL.
const struct desk *booth_desk(const struct booth *booth, const char *participant);
// An interpreter's booth and desk; false, and both NULL, for anybody else.
bool booth_find_desk(const struct meeting_state *state, const char *participant,
                     const struct booth **ret_booth, const struct desk **ret_desk);
// The desk on the air that opened last, but for one ("" for none); NULL when there is none.
const struct desk *booth_newest(const struct booth *booth, const char *except);
uint32_t booth_open_count(const struct booth *booth);
// The moment when the second of the open microphones opened.
time_ms booth_both_since(const struct booth *booth);
// When two microphones of the booth have been open together for too long; PRESENCE_NEVER.
time_ms booth_alarm_due(const struct booth *booth);
// With zeros where nothing stands, so that equal settings are equal bytes.
void booth_copy_setting(struct booth_setting *to, const struct booth_setting *from);
// For events alone: the booth and the desk that one names, which exist; desks come and go.
struct booth *booth_of(struct meeting_state *state, enum language language);
struct desk *booth_desk_of(struct meeting_state *state, enum language booth,
                           const char *participant);
// output.c
enum output output_chosen(const struct desk *desk);
bool output_is_allowed(const struct booth *booth, enum language language);
// By A the booth's own language; by B and C what is allowed.
bool output_may_feed(const struct booth *booth, enum output output, enum language language);
// The channel that an output feeds; LANGUAGE_NONE when nothing is chosen or it is not allowed.
enum language output_target(const struct booth *booth, const struct desk *desk, enum output output);
// rota.c
// The next who is ready, after one in the order of the desks and round, but not as far as `last`;
// NULL for nobody.
const struct desk *rota_next(const struct meeting_state *state, const struct booth *booth,
                             const char *after, const char *last);
time_ms rota_chime_due(const struct booth *booth, const struct desk *desk);
// hours.c
bool hours_has_room(const struct meeting *meeting, const char *participant);
void hours_add_line(struct meeting *meeting, const struct participant *participant);
// The name was corrected. Nothing for who has no line.
void hours_name_line(struct meeting *meeting, const char *participant,
                     const char name[HOURS_NAME_SIZE]);
void hours_count_turn(struct meeting *meeting, const char *participant, time_ms air_ms);

// booth_state.c, for the table of the booths' events in desk_state.c (section.h).
void booth_apply_added(struct meeting_state *state, const struct event *event);
void booth_apply_removed(struct meeting_state *state, const struct event *event);
void booth_apply_named(struct meeting_state *state, const struct event *event);
void booth_apply_sitting(struct meeting_state *state, const struct event *event);
void booth_apply_setting(struct meeting_state *state, const struct event *event);
void booth_apply_assigned(struct meeting_state *state, const struct event *event);
void booth_apply_alarmed(struct meeting_state *state, const struct event *event);
void booth_apply_handover(struct meeting_state *state, const struct event *event);
void booth_apply_suspended(struct meeting_state *state, const struct event *event);
// desk_state.c
// Which of two that are on the air is heard: the newest that does not cough, one that is not mute
// before one that is.
bool desk_goes_before(const struct desk *desk, const struct desk *other);
// At a desk, and not heard: for want of packets or of sound.
bool desk_is_mute(const struct meeting_state *state, const char *participant);
// Whether no sitting can be opened any more.
static inline bool meeting_life_is_over(enum meeting_life life)
{
    return life == MEETING_LIFE_CANCELLED || life == MEETING_LIFE_ARCHIVED;
}
