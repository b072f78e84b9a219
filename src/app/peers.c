// The table of peers, and the words to the media process about one of them.
#include <stddef.h>
#include <string.h>

#include "app/app_priv.h"
#include "app/door.h"
#include "base/assert.h"
#include "base/text.h"

uint8_t peer_slot_number(enum slot_name slot)
{
    ASSERT(slot != SLOT_NAME_NONE);
    return (uint8_t)((slot == SLOT_NAME_CHAIR    ? SLOT_NAME_SCREEN
                      : slot == SLOT_NAME_SCREEN ? SLOT_NAME_CHAIR
                                                 : slot) -
                     1);
}

struct app_peer *peer_of(const struct app *app, const struct app_meeting *meeting,
                         const char *participant, handle *ret_handle)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        struct app_peer *peer = pool_at(&app->peers, i, ret_handle);
        if (peer != NULL && peer->meeting == meeting &&
            text_equal(peer->participant, participant)) {
            return peer;
        }
    }
    return NULL;
}

struct app_peer *peer_by_id(const struct app *app, link_peer id, handle *ret_handle)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        struct app_peer *peer = pool_at(&app->peers, i, ret_handle);
        if (peer != NULL && peer->id == id) {
            return peer;
        }
    }
    return NULL;
}

struct link_message *peer_message(struct app *app, enum link_message_type type)
{
    // The rest behind the SDP's first byte is read by its length only.
    memset(&app->message, 0, offsetof(struct link_message, sdp) + 1);
    app->message.type = type;
    return &app->message;
}

bool peer_send(struct app *app)
{
    if (app->link.phase == APP_LINK_DOWN ||
        !app->ports.link_send(app->ports.link_context, &app->message)) {
        app->link.messages_refused++;
        return false;
    }
    return true;
}

link_channel peer_channel(const struct app_meeting *meeting, enum route route)
{
    return route < ROUTE_BOOTH_AR ? meeting->channel_base + (link_channel)route + 1
                                  : APP_CHANNEL_BOOTHS + meeting->channel_base +
                                        (link_channel)(route - ROUTE_BOOTH_AR) + 1;
}

// The floor slots carry a page's floor: its language slot is empty then.
static link_channel channel_listened(const struct app_meeting *meeting, enum capacity capacity,
                                     enum channel_id channel)
{
    enum route route;
    return routing_of_channel(channel, capacity, &route) ? peer_channel(meeting, route) : 0;
}

link_channel peer_channel_listened(const struct app_meeting *meeting, enum channel_id channel)
{
    return channel == CHANNEL_ID_FLOOR ? peer_channel(meeting, ROUTE_FLOOR)
                                       : channel_listened(meeting, CAPACITY_LISTENER, channel);
}

enum channel_id peer_channel_heard(const struct app_meeting *meeting, link_channel channel)
{
    for (int route = 0; route < ROUTE_COUNT; route++) {
        if (channel == peer_channel(meeting, (enum route)route)) {
            return routing_channel((enum route)route);
        }
    }
    return CHANNEL_ID_FLOOR;
}

static link_channel slot_channel_at_first(const struct app_peer *peer, enum slot_name slot)
{
    enum route route;
    if (routing_of_slot(slot, &route)) {
        return peer_channel(peer->meeting, route);
    }
    if (slot == SLOT_NAME_LANGUAGE) {
        return channel_listened(peer->meeting, peer->capacity, peer->listen);
    }
    return slot == SLOT_NAME_RELAY ? channel_listened(peer->meeting, peer->capacity, peer->relay)
                                   : 0;
}

static bool source_is_taken(const struct app *app, link_source source)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        const struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        for (int track = 0; peer != NULL && track < TRACK_NAME_COUNT; track++) {
            if (peer->sources[track] == source) {
                return true;
            }
        }
    }
    return door_has_source(app, source);
}

link_source peer_take_source(struct app *app)
{
    link_source source;
    do {
        source = app->link.next_source++;
    } while (source == 0 || source == APP_SOURCE_UNKNOWN || source_is_taken(app, source));
    return source;
}

