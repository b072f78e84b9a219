// Inside src/meeting only: what a decision in the making looks like, and the verbs the nouns lend
// each other.
//
// A decision runs on the state itself. Every event is applied as it is emitted, by the function
// that applies it when the journal is read again, so that whatever decides next sees what has been
// decided. There is no way back: whoever refuses has emitted nothing, which is asserted. Pointers
// into the state stay good while people, desks and list items only change; what is emitted may move
// those behind one that it removes.
#pragma once

#include "meeting/refuse.h"
#include "meeting/state.h"

struct outcome {
    const struct meeting_state *state; // as decided so far
    struct meeting_state *applied;     // the same, for outcome_emit alone; NULL: nothing may happen
    const struct command *command;     // NULL for facts from outside
    const struct participant *caller;  // NULL: the server itself
    bool on_behalf_of_chair;
    time_ms now;
    struct event_list *events;
    bool drafted;                   // an event is being filled
    char gone[CONTRACT_ID_MAX + 1]; // who sends nothing from now on; "" for nobody
    struct refusal refusal;
};

// outcome.c
void outcome_begin(struct outcome *outcome, struct meeting_state *state, time_ms now,
                   struct event_list *events);
// For asking whether something would be refused: nothing can be emitted.
void outcome_judge(struct outcome *outcome, const struct meeting_state *state, time_ms now);
// A zeroed event with its number, time and author, for the caller to fill `as` and to emit.
struct event *outcome_draft(struct outcome *outcome, enum event_type type);
// The draft has happened: it is in the list and applied.
void outcome_emit(struct outcome *outcome);
// ERR_FORBIDDEN for the server itself.
enum err CHECKED outcome_need_participant(struct outcome *outcome);
// ERR_CONFLICT unless the caller is in the room, ERR_FORBIDDEN for the server itself.
enum err CHECKED outcome_need_in_room(struct outcome *outcome);
// NULL, and the refusal in *ret_err, when there is no such participant.
const struct participant *outcome_participant(struct outcome *outcome, const char *id,
                                              enum err *ret_err);
// The caller's booth and desk; refuses when there is none, or the caller is not in the room.
enum err CHECKED outcome_need_desk(struct outcome *outcome, const struct booth **ret_booth,
                                   const struct desk **ret_desk);
// The same for what is chosen before one enters the room too.
enum err CHECKED outcome_need_listener(struct outcome *outcome, const struct booth **ret_booth,
                                       const struct desk **ret_desk);
// settle.c
// The last step of every decision: alarms, relays and channels follow from floor, booths and feeds.
// Above all nouns, which do not call it.
void outcome_settle(struct outcome *outcome);

// floor.c
// The floor's language follows when a feed comes to be heard there, or no longer is.
void floor_settle(struct outcome *outcome);
// It follows whom the floor carries.
void floor_follow_language(struct outcome *outcome);
void floor_close_microphone(struct outcome *outcome, const char *participant);
void floor_close_all(struct outcome *outcome);
// Closes the one at this place of the list, because it delivers nothing.
void floor_close_silent(struct outcome *outcome, uint32_t at);
// feed_place.c
// Puts the feed there, which is not there yet; on the floor at the lowest free place.
struct feed feed_placed(const struct outcome *outcome, const struct feed *feed,
                        enum feed_target target);
void feed_change(struct outcome *outcome, const struct feed *wish);
// The feed must be on the floor, and is on nothing then.
void feed_leave_floor(struct outcome *outcome, const struct feed *feed);
void feed_leave_floor_all(struct outcome *outcome);
void feed_remove(struct outcome *outcome, const struct feed *feed);
// speakers.c
void speakers_remove_participant(struct outcome *outcome, const char *participant);
void speakers_clear(struct outcome *outcome);
// hearing.c
// Pressed, and not heard yet; on the air: its output was turned, and it is where it was till then.
bool hearing_is_opening(const struct desk *desk);
// The desk opens by this output into this channel, once it is heard.
void hearing_begin(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                   enum output output, enum language target);
// It no longer does. Nothing for a desk that did not.
void hearing_end(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                 bool undone);
void hearing_end_all(struct outcome *outcome, const struct booth *booth);
// suspension.c
void suspension_emit(struct outcome *outcome, const struct booth *booth, bool suspended,
                     const char *announcement);
void suspension_end(struct outcome *outcome, const struct booth *booth);
enum err CHECKED suspension_booth(struct outcome *outcome, enum language language,
                                  const struct booth **ret_booth);
// desk.c
// On the air by this output into this channel, and heard there; also moves one that is on the air
// already.
void desk_open(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
               enum output output, enum language target);
// desk.changed: the desk is as wished from then on.
void desk_put(struct outcome *outcome, const struct booth *booth, const struct desk *wish);
// Off the air. `overridden_by` is "" unless a partner opened theirs.
void desk_close(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                const char *overridden_by);
// Off the air in favour of a microphone of booth `by`: its own, or the one that takes the channel.
void desk_displace(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                   enum language by);
// Off the air without a press of its interpreter's: the desk says since when.
void desk_cut(struct outcome *outcome, const struct booth *booth, const struct desk *desk);
// Every desk of the booth that is on the air.
void desk_close_all(struct outcome *outcome, const struct booth *booth);
// desk.chosen, when `wish` differs from the desk; then the desk is as wished.
void desk_choose(struct outcome *outcome, const struct booth *booth, const struct desk *desk,
                 const struct desk *wish);
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
// Only REQUEST, OFFER, ACCEPT and DECLINE can be refused; then nothing has happened.
enum err CHECKED handover_feed(struct outcome *outcome, const struct booth *booth,
                               const struct handover_step *step);
