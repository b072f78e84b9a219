#include "app/routing.h"

#include <string.h>

#include "base/assert.h"
#include "meeting/feed.h"

_Static_assert(ROUTE_LANGUAGE_AR - CHANNEL_ID_AR == ROUTE_LANGUAGE_ES - CHANNEL_ID_ES,
               "the routes of languages stand in the order of their channels");
_Static_assert(ROUTE_BOOTH_AR - CHANNEL_ID_AR == ROUTE_BOOTH_ES - CHANNEL_ID_ES,
               "so do those of the booths");

// Whose picture is the large one, as the pages name it: the newest who does not preside, for who
// presides has a place of their own; else who does.
static const struct participant *newest_speaker(const struct meeting_state *state)
{
    const struct participant *newest = NULL;
    for (uint32_t i = state->meeting.floor_count; i-- > 0;) {
        const struct participant *speaker = meeting_find_participant(
            state, state->meeting.floor[i].participant);
        if (!capacity_can(speaker->capacity, ABILITY_PRESIDES)) {
            return speaker;
        }
        newest = newest == NULL ? speaker : newest;
    }
    return newest;
}

static struct route_origin origin_of(const struct participant *participant, enum track_name track)
{
    if (participant == NULL) {
        return (struct route_origin){0};
    }
    return (struct route_origin){.participant = participant->id, .track = track};
}

static struct route_origin origin_of_feed(const char *feed, enum track_name track)
{
    return (struct route_origin){.feed = feed, .track = track};
}

// Routed by hand to who is not heard: what is there without the route goes on until that one is.
static bool waits_for_hand(const struct meeting_state *state, const struct channel *channel)
{
    return channel->forced && (channel->silent_since != 0 ||
                               meeting_silence_of(state, channel->holder) != SILENCE_NONE);
}

static struct route_origin origin_of_channel(const struct meeting_state *state,
                                             const struct channel *channel)
{
    if (channel->feed[0] != '\0') {
        // The state's own: the channel may be a copy.
        const struct feed *feed = meeting_find_feed(state, channel->feed);
        return feed != NULL ? origin_of_feed(feed->id, TRACK_NAME_MICROPHONE)
                            : (struct route_origin){0};
    }
    const struct participant *holder = meeting_find_participant(state, channel->holder);
    if (channel->state == CHANNEL_STATE_SILENT || holder == NULL) {
        return (struct route_origin){0};
    }
    // A desk on cough holds its channel, and the channel is silent meanwhile.
    if (capacity_can(holder->capacity, ABILITY_HAS_DESK) && holder->microphone != MICROPHONE_ON) {
        return (struct route_origin){0};
    }
    return origin_of(holder, TRACK_NAME_MICROPHONE);
}

static bool is_booth(enum route route)
{
    return route >= ROUTE_BOOTH_AR && route <= ROUTE_BOOTH_ES;
}

// What an interpreter says is for the meeting while a sitting is open. Before, between and after
// them it is a sound check; in a rehearsal everybody is there to listen.
static bool is_sound_check(const struct meeting *meeting)
{
    return meeting->sitting != SITTING_STATE_OPEN && !meeting->rehearsal;
}

// Whether whoever hears this route of a language hears its interpreters now.
static bool hears_desks(const struct meeting *meeting, enum route route)
{
    return is_booth(route) || !is_sound_check(meeting);
}

// The channel as this route of it carries it: to listeners a sound check is not there at all, and
// what would be without the interpreter is. A route by hand is the technician's word.
static struct channel channel_on(const struct meeting_state *state, enum route route,
                                 const struct channel *channel)
{
    return channel->forced || hears_desks(&state->meeting, route)
               ? *channel
               : meeting_channel_without_desks(state, channel->id);
}

// The newest feed on the floor that shows something, heard or not: a hall's camera may come without
// sound.
static struct route_origin origin_of_film(const struct meeting_state *state)
{
    const struct feed *newest = NULL;
    for (uint32_t i = 0; i < state->meeting.feeds_count; i++) {
        const struct feed *feed = &state->meeting.feeds[i];
        if (feed->target == FEED_TARGET_FLOOR && feed->picture &&
            (newest == NULL || feed->put_at >= newest->put_at)) {
            newest = feed;
        }
    }
    return newest != NULL ? origin_of_feed(newest->id, TRACK_NAME_CAMERA)
                          : (struct route_origin){0};
}

