// Inside src/meeting only: what a decision in the making looks like, and the verbs the nouns lend
// each other.
#pragma once

#include "base/assert.h"
#include "meeting/meeting.h"

// A decision in the making. `floor`, `booths`, `channels`, `feeds` and `screen` are as they will be
// once the events so far are applied, so that one command can have a chain of effects without
// touching the state.
struct outcome {
    const struct meeting_state *state;
    const struct command *command;    // NULL for facts from outside
    const struct participant *caller; // NULL: the server itself
    bool on_behalf_of_chair;
    time_ms now;
    struct event_list *events;
    const char *detail; // why it was refused
    uint32_t floor_count;
    struct floor_microphone floor[MEETING_FLOOR_MAX];
    uint32_t booth_count;
    struct booth booths[MEETING_BOOTHS_MAX];
    struct channel channels[MEETING_CHANNELS_MAX];
    uint32_t feed_count;
    struct feed feeds[MEETING_FEEDS_MAX];
    char screen[CONTRACT_ID_MAX + 1];
};

// outcome.c
void outcome_begin(struct outcome *outcome, const struct meeting_state *state, time_ms now,
                   struct event_list *events);
// A zeroed event with its number, time and author; the caller fills `as`.
struct event *outcome_emit(struct outcome *outcome, enum event_type type);
// Returns `err`, remembers `detail` (static text).
enum err CHECKED outcome_refuse(struct outcome *outcome, enum err err, const char *detail);
// ERR_FORBIDDEN for the server itself.
enum err CHECKED outcome_need_participant(struct outcome *outcome);
// ERR_CONFLICT unless the caller is in the room, ERR_FORBIDDEN for the server itself.
enum err CHECKED outcome_need_in_room(struct outcome *outcome);
// NULL, and the refusal in *ret_err, when there is no such participant.
const struct participant *outcome_participant(struct outcome *outcome, const char *id,
                                              enum err *ret_err);
// Copies an id, with zeros to the end of its room, so that equal states are equal bytes.
void id_copy(char to[CONTRACT_ID_MAX + 1], const char *from);
// One to CONTRACT_ID_MAX letters, digits, '-' and '_', as the contract allows.
bool id_is_valid(const char *id);

// index.c: the participants by id.
void index_add(struct meeting_state *state, uint32_t position);
void index_rebuild(struct meeting_state *state);
// The participant an event names; it exists, or the journal is not ours.
struct participant *participant_of(struct meeting_state *state, const char *id);

// floor.c
// Whether every place on the floor is held, by microphones or feeds; the lowest free one (there
// must be one).
bool floor_is_full(const struct outcome *outcome);
int64_t floor_free_position(const struct outcome *outcome);
bool floor_has(const struct outcome *outcome, const char *participant);
void floor_close_microphone(struct outcome *outcome, const char *participant);
void floor_close_all(struct outcome *outcome);
// speakers.c
void speakers_remove_participant(struct outcome *outcome, const char *participant);
void speakers_clear(struct outcome *outcome);
// booth.c
bool booth_desk_on_air(const struct desk *desk);
void booth_close_desk(struct outcome *outcome, const char *participant);
void booth_close_all(struct outcome *outcome);
// The booth of a language, or NULL.
const struct booth *booth_of(const struct booth *booths, uint32_t count, enum language language);
void booth_add_desk(struct meeting_state *state, const struct participant *participant);
void booth_remove_desk(struct meeting_state *state, const struct participant *participant);
// channel.c
// Recomputes every channel from floor and booths and emits what changed. The last step of every
// decision.
void channel_settle(struct outcome *outcome);
void channel_init_all(struct meeting *meeting);
// feed.c
// The feed must be on the floor, and is on nothing then.
void feed_leave_floor(struct outcome *outcome, struct feed *feed);
void feed_leave_floor_all(struct outcome *outcome);
// The feed that was put on the channel last among those that deliver sound; NULL for none.
const struct feed *feed_heard(const struct outcome *outcome, enum channel_id channel);
// sharing.c
void sharing_end_screen(struct outcome *outcome, const char *participant);
void sharing_end_camera(struct outcome *outcome, const struct participant *participant);
// presence.c
// Everything the participant sends ends: screen, camera, microphone, desk.
void presence_end_sending(struct outcome *outcome, const struct participant *participant);