bool peer_create(struct app *app, struct app_peer *peer, const char *sdp)
{
    struct media_plan plan;
    app_media_plan(peer->capacity, &plan);
    peer->id = app->link.next_peer++;
    peer->boothmate_told = 0;
    peer->talkback_told = 0;
    peer->partner_told = 0;
    for (uint32_t i = 0; i < plan.sections_count; i++) {
        if (plan.sections[i].direction == MEDIA_DIRECTION_SEND) {
            peer->sources[plan.sections[i].track] = peer_take_source(app);
        }
    }
    struct link_message *message = peer_message(app, LINK_PEER_CREATE);
    message->peer = peer->id;
    struct text_builder owner = text_builder(message->owner, sizeof(message->owner));
    text_append(&owner, peer->meeting->id);
    text_append(&owner, "/");
    text_append(&owner, peer->participant);
    ASSERT(!owner.failed);
    message->section_count = (uint8_t)plan.sections_count;
    for (uint32_t i = 0; i < plan.sections_count; i++) {
        const struct media_section *section = &plan.sections[i];
        struct link_section *to = &message->sections[i];
        to->kind = section->kind == MEDIA_KIND_AUDIO ? LINK_AUDIO : LINK_VIDEO;
        if (section->direction == MEDIA_DIRECTION_SEND) {
            to->direction = LINK_SEND;
            to->source = peer->sources[section->track];
        } else {
            to->direction = LINK_RECEIVE;
            to->slot = peer_slot_number(section->slot);
            to->channel = slot_channel_at_first(peer, section->slot);
        }
    }
    size_t length = strlen(sdp);
    ASSERT(length <= LINK_SDP_MAX); // the contract's maximum
    message->sdp_length = (uint32_t)length;
    memcpy(message->sdp, sdp, length + 1);
    return peer_send(app);
}

static void slot_set_source(struct app *app, const struct app_peer *peer, enum slot_name slot,
                            link_source source)
{
    struct link_message *message = peer_message(app, LINK_SLOT_SET_SOURCE);
    message->peer = peer->id;
    message->slot = peer_slot_number(slot);
    message->source = source;
    (void)peer_send(app);
}

void peer_tell_slot(struct app *app, const struct app_peer *peer, enum slot_name slot,
                    enum channel_id channel)
{
    struct link_message *message = peer_message(app, LINK_SLOT_SET_CHANNEL);
    message->peer = peer->id;
    message->slot = peer_slot_number(slot);
    message->channel = channel_listened(peer->meeting, peer->capacity, channel);
    (void)peer_send(app);
}

void peer_tell_language_slot(struct app *app, const struct app_peer *peer)
{
    if (peer->echo) {
        slot_set_source(app, peer, SLOT_NAME_LANGUAGE, peer->sources[TRACK_NAME_MICROPHONE]);
    } else {
        peer_tell_slot(app, peer, SLOT_NAME_LANGUAGE, peer->listen);
    }
}

// What the page chose to hear, and since when it has had no peer.
static void remember_peer(struct app *app, const struct app_peer *peer)
{
    app_live live;
    struct app_connection *connection = live_of(app, peer->meeting, peer->participant, &live);
    if (connection != NULL) {
        connection->listen = peer->listen;
        time_ms now = app_meeting_time(app, peer->meeting);
        // When a peer says goodbye, media calls its sources silent first.
        bool silent = peer->silent_since != 0 && peer->silent_since + APP_SOURCE_SILENT_MS < now;
        connection->media_gone_at = silent ? peer->silent_since : now;
        app_wake_at(app, app->now); // an interpreter on the air: losses.c
    }
}

// Returns whom its answer was for; HANDLE_NONE when nobody waits.
static app_live give_peer(struct app *app, handle peer_handle, uint64_t *ret_request)
{
    struct app_peer *peer = pool_get(&app->peers, peer_handle);
    ASSERT(peer != NULL);
    app_live live = peer->answer_live;
    struct app_meeting *meeting = peer->meeting;
    *ret_request = peer->answer_request;
    remember_peer(app, peer);
    pool_give(&app->peers, peer_handle);
    health_listeners_changed(app, meeting);
    return live;
}

void peer_forget(struct app *app, handle peer_handle, enum refusal_reason reason)
{
    uint64_t request = 0;
    app_live live = give_peer(app, peer_handle, &request);
    if (live != HANDLE_NONE) {
        app_refuse(app, live, request, reason);
    }
}

void peer_refuse(struct app *app, handle peer_handle, enum err err, const char *detail)
{
    uint64_t request = 0;
    app_live live = give_peer(app, peer_handle, &request);
    if (live != HANDLE_NONE) {
        app_refuse_join(app, live, request, err, detail);
    }
}

