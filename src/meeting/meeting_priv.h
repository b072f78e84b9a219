// Inside src/meeting only: what a decision in the making looks like, and the verbs the nouns lend
// each other.
#pragma once

#include "base/assert.h"
#include "meeting/meeting.h"
#include "meeting/refuse.h"

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
    struct refusal refusal;
    uint32_t floor_count;
    struct floor_microphone floor[MEETING_FLOOR_MAX];
    uint32_t booth_count;
    struct booth booths[MEETING_BOOTHS_MAX];
    struct channel channels[MEETING_CHANNELS_MAX];
    uint32_t feed_count;
    struct feed feeds[MEETING_FEEDS_MAX];
    char screen[CONTRACT_ID_MAX + 1];
    const char *gone; // who sends nothing from now on; "" for nobody
    enum language floor_language;
    enum language auto_relay;
    enum language auto_relay_booth;
};

// outcome.c
void outcome_begin(struct outcome *outcome, const struct meeting_state *state, time_ms now,
                   struct event_list *events);
// A zeroed event with its number, time and author; the caller fills `as`.
struct event *outcome_emit(struct outcome *outcome, enum event_type type);
// ERR_FORBIDDEN for the server itself.
enum err CHECKED outcome_need_participant(struct outcome *outcome);
// ERR_CONFLICT unless the caller is in the room, ERR_FORBIDDEN for the server itself.
enum err CHECKED outcome_need_in_room(struct outcome *outcome);
// NULL, and the refusal in *ret_err, when there is no such participant.
const struct participant *outcome_participant(struct outcome *outcome, const char *id,
                                              enum err *ret_err);
// id.c
// Copies an id, with zeros to the end of its room, so that equal states are equal bytes.
void id_copy(char to[CONTRACT_ID_MAX + 1], const char *from);
// One to CONTRACT_ID_MAX letters, digits, '-' and '_', as the contract allows.
bool id_is_valid(const char *id);
// settle.c
// The last step of every decision: alarms, relays and channels follow from floor, booths and feeds.
void outcome_settle(struct outcome *outcome);
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
// The feed that came to the floor last and delivers; NULL when a microphone came later and
// delivers.
const struct feed *floor_feed(const struct outcome *outcome);
// Whether a microphone is open on the floor, or a feed delivers there.
bool floor_is_heard(const struct outcome *outcome);
// The floor's language follows when a feed comes to be heard there, or no longer is.
void floor_settle(struct outcome *outcome);
void floor_close_microphone(struct outcome *outcome, const char *participant);
void floor_close_all(struct outcome *outcome);
// speakers.c
void speakers_remove_participant(struct outcome *outcome, const char *participant);
void speakers_clear(struct outcome *outcome);
// booth.c
bool booth_desk_on_air(const struct desk *desk);
// Absent for who is not in the room, and for who rests.
enum desk_state booth_desk_state(const struct meeting_state *state, const struct desk *desk);
// The booth of a language, or NULL.
struct booth *booth_of(struct booth *booths, uint32_t count, enum language language);
const struct booth *booth_in(const struct meeting *meeting, enum language language);
// The desk of a participant in this booth, or NULL.
struct desk *booth_desk(struct booth *booth, const char *participant);
// The desk on the air that opened last, but for one ("" for none); NULL when there is none.
struct desk *booth_newest(struct booth *booth, const char *except);
// The caller's booth and desk; refuses when there is none.
enum err CHECKED booth_of_caller(struct outcome *outcome, struct booth **ret_booth,
                                 struct desk **ret_desk);
// The same for what is chosen before one enters the room too.
enum err CHECKED booth_of_listener(struct outcome *outcome, struct booth **ret_booth,
                                   struct desk **ret_desk);
// On the air by this output into this channel; also moves one that is on the air already.
void booth_open(struct outcome *outcome, struct booth *booth, struct desk *desk, enum output output,
                enum language target);
// desk.changed: the desk is as wished from then on.
void booth_put(struct outcome *outcome, struct booth *booth, const struct desk *wish);
// Off the air. `overridden_by` is "" unless a partner opened theirs.
void booth_close(struct outcome *outcome, struct booth *booth, struct desk *desk,
                 const char *overridden_by);
// Like the press of a key: closes, and an agreed handover follows. Nothing for others.
void booth_close_desk(struct outcome *outcome, const char *participant);
void booth_close_all(struct outcome *outcome);
// desk.chosen, when `wish` differs from the desk; then the desk is as wished.
void booth_choose(struct outcome *outcome, struct booth *booth, struct desk *desk,
                  const struct desk *wish);