// The camera of whoever came to the floor last; without one the picture of a feed there.
static struct route_origin origin_of_speaker(const struct meeting_state *state)
{
    const char *id = state->meeting.channels[CHANNEL_ID_FLOOR].feed;
    const struct feed *feed = id[0] != '\0' ? meeting_find_feed(state, id) : NULL;
    if (feed != NULL && feed->picture) {
        return origin_of_feed(feed->id, TRACK_NAME_CAMERA);
    }
    const struct participant *speaker = feed == NULL ? newest_speaker(state) : NULL;
    return speaker != NULL && speaker->camera ? origin_of(speaker, TRACK_NAME_CAMERA)
                                              : origin_of_film(state);
}

static enum route route_of_position(int64_t position)
{
    ASSERT(position == 1 || position == 2);
    return position == 1 ? ROUTE_FLOOR_1 : ROUTE_FLOOR_2;
}

static struct route_origin origin_beneath_hand(const struct meeting_state *state, enum route route)
{
    const struct channel below = meeting_channel_beneath(state, routing_channel(route));
    const struct channel beneath = channel_on(state, route, &below);
    return origin_of_channel(state, &beneath);
}

// Where nothing is beneath a route by hand nothing is kept from it.
static struct route_origin origin_of_language(const struct meeting_state *state, enum route route,
                                              const struct channel *channel)
{
    const struct channel carried = channel_on(state, route, channel);
    struct route_origin origin = {0};
    if (waits_for_hand(state, channel)) {
        origin = origin_beneath_hand(state, route);
    }
    bool nothing = origin.participant == NULL && origin.feed == NULL;
    return nothing ? origin_of_channel(state, &carried) : origin;
}

static const struct participant *chair_on_camera(const struct meeting_state *state)
{
    return state->chair[0] != '\0' ? meeting_find_participant(state, state->chair) : NULL;
}

void routing_derive(const struct meeting_state *state, struct route_origin ret_origins[ROUTE_COUNT])
{
    const struct meeting *meeting = &state->meeting;
    memset(ret_origins, 0, ROUTE_COUNT * sizeof(*ret_origins));
    for (uint32_t i = 0; i < meeting->floor_count; i++) {
        const struct floor_microphone *floor = &meeting->floor[i];
        ret_origins[route_of_position(floor->position)] = (struct route_origin){
            .participant = floor->participant, .track = TRACK_NAME_MICROPHONE};
    }
    for (uint32_t i = 0; i < meeting->feeds_count; i++) {
        const struct feed *feed = &meeting->feeds[i];
        if (feed->target == FEED_TARGET_FLOOR) {
            ret_origins[route_of_position(feed->position)] = origin_of_feed(feed->id,
                                                                            TRACK_NAME_MICROPHONE);
        }
    }
    for (uint32_t i = 0; i < meeting->channels_count; i++) {
        enum route route;
        if (routing_for_listeners(meeting->channels[i].id, &route)) {
            ret_origins[route] = origin_of_language(state, route, &meeting->channels[i]);
        }
        if (routing_for_booths(meeting->channels[i].id, &route)) {
            ret_origins[route] = origin_of_language(state, route, &meeting->channels[i]);
        }
    }
    ret_origins[ROUTE_FLOOR] = origin_of_channel(state, &meeting->channels[CHANNEL_ID_FLOOR]);
    ret_origins[ROUTE_SPEAKER] = origin_of_speaker(state);
    ret_origins[ROUTE_CHAIR] = origin_of(chair_on_camera(state), TRACK_NAME_CAMERA);
    if (state->screen[0] != '\0') {
        ret_origins[ROUTE_SCREEN] = (struct route_origin){.participant = state->screen,
                                                          .track = TRACK_NAME_SCREEN};
    }
}