void app_peer_close(struct app *app, handle peer_handle)
{
    struct app_peer *peer = pool_get(&app->peers, peer_handle);
    ASSERT(peer != NULL);
    peer_message(app, LINK_PEER_CLOSE)->peer = peer->id;
    (void)peer_send(app);
    peer_forget(app, peer_handle, REFUSAL_MEDIA_SUPERSEDED);
}

void peer_tell_page(struct app *app, struct app_peer *peer)
{
    bool connected = peer->phase == LINK_PEER_CONNECTED;
    if (connected == peer->connected_told) {
        return;
    }
    peer->connected_told = connected;
    health_listeners_changed(app, peer->meeting);
    app_live live;
    if (live_of(app, peer->meeting, peer->participant, &live) != NULL) {
        app->notice.type = NOTICE_MEDIA_STATE;
        app->notice.as.media_state.connected = connected;
        app->ports.notice(app->ports.context, live, &app->notice);
    }
}

void peer_tell_pictures(struct app *app, struct app_peer *peer, uint16_t slots_held, bool own_held)
{
    app_live live;
    if (live_of(app, peer->meeting, peer->participant, &live) == NULL ||
        (!peer->pictures_stale && peer->slots_held == slots_held && peer->own_held == own_held)) {
        return;
    }
    peer->pictures_stale = false;
    peer->slots_held = slots_held;
    peer->own_held = own_held;
    app->notice.type = NOTICE_PICTURES_STATE;
    app->notice.as.pictures_state = (struct notice_pictures_state){
        .speaker_held = slots_held >> peer_slot_number(SLOT_NAME_SPEAKER) & 1,
        .chair_held = slots_held >> peer_slot_number(SLOT_NAME_CHAIR) & 1,
        .screen_held = slots_held >> peer_slot_number(SLOT_NAME_SCREEN) & 1,
        .partner_held = slots_held >> peer_slot_number(SLOT_NAME_PARTNER) & 1,
        .own_held = own_held,
    };
    app->ports.notice(app->ports.context, live, &app->notice);
}

static link_source source_of_participant(const struct app *app, const struct app_meeting *meeting,
                                         const char *participant, enum track_name track)
{
    handle peer_handle;
    const struct app_peer *peer = participant != NULL
                                      ? peer_of(app, meeting, participant, &peer_handle)
                                      : NULL;
    return peer != NULL ? peer->sources[track] : 0;
}

static link_source source_of(const struct app *app, const struct app_meeting *meeting,
                             const struct route_origin *origin)
{
    return origin->feed != NULL
               ? door_source(app, meeting, origin->feed, origin->track)
               : source_of_participant(app, meeting, origin->participant, origin->track);
}

static bool meeting_has_peers(const struct app *app, const struct app_meeting *meeting)
{
    if (meeting->publisher_count > 0 || meeting->receiver_count > 0) {
        return true;
    }
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        const struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        if (peer != NULL && peer->meeting == meeting) {
            return true;
        }
    }
    return false;
}

static void follow_slot(struct app *app, const struct app_peer *peer, enum slot_name slot,
                        link_source source, link_source *told)
{
    if (source != *told) {
        *told = source;
        slot_set_source(app, peer, slot, source);
    }
}

static void follow_desks(struct app *app, const struct app_meeting *meeting)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        if (peer == NULL || peer->meeting != meeting ||
            (peer->capacity != CAPACITY_INTERPRETER && peer->capacity != CAPACITY_TECHNICIAN)) {
            continue;
        }
        const struct participant *person = meeting_find_participant(&meeting->told,
                                                                    peer->participant);
        if (person == NULL) {
            continue; // removed: the peer ends at once
        }
        const char *talker = meeting_talker(&meeting->told, person->id);
        follow_slot(app, peer, SLOT_NAME_TALKBACK,
                    source_of_participant(app, meeting, talker, TRACK_NAME_TALKBACK),
                    &peer->talkback_told);
        if (peer->capacity != CAPACITY_INTERPRETER) {
            continue;
        }
        const char *mate = meeting_boothmate(&meeting->told, person->id);
        follow_slot(app, peer, SLOT_NAME_BOOTHMATE,
                    source_of_participant(app, meeting, mate, TRACK_NAME_MICROPHONE),
                    &peer->boothmate_told);
        const char *seen = meeting_partner_seen(&meeting->told, person->id);
        follow_slot(app, peer, SLOT_NAME_PARTNER,
                    source_of_participant(app, meeting, seen, TRACK_NAME_CAMERA),
                    &peer->partner_told);
        enum channel_id relay = meeting_desk_hears(&meeting->told, person->id);
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
        uint16_t delay_ms = routing_delay_ms(&meeting->told, (enum route)route);
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