// For the inputs that cannot be refused.
void handover_tell(struct outcome *outcome, const struct booth *booth, enum handover_input input,
                   const char *who);
// Whether opening this desk's microphone is a take-over that was agreed, or is counted down to.
bool handover_awaits(const struct booth *booth, const struct desk *desk);
// Whether the countdown is over, and this desk opens to take over.
bool handover_waits_for(const struct booth *booth, const struct desk *desk);
// The channel that who takes over goes on in, and by which output: what the one on the air feeds,
// or fed. LANGUAGE_NONE: that is allowed no more. There must be a handover.
enum language handover_feeds(const struct booth *booth, enum output *ret_output);
// Somebody opens by their own press: a countdown for a desk that is closed already is over.
void handover_end_vacant(struct outcome *outcome, const struct booth *booth);
// interlock.c
// The other booth that holds `target` against this desk's press by `output`; NULL: none does.
const struct booth *interlock_holder(const struct meeting_state *state, const struct booth *booth,
                                     const struct desk *desk, enum output output,
                                     enum language target);
// Whether this desk may feed `target` by `output`; changes nothing.
enum err CHECKED interlock_judge(struct outcome *outcome, const struct booth *booth,
                                 const struct desk *desk, enum output output, enum language target);
// Lets this desk feed `target` by `output`: closes what must give way, or refuses and changes
// nothing.
enum err CHECKED interlock_clear(struct outcome *outcome, const struct booth *booth,
                                 const struct desk *desk, enum output output, enum language target);
// press.c
// The microphone that opens is heard: what the press was for comes about.
void press_heard(struct outcome *outcome, const struct booth *booth, const struct desk *desk);
// lost.c: a desk whose interpreter is gone from it without a press.
// Whoever would press is gone since then: the microphone closes, and the countdown runs. Nothing
// for desks that are off the air, and for others than interpreters; likewise below.
void lost_drop(struct outcome *outcome, const char *participant, time_ms since);
// The participant is lost for good: the partner takes over at once.
void lost_lose(struct outcome *outcome, const char *participant);
// The participant is to leave the booth, and not by a press of theirs: the microphone closes, and a
// partner who stands by is counted down to; at once where that was agreed or counted already.
void lost_vacate(struct outcome *outcome, const char *participant);
// The participant cannot take over either.
void lost_excuse(struct outcome *outcome, const char *participant);
// booth.c
// Like the press of a key: closes, and an agreed handover follows. Nothing for others.
void booth_close_desk(struct outcome *outcome, const char *participant);
void booth_close_all(struct outcome *outcome);
void booth_alarm(struct outcome *outcome, const struct booth *booth);
// The desk's turn is over; a rota offers it to the next.
void booth_chime(struct outcome *outcome, const struct booth *booth, const struct desk *desk);
// Emits booth.alarmed when two microphones are no longer open together.
void booth_settle(struct outcome *outcome);
// relay.c
// Emits auto_relay.changed when a flagged booth begins or ends to stand in for the floor.
void relay_settle(struct outcome *outcome);
// Fills source, depth, relays, warning and offer of channels whose state and holder are known.
void relay_mark(const struct meeting_state *state, struct channel channels[CHANNEL_ID_COUNT]);
// channel.c
// Recomputes every channel from floor, booths and feeds and emits what changed.
void channel_settle(struct outcome *outcome);
// A technician's own source, which channels are routed to by hand, is not heard since then; 0: is.
void channel_hear(struct outcome *outcome, const char *participant, time_ms silent_since);
// help.c
// help.changed, when it is another; a caller of the audience is unlisted with the end of the call.
// Of `wish` the reason and the helper count; of a call that is over, nothing.
void help_emit(struct outcome *outcome, const struct participant *participant,
               const struct help_call *wish, enum help_state help);
// audience.c
// One of the audience is in no list any more; they send nothing, and are nowhere else.
void audience_unlist(struct outcome *outcome, const struct participant *participant);
// sharing.c
void sharing_end_screen(struct outcome *outcome, const char *participant);
void sharing_end_camera(struct outcome *outcome, const struct participant *participant);
// talkback.c
void talkback_end(struct outcome *outcome, const char *participant);
// document.c
// Who was heard on the floor for so long has delivered what was handed in for the current item.
void document_deliver(struct outcome *outcome, const char *participant, time_ms heard_ms);
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
enum err CHECKED sitting_announce(struct outcome *outcome);
enum err CHECKED sitting_close(struct outcome *outcome);
enum err CHECKED agenda_start(struct outcome *outcome);
enum err CHECKED speaking_time_allow(struct outcome *outcome);
enum err CHECKED press_microphone(struct outcome *outcome);
enum err CHECKED team_set_booth(struct outcome *outcome);
enum err CHECKED team_lead(struct outcome *outcome);
enum err CHECKED team_assign(struct outcome *outcome);
enum err CHECKED team_rest(struct outcome *outcome);
enum err CHECKED press_output(struct outcome *outcome);
enum err CHECKED interlock_set(struct outcome *outcome);
enum err CHECKED handover_request(struct outcome *outcome);
enum err CHECKED handover_offer(struct outcome *outcome);
enum err CHECKED handover_accept(struct outcome *outcome);
enum err CHECKED handover_decline(struct outcome *outcome);
enum err CHECKED relay_listen(struct outcome *outcome);
enum err CHECKED relay_preselect(struct outcome *outcome);
enum err CHECKED signal_send(struct outcome *outcome);
enum err CHECKED booth_suspend(struct outcome *outcome);
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
enum err CHECKED help_say(struct outcome *outcome);
enum err CHECKED presence_enter(struct outcome *outcome);
enum err CHECKED presence_leave(struct outcome *outcome);
enum err CHECKED participant_remove(struct outcome *outcome);
