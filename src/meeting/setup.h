// Making a meeting, and keeping what it begins with: delegations, offices, participants, agenda.
// The server itself does this, at any time, from its configuration, from people's links, or as the
// secretariat wishes. As with commands, the events that come out are applied, and none are a
// success too: it is as wished already. An id that the meeting has not is ERR_NOT_FOUND.
#pragma once

#include "meeting/meeting.h"

// The list has room for both: who calls takes nobody's place, and a full meeting can be called
// from.
#define MEETING_AUDIENCE_CALLS_MAX 100
#define MEETING_PLACES_MAX         (MEETING_PARTICIPANTS_MAX - MEETING_AUDIENCE_CALLS_MAX)

// How many of the list are not of the audience.
uint32_t meeting_places_taken(const struct meeting *meeting);
// The first event of a journal; the state must be new.
enum err CHECKED meeting_create(struct meeting_state *state,
                                const struct event_meeting_created *created, time_ms now,
                                struct event_list *ret_events, struct refusal *ret_refusal);
// Its title and whose it is.
enum err CHECKED meeting_rename(struct meeting_state *state,
                                const struct event_meeting_renamed *renamed, time_ms now,
                                struct event_list *ret_events, struct refusal *ret_refusal);
// No sitting is opened in a meeting that is cancelled or archived. ERR_CONFLICT: it is to become so
// while a sitting is open or suspended.
enum err CHECKED meeting_set_life(struct meeting_state *state, enum meeting_life life, time_ms now,
                                  struct event_list *ret_events, struct refusal *ret_refusal);
// Of delegations and offices alike: an addition is ERR_CONFLICT when the id is taken and ERR_FULL
// at the maximum, a change takes all but the id, a removal is ERR_CONFLICT while somebody is in it.
enum err CHECKED meeting_add_delegation(struct meeting_state *state,
                                        const struct delegation *delegation, time_ms now,
                                        struct event_list *ret_events, struct refusal *ret_refusal);
enum err CHECKED meeting_change_delegation(struct meeting_state *state,
                                           const struct delegation *delegation, time_ms now,
                                           struct event_list *ret_events,
                                           struct refusal *ret_refusal);
enum err CHECKED meeting_remove_delegation(struct meeting_state *state, const char *delegation,
                                           time_ms now, struct event_list *ret_events,
                                           struct refusal *ret_refusal);
enum err CHECKED meeting_add_office(struct meeting_state *state, const struct office *office,
                                    time_ms now, struct event_list *ret_events,
                                    struct refusal *ret_refusal);
enum err CHECKED meeting_change_office(struct meeting_state *state, const struct office *office,
                                       time_ms now, struct event_list *ret_events,
                                       struct refusal *ret_refusal);
enum err CHECKED meeting_remove_office(struct meeting_state *state, const char *office, time_ms now,
                                       struct event_list *ret_events, struct refusal *ret_refusal);
// Only id, name, capacity, delegation, language, title and office are taken; the rest starts at
// rest, away. An interpreter needs a language and gets a desk in its booth. ERR_CONFLICT when the
// id is taken, ERR_NOT_FOUND for a delegation or an office that the meeting has not, ERR_FULL at a
// maximum, which for participants is MEETING_PLACES_MAX.
enum err CHECKED meeting_add_participant(struct meeting_state *state,
                                         const struct participant *participant, time_ms now,
                                         struct event_list *ret_events,
                                         struct refusal *ret_refusal);
// Of `wish` id, name, delegation, language, title and office count, all of them; the capacity
// stays, and so does the language of who has a desk: another is ERR_CONFLICT, none means that it
// stays. The delegation may change at any time, on the list of speakers and with the floor too,
// which are the person's. One of the audience is nobody here.
enum err CHECKED meeting_change_participant(struct meeting_state *state,
                                            const struct participant *wish, time_ms now,
                                            struct event_list *ret_events,
                                            struct refusal *ret_refusal);
// As by the command participant.remove.
enum err CHECKED meeting_remove_participant(struct meeting_state *state, const char *participant,
                                            time_ms now, struct event_list *ret_events,
                                            struct refusal *ret_refusal);
// One of the audience, who is in no list, asks for help: they are listed as they are (as for
// meeting_add_participant, and the presence), until the call is over or they are away. ERR_FULL
// where MEETING_AUDIENCE_CALLS_MAX of them call, which is more than any desk can answer.
enum err CHECKED meeting_audience_calls(struct meeting_state *state,
                                        const struct participant *listener, enum help_reason reason,
                                        time_ms now, struct event_list *ret_events,
                                        struct refusal *ret_refusal);
// The item starts as pending.
enum err CHECKED meeting_add_item(struct meeting_state *state, const struct agenda_item *item,
                                  time_ms now, struct event_list *ret_events,
                                  struct refusal *ret_refusal);
// Of `item` all but its state and when it was taken up.
enum err CHECKED meeting_change_item(struct meeting_state *state, const struct agenda_item *item,
                                     time_ms now, struct event_list *ret_events,
                                     struct refusal *ret_refusal);
// The item stands before the other from then on; "": at the end.
enum err CHECKED meeting_move_item(struct meeting_state *state, const char *item,
                                   const char *before, time_ms now, struct event_list *ret_events,
                                   struct refusal *ret_refusal);
// ERR_CONFLICT once it was taken up, and while a request, a time or a document is of it.
enum err CHECKED meeting_remove_item(struct meeting_state *state, const char *item, time_ms now,
                                     struct event_list *ret_events, struct refusal *ret_refusal);