// Whether a channel may go on carrying this source while the next one has not been heard: its
// microphone is open, and open into this channel.
static bool source_may_stay(const struct app *app, const struct app_meeting *meeting,
                            enum route route, link_source source)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        const struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        if (peer != NULL && peer->sources[TRACK_NAME_MICROPHONE] == source) {
            return peer->meeting == meeting &&
                   routing_may_carry(&meeting->told, peer->participant, route);
        }
    }
    return door_delivers(app, meeting, source);
}

// How long a channel waits for this source to be heard.
static uint16_t patience_of(const struct app *app, link_source source)
{
    for (uint32_t i = 0; i < app->peers.capacity; i++) {
        handle peer_handle;
        const struct app_peer *peer = pool_at(&app->peers, i, &peer_handle);
        if (peer != NULL && peer->sources[TRACK_NAME_MICROPHONE] == source) {
            return hearing_patience_ms(peer);
        }
    }
    return hearing_patience_ms(NULL);
}

static bool tell_route(struct app *app, struct app_meeting *meeting, enum route route,
                       link_source source, link_source before)
{
    struct link_message *message = peer_message(app, LINK_CHANNEL_SET_SOURCE);
    message->channel = peer_channel(meeting, route);
    message->source = source;
    message->wait_ms = before != 0 ? patience_of(app, source) : 0;
    if (!peer_send(app)) {
        return false;
    }
    meeting->routes_told[route] = source;
    meeting->routes_before[route] = before;
    return true;
}

// The one that was carried is closed before the next was heard: it is not heard either.
static bool end_succession(struct app *app, struct app_meeting *meeting, enum route route)
{
    link_source before = meeting->routes_before[route];
    return before == 0 || source_may_stay(app, meeting, route, before) ||
           tell_route(app, meeting, route, meeting->routes_told[route], 0);
}

// False when the link is full.
static bool follow_source(struct app *app, struct app_meeting *meeting, enum route route,
                          link_source source)
{
    link_source told = meeting->routes_told[route];
    if (source == told) {
        return end_succession(app, meeting, route);
    }
    bool stays = source != 0 && told != 0 && told != APP_SOURCE_UNKNOWN &&
                 source_may_stay(app, meeting, route, told);
    return tell_route(app, meeting, route, source, stays ? told : 0);
}

// The same for a route into which a desk opens: it is to carry that one once it is heard, and goes
// on with `source` until then.
static bool follow_opening(struct app *app, struct app_meeting *meeting, enum route route,
                           link_source source, link_source opens)
{
    if (meeting->routes_told[route] == opens && meeting->routes_before[route] == source) {
        return true;
    }
    bool follows = meeting->routes_told[route] == source && meeting->routes_before[route] == 0;
    return (follows || tell_route(app, meeting, route, source, 0)) &&
           tell_route(app, meeting, route, opens, source);
}

void peer_follow_meeting(struct app *app, struct app_meeting *meeting)
{
    if (app->link.phase != APP_LINK_READY) {
        return; // the whole wish follows when it is
    }
    struct route_origin origins[ROUTE_COUNT];
    routing_derive(&meeting->told, origins);
    bool has_peers = meeting_has_peers(app, meeting);
    for (int route = 0; route < ROUTE_COUNT; route++) {
        link_source source = source_of(app, meeting, &origins[route]);
        bool nobody_cares = meeting->routes_told[route] == APP_SOURCE_UNKNOWN && !has_peers;
        if (nobody_cares) {
            continue;
        }
        link_source opens = source_of_participant(
            app, meeting, routing_opening(&meeting->told, (enum route)route),
            TRACK_NAME_MICROPHONE);
        bool followed = opens != 0 && source != 0
                            ? follow_opening(app, meeting, (enum route)route, source, opens)
                            : follow_source(app, meeting, (enum route)route, source);
        if (!followed) {
            return;
        }
    }
    if ((has_peers || meeting->delays_told[0] != APP_DELAY_UNKNOWN) &&
        !follow_delays(app, meeting)) {
        return;
    }
    follow_desks(app, meeting);
}
