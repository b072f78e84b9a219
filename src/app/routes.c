// What the media process is to carry for a meeting: told where it differs from what it was told.
#include "app/app_priv.h"
#include "app/door.h"
#include "app/part.h"
#include "base/text.h"
#include "meeting/timing.h"

// Not NULL inside of following.
static const struct meeting_state *followed(const struct app_meeting *meeting)
{
    return meanwhile_carried(meeting);
}

static link_source source_of_participant(const struct app_meeting *meeting, const char *participant,
                                         enum track_name track)
{
    const struct app_peer *peer = participant != NULL ? peer_of(meeting, participant) : NULL;
    return peer != NULL ? peer->senders[track].source : 0;
}

static link_source source_of(const struct app_meeting *meeting, const struct route_origin *origin)
{
    return origin->feed != NULL
               ? door_source(meeting, origin->feed, origin->track)
               : source_of_participant(meeting, origin->participant, origin->track);
}

static bool meeting_has_peers(const struct app_meeting *meeting)
{
    return meeting->publisher_count > 0 || meeting->receiver_count > 0 ||
           meeting->peers.first != NULL;
}

static void follow_slot(struct app *app, const struct app_peer *peer, enum slot_name slot,
                        link_source source, link_source *told)
{
    if (source != *told) {
        *told = source;
        peer_slot_set_source(app, peer, slot, source);
    }
}

// Of what listen.source chose; nothing while that is closed.
static void follow_alone(struct app *app, const struct app_meeting *meeting, struct app_peer *peer)
{
    const struct listen_alone *alone = &peer->attendance->alone;
    link_source source = 0;
    if (!peer_hears_alone(peer)) {
        return;
    }
    if (alone->feed[0] != '\0') {
        source = door_source(meeting, alone->feed, TRACK_NAME_MICROPHONE);
    } else {
        const struct participant *heard = meeting_find_participant(followed(meeting),
                                                                   alone->participant);
        bool open = heard != NULL && heard->microphone == MICROPHONE_ON &&
                    !text_equal(heard->id, peer->participant); // nobody hears themselves
        source = source_of_participant(meeting, open ? heard->id : NULL, TRACK_NAME_MICROPHONE);
    }
    follow_slot(app, peer, SLOT_NAME_LANGUAGE, source, &peer->alone_told);
}

static void follow_desks(struct app *app, const struct app_meeting *meeting)
{
    for (struct list_link *at = meeting->desk_peers.first; at != NULL; at = at->next) {
        struct app_peer *peer = LIST_ITEM(at, struct app_peer, at_desk);
        const struct participant *person = meeting_find_participant(followed(meeting),
                                                                    peer->participant);
        if (person == NULL) {
            continue; // removed: the peer ends at once
        }
        const char *talker = meeting_talker(followed(meeting), person->id);
        follow_slot(app, peer, SLOT_NAME_TALKBACK,
                    source_of_participant(meeting, talker, TRACK_NAME_TALKBACK),
                    &peer->talkback_told);
        follow_alone(app, meeting, peer);
        if (!capacity_can(peer->capacity, ABILITY_HAS_DESK)) {
            continue;
        }
        const char *mate = meeting_boothmate(followed(meeting), person->id);
        follow_slot(app, peer, SLOT_NAME_BOOTHMATE,
                    source_of_participant(meeting, mate, TRACK_NAME_MICROPHONE),
                    &peer->boothmate_told);
        const char *seen = meeting_partner_seen(followed(meeting), person->id);
        follow_slot(app, peer, SLOT_NAME_PARTNER,
                    source_of_participant(meeting, seen, TRACK_NAME_CAMERA), &peer->partner_told);
        enum channel_id relay = meeting_desk_hears(followed(meeting), person->id);
        if (relay != peer->relay || !peer->relay_known) {
            peer->relay = relay;
            peer->relay_known = true;
            peer_tell_slot(app, peer, SLOT_NAME_RELAY, relay);
        }
    }
}

// False when the link is full: the rest follows at the next change.
static bool follow_delays(struct app *app, struct app_meeting *meeting)
{
    for (int route = 0; route < ROUTE_COUNT; route++) {
        uint16_t delay_ms = routing_delay_ms(followed(meeting), (enum route)route);
        if (delay_ms == meeting->delays_told[route]) {
            continue;
        }
        struct link_message *message = peer_message(app, LINK_CHANNEL_SET_DELAY);
        message->channel = peer_channel(meeting, (enum route)route);
        message->delay_ms = delay_ms;
        if (!peer_send(app)) {
            return false;
        }
        meeting->delays_told[route] = delay_ms;
    }
    return true;
}

