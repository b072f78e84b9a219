// Making a meeting and adding to it: delegations, offices, participants, agenda. The server itself
// does this, at any time, from its configuration or from people's links. As with commands, the
// events that come out are applied.
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
enum err CHECKED meeting_add_delegation(struct meeting_state *state,
                                        const struct delegation *delegation, time_ms now,
                                        struct event_list *ret_events, struct refusal *ret_refusal);
// ERR_CONFLICT when the id is taken, ERR_FULL at the maximum.
enum err CHECKED meeting_add_office(struct meeting_state *state, const struct office *office,
                                    time_ms now, struct event_list *ret_events,
                                    struct refusal *ret_refusal);
// Only id, name, capacity, delegation, language, title and office are taken; the rest starts at
// rest, away. An interpreter needs a language and gets a desk in its booth. ERR_CONFLICT when the
// id is taken, ERR_NOT_FOUND for a delegation or an office that the meeting has not, ERR_FULL at a
// maximum, which for participants is MEETING_PLACES_MAX.
enum err CHECKED meeting_add_participant(struct meeting_state *state,
                                         const struct participant *participant, time_ms now,
                                         struct event_list *ret_events,
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