// One function for each command, in its noun's file; decide.c has the table.
enum err CHECKED floor_give(struct outcome *outcome);
enum err CHECKED floor_take(struct outcome *outcome);
enum err CHECKED floor_end(struct outcome *outcome);
enum err CHECKED floor_end_all(struct outcome *outcome);
enum err CHECKED floor_yield(struct outcome *outcome);
enum err CHECKED speakers_request(struct outcome *outcome);
enum err CHECKED speakers_withdraw(struct outcome *outcome);
enum err CHECKED speakers_add(struct outcome *outcome);
enum err CHECKED speakers_move(struct outcome *outcome);
enum err CHECKED speakers_remove(struct outcome *outcome);
enum err CHECKED speakers_open(struct outcome *outcome);
enum err CHECKED speakers_close(struct outcome *outcome);
enum err CHECKED sitting_open(struct outcome *outcome);
enum err CHECKED sitting_suspend(struct outcome *outcome);
enum err CHECKED sitting_close(struct outcome *outcome);
enum err CHECKED agenda_start(struct outcome *outcome);
enum err CHECKED booth_microphone(struct outcome *outcome);
enum err CHECKED channel_auto_floor(struct outcome *outcome);
enum err CHECKED feed_put(struct outcome *outcome);
enum err CHECKED feed_end(struct outcome *outcome);
enum err CHECKED sharing_camera(struct outcome *outcome);
enum err CHECKED sharing_screen(struct outcome *outcome);
enum err CHECKED help_ask(struct outcome *outcome);
enum err CHECKED help_cancel(struct outcome *outcome);
enum err CHECKED help_handle(struct outcome *outcome);
enum err CHECKED presence_enter(struct outcome *outcome);
enum err CHECKED presence_leave(struct outcome *outcome);
enum err CHECKED participant_remove(struct outcome *outcome);

// One function for each event; apply.c has the table and has checked the number.
void floor_apply_opened(struct meeting_state *state, const struct event *event);
void floor_apply_closed(struct meeting_state *state, const struct event *event);
void speakers_apply_added(struct meeting_state *state, const struct event *event);
void speakers_apply_moved(struct meeting_state *state, const struct event *event);
void speakers_apply_removed(struct meeting_state *state, const struct event *event);
void speakers_apply_changed(struct meeting_state *state, const struct event *event);
void sitting_apply_changed(struct meeting_state *state, const struct event *event);
void agenda_apply_added(struct meeting_state *state, const struct event *event);
void agenda_apply_started(struct meeting_state *state, const struct event *event);
void booth_apply_desk(struct meeting_state *state, const struct event *event);
void channel_apply_changed(struct meeting_state *state, const struct event *event);
void feed_apply_added(struct meeting_state *state, const struct event *event);
void feed_apply_changed(struct meeting_state *state, const struct event *event);
void feed_apply_removed(struct meeting_state *state, const struct event *event);
void sharing_apply_camera(struct meeting_state *state, const struct event *event);
void sharing_apply_screen(struct meeting_state *state, const struct event *event);
void help_apply_changed(struct meeting_state *state, const struct event *event);
void presence_apply_changed(struct meeting_state *state, const struct event *event);
void participant_apply_added(struct meeting_state *state, const struct event *event);
void participant_apply_removed(struct meeting_state *state, const struct event *event);
void setup_apply_created(struct meeting_state *state, const struct event *event);
void setup_apply_delegation(struct meeting_state *state, const struct event *event);