// Whether a channel may go on carrying this source while the next one has not been heard: it
// delivers, and stands where this channel could have it from. What was taken off is gone at once,
// however long the next one is waited for.
static bool source_may_stay(const struct app *app, const struct app_meeting *meeting,
                            enum route route, link_source source)
{
    const struct app_peer *peer = peer_of_microphone(app, source);
    if (peer != NULL) {
        return peer->meeting == meeting &&
               routing_may_carry(followed(meeting), peer->participant, route);
    }
    const char *feed = door_delivering(meeting, source);
    return feed != NULL && routing_may_carry_feed(followed(meeting), feed, route);
}

static bool tell_route(struct app *app, struct app_meeting *meeting, enum route route,
                       link_source source, link_source before)
{
    struct link_message *message = peer_message(app, LINK_CHANNEL_SET_SOURCE);
    message->channel = peer_channel(meeting, route);
    message->source = source;
    message->wait_ms = before != 0 ? hearing_patience_ms(peer_of_microphone(app, source)) : 0;
    if (!peer_send(app)) {
        return false;
    }
    meeting->routes_told[route] = source;
    meeting->routes_before[route] = before;
    return true;
}

// A route carries `opens` once that is heard, and goes on with `source` until then. `opens` is 0
// while whoever is awaited has no source yet.
static bool follow_opening(struct app *app, struct app_meeting *meeting, enum route route,
                           link_source source, link_source opens)
{
    bool follows = meeting->routes_told[route] == source && meeting->routes_before[route] == 0;
    if (opens == 0) {
        meeting->routes_opening[route] = false;
        return follows || tell_route(app, meeting, route, source, 0);
    }
    if (meeting->routes_opening[route] && meeting->routes_told[route] == opens &&
        meeting->routes_before[route] == source) {
        return true;
    }
    meeting->routes_opening[route] = (follows || tell_route(app, meeting, route, source, 0)) &&
                                     tell_route(app, meeting, route, opens, source);
    return meeting->routes_opening[route];
}

static link_source if_heard(const struct app *app, const struct app_meeting *meeting,
                            const char *participant)
{
    bool heard = participant != NULL && hearing_is_heard(app, meeting, participant);
    return heard ? source_of_participant(meeting, participant, TRACK_NAME_MICROPHONE) : 0;
}

// The desk open into the same channel that opened last of those that are heard.
static link_source other_desk_heard(const struct app *app, const struct app_meeting *meeting,
                                    enum route route, const char *participant)
{
    const struct meeting *now = &followed(meeting)->meeting;
    const struct desk *newest = NULL;
    for (uint32_t i = 0; i < now->booths_count; i++) {
        for (uint32_t j = 0; j < now->booths[i].desks_count; j++) {
            const struct desk *desk = &now->booths[i].desks[j];
            if (desk->silence == SILENCE_NONE && !text_equal(desk->participant, participant) &&
                (newest == NULL || desk->opened > newest->opened) &&
                routing_may_carry(followed(meeting), desk->participant, route) &&
                hearing_is_heard(app, meeting, desk->participant)) {
                newest = desk;
            }
        }
    }
    return if_heard(app, meeting, newest != NULL ? newest->participant : NULL);
}

// Of what stands beneath a route by hand: who is heard there, or a feed that delivers.
static link_source heard_beneath_hand(const struct app *app, const struct app_meeting *meeting,
                                      enum route route, const struct route_origin *beneath)
{
    if (beneath->feed != NULL) {
        link_source source = source_of(meeting, beneath);
        return door_delivering(meeting, source) != NULL ? source : 0;
    }
    if (beneath->participant == NULL) {
        return 0;
    }
    link_source source = if_heard(app, meeting, beneath->participant);
    return source != 0
               ? source
               : if_heard(app, meeting,
                          routing_until_heard(followed(meeting), route, beneath->participant));
}