// The booth of a language, made when there is none. Booths stand in the order of the languages.
struct booth *booth_need(struct booth *booths, uint32_t *count, enum language language);
void booth_add_desk(struct meeting_state *state, const struct participant *participant);
void booth_remove_desk(struct meeting_state *state, const struct participant *participant);
// Emits booth.alarmed when two microphones are no longer open together.
void booth_settle(struct outcome *outcome);
// When two microphones of the booth have been open together for too long; PRESENCE_NEVER.
time_ms booth_alarm_due(const struct booth *booth);
void booth_alarm(struct outcome *outcome, struct booth *booth);
// output.c
// The channel that an output feeds; LANGUAGE_NONE when nothing is chosen or it is not allowed.
enum language output_target(const struct booth *booth, const struct desk *desk, enum output output);
enum output output_chosen(const struct desk *desk);
// interlock.c
// Whether this desk may feed `target` by `output`; changes nothing.
enum err CHECKED interlock_judge(struct outcome *outcome, const struct booth *booth,
                                 const struct desk *desk, enum output output, enum language target);
// Lets this desk feed `target` by `output`: closes what must give way, or refuses and changes
// nothing.
enum err CHECKED interlock_clear(struct outcome *outcome, struct booth *booth, struct desk *desk,
                                 enum output output, enum language target);
// handover.c
enum handover_input {
    HANDOVER_REQUEST,  // a standby asks
    HANDOVER_OFFER,    // the one on the air asks
    HANDOVER_ACCEPT,   //
    HANDOVER_DECLINE,  // by either
    HANDOVER_TAKE,     // the one to take over is heard
    HANDOVER_OFF,      // the one on the air closed it
    HANDOVER_LOST,     // the one on the air is gone, or delivers no packets
    HANDOVER_BACK,     // packets again
    HANDOVER_DEAD,     // lost for good
    HANDOVER_GONE,     // the one to take over cannot
    HANDOVER_DUE,      // the deadline of its state
    HANDOVER_OVERRIDE, // another desk took the air
    HANDOVER_END,      // the booth closes
    HANDOVER_INPUT_COUNT,
};
struct handover_step {
    enum handover_input input;
    const char *who; // whose doing; "" for time
    const char *to;  // HANDOVER_OFFER: to whom
    time_ms at; // HANDOVER_REQUEST, _OFFER: the moment, 0 for none; HANDOVER_LOST: the deadline
};
// Only REQUEST, OFFER, ACCEPT and DECLINE can be refused.
enum err CHECKED handover_feed(struct outcome *outcome, struct booth *booth,
                               const struct handover_step *step);
// For the inputs that cannot be refused.
void handover_tell(struct outcome *outcome, struct booth *booth, enum handover_input input,
                   const char *who);
// Whether opening this desk's microphone is a take-over that was agreed, or is counted down to.
bool handover_awaits(const struct booth *booth, const struct desk *desk);
// rota.c
// The next who is ready, after one in the order of the desks and round, but not as far as `last`;
// NULL for nobody.
struct desk *rota_next(const struct outcome *outcome, struct booth *booth, const char *after,
                       const char *last);
time_ms rota_chime_due(const struct booth *booth, const struct desk *desk);
void rota_chime(struct outcome *outcome, struct booth *booth, struct desk *desk);
bool rota_has_room(const struct meeting *meeting, const char *participant);
void rota_add_line(struct meeting *meeting, const struct participant *participant);
void rota_count_turn(struct meeting *meeting, const char *participant, time_ms air_ms);
// relay.c
// The relay a desk hears; LANGUAGE_NONE: the floor.
enum language relay_heard(enum language auto_relay, enum language auto_relay_booth,
                          enum language booth, const struct desk *desk);