// Not those of one position: whoever hears them hears both.
static bool carries_newest(const struct meeting_state *state, enum route route)
{
    enum channel_id id = routing_channel(route);
    if (id == CHANNEL_ID_FLOOR) {
        return route == ROUTE_FLOOR;
    }
    return channel_on(state, route, &state->meeting.channels[id]).state == CHANNEL_STATE_FLOOR;
}

// The one of the floor that is awaited while another is carried there.
static const char *floor_opening(const struct meeting *meeting)
{
    const char *carried = meeting->channels[CHANNEL_ID_FLOOR].holder;
    for (uint32_t i = meeting->floor_count; i-- > 0;) {
        const struct floor_microphone *floor = &meeting->floor[i];
        if (floor->awaited && strcmp(floor->participant, carried) != 0) {
            return floor->participant;
        }
    }
    return NULL;
}

static const char *desk_opening(const struct meeting *meeting, enum channel_id channel)
{
    const struct desk *newest = NULL;
    for (uint32_t i = 0; i < meeting->booths_count; i++) {
        for (uint32_t j = 0; j < meeting->booths[i].desks_count; j++) {
            const struct desk *desk = &meeting->booths[i].desks[j];
            if (desk->opening_since != 0 && desk->microphone != MICROPHONE_COUGH &&
                (int)desk->opening_target == (int)channel &&
                (newest == NULL || desk->opening_since >= newest->opening_since)) {
                newest = desk;
            }
        }
    }
    return newest != NULL ? newest->participant : NULL;
}

const char *routing_opening(const struct meeting_state *state, enum route route)
{
    const struct meeting *meeting = &state->meeting;
    enum channel_id channel = routing_channel(route);
    bool language = channel != CHANNEL_ID_FLOOR;
    if (language && meeting->channels[channel].forced) {
        const struct channel *routed = &meeting->channels[channel];
        // Of a muted one packets come, and media would take them for it in the end: it is carried
        // again when it is known to be heard.
        bool muted = meeting_silence_of(state, routed->holder) == SILENCE_NO_SOUND;
        return waits_for_hand(state, routed) && !muted ? routed->holder : NULL;
    }
    bool desks = language && hears_desks(meeting, route);
    const char *desk = desks ? desk_opening(meeting, channel) : NULL;
    bool floor = desk == NULL && carries_newest(state, route);
    return floor ? floor_opening(meeting) : desk;
}

// Whether what stands on the floor at this position may be heard there.
static bool floor_reaches(const struct meeting *meeting, enum route route, int64_t position)
{
    enum channel_id channel = routing_channel(route);
    if (channel != CHANNEL_ID_FLOOR) {
        return meeting->channels[channel].auto_floor;
    }
    return route == ROUTE_FLOOR || route == route_of_position(position);
}

static bool is_routed_by_hand(const struct meeting *meeting, const char *participant,
                              enum route route)
{
    const struct channel *channel = &meeting->channels[routing_channel(route)];
    return channel->forced && strcmp(channel->holder, participant) == 0;
}

bool routing_may_carry(const struct meeting_state *state, const char *participant, enum route route)
{
    const struct meeting *meeting = &state->meeting;
    const struct participant *source = meeting_find_participant(state, participant);
    if (source == NULL || source->microphone != MICROPHONE_ON) {
        return false;
    }
    const struct floor_microphone *floor = meeting_find_floor(state, participant);
    if (is_routed_by_hand(meeting, participant, route) ||
        (floor != NULL && floor_reaches(meeting, route, floor->position))) {
        return true;
    }
    enum channel_id channel = routing_channel(route);
    return channel != CHANNEL_ID_FLOOR && hears_desks(meeting, route) &&
           (int)meeting_desk_target(state, participant) == (int)channel;
}

bool routing_may_carry_feed(const struct meeting_state *state, const char *id, enum route route)
{
    const struct feed *feed = meeting_find_feed(state, id);
    if (feed == NULL || feed->target == FEED_TARGET_NONE) {
        return false;
    }
    if (feed->target == FEED_TARGET_FLOOR) {
        return floor_reaches(&state->meeting, route, feed->position);
    }
    return (int)feed->target == (int)FEED_TARGET_FLOOR + (int)routing_channel(route);
}

