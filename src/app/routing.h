// What a meeting's media paths carry, derived from the meeting's committed state alone: a table
// {route → whose track}. Pure. media.c turns the names into sources and tells the media process the
// differences.
#pragma once

#include "meeting/meeting.h"

// The paths of one meeting that listeners' slots are put on; each becomes one link channel.
enum route {
    ROUTE_FLOOR_1, // the floor microphones by position
    ROUTE_FLOOR_2,
    ROUTE_LANGUAGE_AR, // the six languages, in the order of enum language
    ROUTE_LANGUAGE_ZH,
    ROUTE_LANGUAGE_EN,
    ROUTE_LANGUAGE_FR,
    ROUTE_LANGUAGE_RU,
    ROUTE_LANGUAGE_ES,
    ROUTE_SPEAKER,  // video: the newest floor speaker
    ROUTE_CHAIR,    // video
    ROUTE_SCREEN,   // video: the shared screen
    ROUTE_FLOOR,    // what came to the floor last, for listeners with one track only
    ROUTE_BOOTH_AR, // the six languages as those hear them who work at the interpretation: while no
    ROUTE_BOOTH_ZH, // sitting is open, interpreters are heard there and nowhere else
    ROUTE_BOOTH_EN,
    ROUTE_BOOTH_FR,
    ROUTE_BOOTH_RU,
    ROUTE_BOOTH_ES,
    ROUTE_COUNT,
};

// Where a route's sound or picture comes from: a participant or a feed, each NULL when it is not
// the one. Both point into the state; nothing is carried when both are NULL.
struct route_origin {
    const char *participant;
    const char *feed;
    enum track_name track;
};

void routing_derive(const struct meeting_state *state,
                    struct route_origin ret_origins[ROUTE_COUNT]);

// The participant whose desk opens into the route, and is to be carried there once heard: the one
// that pressed last; on the floor, and where it is carried, the one that is awaited there; who a
// technician routed by hand and is not heard; NULL for nobody. Points into the state.
const char *routing_opening(const struct meeting_state *state, enum route route);

// Whether the route may carry this participant's microphone: it is open, and stands where the route
// could have it from: routed there by hand, on the floor (on that position; on a language by
// auto-floor), an interpreter's into that very channel. What is no sound: never.
bool routing_may_carry(const struct meeting_state *state, const char *participant,
                       enum route route);
// The same of a feed: it is put there, or on the floor.
bool routing_may_carry_feed(const struct meeting_state *state, const char *feed, enum route route);
// Who may be carried by a route that carries what came to the floor last, until this participant,
// whose microphone is open there, is heard: the other one there that is not silent; NULL for
// nobody. Points into the state.
const char *routing_until_heard(const struct meeting_state *state, enum route route,
                                const char *participant);
// Whether the route carries this interpreter's desk as such: not by hand, and not on the floor.
bool routing_carries_desk(const struct meeting_state *state, enum route route,
                          const char *participant);
// Whether the route carries this one because a technician has put them there by hand; then what it
// would carry without that.
bool routing_beneath_hand(const struct meeting_state *state, enum route route,
                          const char *participant, struct route_origin *ret_beneath);
// By how much the route is held back; pictures never are.
uint16_t routing_delay_ms(const struct meeting_state *state, enum route route);

// Who hears the interpreters' sound check: those who work with them.
bool routing_hears_check(enum capacity capacity);
// The route of a channel as listeners hear it, as booths do, and as whoever chooses it in this
// capacity does; false for the floor, which the floor slots carry.
bool routing_for_listeners(enum channel_id channel, enum route *ret_route);
bool routing_for_booths(enum channel_id channel, enum route *ret_route);
bool routing_of_channel(enum channel_id channel, enum capacity capacity, enum route *ret_route);
// The other way round: CHANNEL_ID_FLOOR for a route that is no language.
enum channel_id routing_channel(enum route route);
// What a slot carries for as long as it stands; false for the slots that are chosen (language,
// relay, boothmate).
bool routing_of_slot(enum slot_name slot, enum route *ret_route);