// Emits auto_relay.changed when a flagged booth begins or ends to stand in for the floor.
void relay_settle(struct outcome *outcome);
// Fills source, depth, relays, warning and offer of channels whose state and holder are known.
void relay_mark(const struct outcome *outcome, struct channel channels[CHANNEL_ID_COUNT]);
// check_booth.c
const char *check_booths(const struct meeting_state *state);
const char *check_channels(const struct meeting_state *state);
// suspension.c
void suspension_end(struct outcome *outcome, struct booth *booth);
// channel.c
// Recomputes every channel from floor, booths and feeds and emits what changed.
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
// talkback.c
void talkback_end(struct outcome *outcome, const char *participant);
// document.c
// Who had the floor for so long has delivered what was handed in for the current item.
void document_deliver(struct outcome *outcome, const char *participant, time_ms spoken_ms);
const char *check_documents(const struct meeting_state *state);
// presence.c
// Everything the participant sends ends, but for a desk: screen, camera, microphone.
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
enum err CHECKED booth_set(struct outcome *outcome);
enum err CHECKED team_lead(struct outcome *outcome);
enum err CHECKED team_assign(struct outcome *outcome);
enum err CHECKED team_rest(struct outcome *outcome);
enum err CHECKED output_choose(struct outcome *outcome);
enum err CHECKED interlock_set(struct outcome *outcome);
enum err CHECKED handover_request(struct outcome *outcome);
enum err CHECKED handover_offer(struct outcome *outcome);
enum err CHECKED handover_accept(struct outcome *outcome);
enum err CHECKED handover_decline(struct outcome *outcome);
enum err CHECKED relay_listen(struct outcome *outcome);
enum err CHECKED relay_preselect(struct outcome *outcome);
enum err CHECKED signal_send(struct outcome *outcome);
enum err CHECKED suspension_begin(struct outcome *outcome);
enum err CHECKED suspension_resume(struct outcome *outcome);
enum err CHECKED chat_send(struct outcome *outcome);
enum err CHECKED floor_declare(struct outcome *outcome);
enum err CHECKED channel_auto_floor(struct outcome *outcome);
enum err CHECKED feed_put(struct outcome *outcome);
enum err CHECKED feed_end(struct outcome *outcome);
enum err CHECKED channel_force(struct outcome *outcome);
enum err CHECKED channel_unforce(struct outcome *outcome);
enum err CHECKED channel_delay(struct outcome *outcome);
enum err CHECKED sharing_camera(struct outcome *outcome);
enum err CHECKED sharing_screen(struct outcome *outcome);
enum err CHECKED talkback_set(struct outcome *outcome);
enum err CHECKED document_release(struct outcome *outcome);
enum err CHECKED document_remove(struct outcome *outcome);
enum err CHECKED help_ask(struct outcome *outcome);
enum err CHECKED help_cancel(struct outcome *outcome);
enum err CHECKED help_handle(struct outcome *outcome);
enum err CHECKED presence_enter(struct outcome *outcome);
enum err CHECKED presence_leave(struct outcome *outcome);
enum err CHECKED participant_remove(struct outcome *outcome);

// One function for each event; apply.c has the table and has checked the number.
void floor_apply_opened(struct meeting_state *state, const struct event *event);
void floor_apply_closed(struct meeting_state *state, const struct event *event);
// A request is in the list: its number is given.
void speakers_apply_numbered(struct meeting_state *state, const struct event *event);
void speakers_apply_moved(struct meeting_state *state, const struct event *event);
void speakers_apply_changed(struct meeting_state *state, const struct event *event);
void sitting_apply_changed(struct meeting_state *state, const struct event *event);
void agenda_apply_started(struct meeting_state *state, const struct event *event);
void floor_apply_language(struct meeting_state *state, const struct event *event);
void booth_apply_desk(struct meeting_state *state, const struct event *event);
void booth_apply_chosen(struct meeting_state *state, const struct event *event);
void booth_apply_alarmed(struct meeting_state *state, const struct event *event);
void team_apply_setting(struct meeting_state *state, const struct event *event);
void team_apply_leader(struct meeting_state *state, const struct event *event);
void team_apply_assigned(struct meeting_state *state, const struct event *event);
void interlock_apply_changed(struct meeting_state *state, const struct event *event);
void handover_apply_changed(struct meeting_state *state, const struct event *event);
void rota_apply_chimed(struct meeting_state *state, const struct event *event);
void relay_apply_preselected(struct meeting_state *state, const struct event *event);
void relay_apply_auto(struct meeting_state *state, const struct event *event);
void signal_apply_raised(struct meeting_state *state, const struct event *event);
void suspension_apply_changed(struct meeting_state *state, const struct event *event);
void chat_apply_said(struct meeting_state *state, const struct event *event);
void sharing_apply_camera(struct meeting_state *state, const struct event *event);
void sharing_apply_screen(struct meeting_state *state, const struct event *event);
void talkback_apply_changed(struct meeting_state *state, const struct event *event);
void help_apply_changed(struct meeting_state *state, const struct event *event);
void presence_apply_changed(struct meeting_state *state, const struct event *event);
void participant_apply_added(struct meeting_state *state, const struct event *event);
void participant_apply_removed(struct meeting_state *state, const struct event *event);
void setup_apply_created(struct meeting_state *state, const struct event *event);
