// One participant's peer: how it begins and ends, and the words to media and to its page about it.
#include <stddef.h>
#include <string.h>

#include "app/app_priv.h"
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

static link_channel slot_channel_at_first(const struct app_peer *peer, enum slot_name slot)
{
    enum route route;
    if (routing_of_slot(slot, &route)) {
        return peer_channel(peer->meeting, route);
    }
    if (slot == SLOT_NAME_LANGUAGE) {
        return peer_channel_chosen(peer->meeting, peer->capacity, peer->attendance->listen);
    }
    return slot == SLOT_NAME_RELAY ? peer_channel_chosen(peer->meeting, peer->capacity, peer->relay)
                                   : 0;
}

bool peer_create(struct app *app, struct app_peer *peer, const char *sdp)
{
    struct media_plan plan;
    app_media_plan(peer->capacity, &plan);
    peer->boothmate_told = 0;
    peer->talkback_told = 0;
    peer->partner_told = 0;
    peer->alone_told = APP_SOURCE_UNKNOWN;
    for (uint32_t i = 0; i < plan.sections_count; i++) {
        if (plan.sections[i].direction == MEDIA_DIRECTION_SEND) {
            sender_begin(app, &peer->senders[plan.sections[i].track], source_take(app));
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
            to->source = peer->senders[section->track].source;
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

void peer_slot_set_source(struct app *app, const struct app_peer *peer, enum slot_name slot,
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
    message->channel = peer_channel_chosen(peer->meeting, peer->capacity, channel);
    (void)peer_send(app);
}

bool peer_hears_alone(const struct app_peer *peer)
{
    const struct listen_alone *alone = &peer->attendance->alone;
    return !peer->echo && (alone->participant[0] != '\0' || alone->feed[0] != '\0');
}

void peer_tell_language_slot(struct app *app, struct app_peer *peer)
{
    if (peer->echo) {
        peer_slot_set_source(app, peer, SLOT_NAME_LANGUAGE,
                             peer->senders[TRACK_NAME_MICROPHONE].source);
    } else if (peer_hears_alone(peer)) {
        peer->alone_told = APP_SOURCE_UNKNOWN; // told when the meeting is followed
    } else {
        peer_tell_slot(app, peer, SLOT_NAME_LANGUAGE, peer->attendance->listen);
    }
}

// Since when the page has had no peer.
static void remember_peer(struct app *app, const struct app_peer *peer)
{
    struct app_connection *connection = peer->attendance->connection;
    if (connection != NULL) {
        time_ms now = app_meeting_time(app, peer->meeting);
        // When a peer says goodbye, media calls its sources silent first.
        bool silent = peer->silent_since != 0 && peer->silent_since + APP_SOURCE_SILENT_MS < now;
        connection->media_gone_at = silent ? peer->silent_since : now;
        app_wake_at(app, app->now); // an interpreter on the air: losses.c
    }
}

// Returns whom its answer was for; HANDLE_NONE when nobody waits.
static app_live give_peer(struct app *app, struct app_peer *peer, uint64_t *ret_request)
{
    app_live live = peer->answer_live;
    struct app_meeting *meeting = peer->meeting;
    *ret_request = peer->answer_request;
    remember_peer(app, peer);
    peer_give(app, peer);
    health_listeners_changed(app, meeting);
    return live;
}

void peer_forget(struct app *app, struct app_peer *peer, enum refusal_reason reason)
{
    uint64_t request = 0;
    app_live live = give_peer(app, peer, &request);
    if (live != HANDLE_NONE) {
        app_refuse(app, live, request, reason);
    }
}

void peer_refuse(struct app *app, struct app_peer *peer, enum err err, const char *detail)
{
    uint64_t request = 0;
    app_live live = give_peer(app, peer, &request);
    if (live != HANDLE_NONE) {
        app_refuse_join(app, live, request, err, detail);
    }
}

void app_peer_close(struct app *app, struct app_peer *peer)
{
    peer_message(app, LINK_PEER_CLOSE)->peer = peer->id;
    (void)peer_send(app);
    peer_forget(app, peer, REFUSAL_MEDIA_SUPERSEDED);
}

void peer_tell_page(struct app *app, struct app_peer *peer)
{
    bool connected = peer->phase == LINK_PEER_CONNECTED;
    if (connected == peer->connected_told) {
        return;
    }
    peer->connected_told = connected;
    health_listeners_changed(app, peer->meeting);
    const struct app_connection *connection = peer->attendance->connection;
    if (connection != NULL) {
        app->notice.type = NOTICE_MEDIA_STATE;
        app->notice.as.media_state.connected = connected;
        app->ports.notice(app->ports.context, connection->live, &app->notice);
    }
}

void peer_tell_pictures(struct app *app, struct app_peer *peer, uint16_t slots_held, bool own_held)
{
    const struct app_connection *connection = peer->attendance->connection;
    if (connection == NULL ||
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
    app->ports.notice(app->ports.context, connection->live, &app->notice);
}