const char *routing_until_heard(const struct meeting_state *state, enum route route,
                                const char *participant)
{
    const struct meeting *meeting = &state->meeting;
    if (!carries_newest(state, route) || meeting_find_floor(state, participant) == NULL) {
        return NULL;
    }
    for (uint32_t i = meeting->floor_count; i-- > 0;) {
        const struct floor_microphone *other = &meeting->floor[i];
        if (other->silence == SILENCE_NONE && strcmp(other->participant, participant) != 0) {
            return other->participant;
        }
    }
    return NULL;
}

bool routing_carries_desk(const struct meeting_state *state, enum route route,
                          const char *participant)
{
    enum channel_id channel = routing_channel(route);
    return channel != CHANNEL_ID_FLOOR && !state->meeting.channels[channel].forced &&
           (int)meeting_desk_target(state, participant) == (int)channel;
}

bool routing_beneath_hand(const struct meeting_state *state, enum route route,
                          const char *participant, struct route_origin *ret_beneath)
{
    bool language = routing_channel(route) != CHANNEL_ID_FLOOR;
    bool by_hand = language && is_routed_by_hand(&state->meeting, participant, route);
    *ret_beneath = by_hand ? origin_beneath_hand(state, route) : (struct route_origin){0};
    return by_hand;
}

uint16_t routing_delay_ms(const struct meeting_state *state, enum route route)
{
    bool floor = route == ROUTE_FLOOR_1 || route == ROUTE_FLOOR_2 || route == ROUTE_FLOOR;
    enum channel_id channel = routing_channel(route);
    if (state->meeting.channels_count == 0 || (channel == CHANNEL_ID_FLOOR && !floor)) {
        return 0;
    }
    return (uint16_t)state->meeting.channels[channel].delay_ms;
}

bool routing_hears_check(enum capacity capacity)
{
    return capacity_can(capacity, ABILITY_HAS_DESK | ABILITY_RUNS_CONSOLE);
}

static bool route_of_language(enum channel_id channel, enum route first, enum route *ret_route)
{
    if (channel == CHANNEL_ID_FLOOR) {
        return false;
    }
    *ret_route = (enum route)((int)first + (int)channel - (int)CHANNEL_ID_AR);
    return true;
}

bool routing_for_listeners(enum channel_id channel, enum route *ret_route)
{
    return route_of_language(channel, ROUTE_LANGUAGE_AR, ret_route);
}

bool routing_for_booths(enum channel_id channel, enum route *ret_route)
{
    return route_of_language(channel, ROUTE_BOOTH_AR, ret_route);
}

bool routing_of_channel(enum channel_id channel, enum capacity capacity, enum route *ret_route)
{
    return routing_hears_check(capacity) ? routing_for_booths(channel, ret_route)
                                         : routing_for_listeners(channel, ret_route);
}

enum channel_id routing_channel(enum route route)
{
    bool booth = is_booth(route);
    if (!booth && (route < ROUTE_LANGUAGE_AR || route > ROUTE_LANGUAGE_ES)) {
        return CHANNEL_ID_FLOOR;
    }
    enum route first = booth ? ROUTE_BOOTH_AR : ROUTE_LANGUAGE_AR;
    return (enum channel_id)((int)CHANNEL_ID_AR + (int)route - (int)first);
}

bool routing_of_slot(enum slot_name slot, enum route *ret_route)
{
    static const struct {
        bool fixed;
        enum route route;
    } routes[SLOT_NAME_COUNT] = {
        [SLOT_NAME_FLOOR_1] = {true, ROUTE_FLOOR_1}, [SLOT_NAME_FLOOR_2] = {true, ROUTE_FLOOR_2},
        [SLOT_NAME_SPEAKER] = {true, ROUTE_SPEAKER}, [SLOT_NAME_CHAIR] = {true, ROUTE_CHAIR},
        [SLOT_NAME_SCREEN] = {true, ROUTE_SCREEN},
    };
    *ret_route = routes[slot].route;
    return routes[slot].fixed;
}