// Whom the route carries is not heard, perhaps has not come back to media at all: the other one who
// stands there is carried until then. 0 for nobody.
static link_source until_heard(const struct app *app, const struct app_meeting *meeting,
                               enum route route, const char *participant)
{
    if (participant == NULL || hearing_is_heard(app, meeting, participant)) {
        return 0;
    }
    struct route_origin beneath;
    if (routing_beneath_hand(followed(meeting), route, participant, &beneath)) {
        return heard_beneath_hand(app, meeting, route, &beneath);
    }
    if (routing_carries_desk(followed(meeting), route, participant)) {
        return other_desk_heard(app, meeting, route, participant);
    }
    return if_heard(app, meeting, routing_until_heard(followed(meeting), route, participant));
}

// False when the link is full.
static bool follow_source(struct app *app, struct app_meeting *meeting, enum route route,
                          link_source source, link_source meanwhile)
{
    link_source told = meeting->routes_told[route];
    link_source before = meeting->routes_before[route];
    // Perhaps carried still, as the one that was told has not been heard, and taken off.
    bool lingers = before != 0 && !source_may_stay(app, meeting, route, before);
    bool stays = source != 0 && source != told && told != 0 && told != APP_SOURCE_UNKNOWN &&
                 source_may_stay(app, meeting, route, told);
    if (meanwhile != 0 && !stays) {
        return follow_opening(app, meeting, route, meanwhile, source);
    }
    meeting->routes_opening[route] = false;
    if (source == told && !lingers) {
        return true;
    }
    if (stays && lingers && !tell_route(app, meeting, route, told, 0)) {
        return false;
    }
    if (!tell_route(app, meeting, route, source, stays ? told : 0)) {
        return false;
    }
    meeting->routes_opening[route] = stays && meanwhile == told && (before == 0 || lingers);
    return true;
}

static bool follow_route(struct app *app, struct app_meeting *meeting, enum route route,
                         link_source source, const struct route_origin *origin)
{
    const char *microphone = origin->track == TRACK_NAME_MICROPHONE ? origin->participant : NULL;
    link_source meanwhile = until_heard(app, meeting, route, microphone);
    link_source opens = source_of_participant(meeting, routing_opening(followed(meeting), route),
                                              TRACK_NAME_MICROPHONE);
    link_source carried = meanwhile != 0 ? meanwhile : source;
    return opens != 0 && carried != 0 && opens != carried
               ? follow_opening(app, meeting, route, carried, opens)
               : follow_source(app, meeting, route, source, meanwhile);
}

void peer_follow_meeting(struct app *app, struct app_meeting *meeting)
{
    const struct meeting_state *state = followed(meeting);
    if (app->link.phase != APP_LINK_READY || state == NULL) {
        return; // the whole wish follows when it is; or when the batch is written
    }
    struct route_origin origins[ROUTE_COUNT];
    routing_derive(state, origins);
    bool has_peers = meeting_has_peers(meeting);
    for (int route = 0; route < ROUTE_COUNT; route++) {
        link_source source = source_of(meeting, &origins[route]);
        bool nobody_cares = meeting->routes_told[route] == APP_SOURCE_UNKNOWN && !has_peers;
        if (nobody_cares) {
            continue;
        }
        if (!follow_route(app, meeting, (enum route)route, source, &origins[route])) {
            return;
        }
    }
    if ((has_peers || meeting->delays_told[0] != APP_DELAY_UNKNOWN) &&
        !follow_delays(app, meeting)) {
        return;
    }
    follow_desks(app, meeting);
}

// ---- As a part

static void routes_follow(struct app *app, struct app_meeting *meeting, const struct event *events,
                          uint32_t count)
{
    (void)events, (void)count;
    peer_follow_meeting(app, meeting);
}

// While nothing can be written no event is told of what is decided meanwhile.
static void routes_look(struct app *app, struct app_meeting *meeting)
{
    if (app->outbox.closed) {
        peer_follow_meeting(app, meeting);
    }
}

static void routes_syncing(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        for (int route = 0; route < ROUTE_COUNT; route++) {
            app->meetings[i]->routes_told[route] = APP_SOURCE_UNKNOWN;
            app->meetings[i]->delays_told[route] = APP_DELAY_UNKNOWN;
        }
    }
}

static void routes_ready(struct app *app)
{
    for (uint32_t i = 0; i < app->meeting_count; i++) {
        peer_follow_meeting(app, app->meetings[i]);
    }
}

const struct app_part routes_part = {.follow = routes_follow,
                                     .meeting_on_deadline = routes_look,
                                     .link_syncing = routes_syncing,
                                     .link_ready = routes_ready,
                                     .settle = peer_follow_meeting};
