#include "media/slot.h"

#include "base/assert.h"
#include "media/abilities.h"
#include "media/channel.h"
#include "media/video_slot.h"

// One SSRC twice under one key would use its indices twice.
static bool ssrc_taken(const struct router *router, const struct router_peer *peer, uint32_t ssrc)
{
    for (uint8_t i = 0; i < ROUTER_PEER_SLOTS_MAX; i++) {
        const struct slot *slot = slot_of_peer(router, peer, i);
        if (slot != NULL && ssrc != 0 &&
            (slot->description.ssrc == ssrc || slot->description.rtx_ssrc == ssrc)) {
            return true;
        }
    }
    return false;
}

static bool description_valid(const struct router_peer *peer,
                              const struct router_slot_description *description)
{
    bool video = description->kind == LINK_VIDEO;
    return description->slot < ROUTER_PEER_SLOTS_MAX &&
           peer->slots[description->slot] == ROUTER_NO_SLOT &&
           (video || description->kind == LINK_AUDIO) && description->ssrc != 0 &&
           description->ssrc != description->rtx_ssrc &&
           ability_payload_type(description->payload_type) &&
           ability_payload_type(description->rtx_payload_type) &&
           ability_payload_type(description->red_payload_type) &&
           ability_payload_type(description->h264_payload_type) &&
           ability_payload_type(description->h264_rtx_payload_type) &&
           (description->payload_type != 0 || (video && description->h264_payload_type != 0)) &&
           description->abs_send_time_id <=
               media_abilities.extension_id_max[SDP_CLIENT_RECEIVES][SDP_EXTENSION_ABS_SEND_TIME] &&
           (description->rtx_ssrc == 0) ==
               (description->rtx_payload_type == 0 && description->h264_rtx_payload_type == 0);
}

enum err slot_open(struct router *router, struct router_peer *peer,
                   const struct router_slot_description *description)
{
    if (!description_valid(peer, description) || ssrc_taken(router, peer, description->ssrc) ||
        ssrc_taken(router, peer, description->rtx_ssrc)) {
        return ERR_INVALID;
    }
    bool video = description->kind == LINK_VIDEO;
    if (router->free_slot_count == 0 || (video && router->free_video_slot_count == 0)) {
        return ERR_FULL;
    }
    uint32_t index = router->free_slots[--router->free_slot_count];
    struct slot *slot = &router->slots[index];
    *slot = (struct slot){
        .open = true,
        .index = index,
        .peer = peer,
        .description = *description,
    };
    peer->slots[description->slot] = index;
    if (video) {
        slot->video = router->free_video_slots[--router->free_video_slot_count];
        video_slot_init(router, slot);
    } else {
        secure_rtp_sender_init(&slot->listener.sender, description->ssrc);
        slot->listener.sequence_offset = (uint16_t)(router_random(router) & 0x7fff);
        slot->listener.payload_type = description->payload_type;
        const struct variant_abilities abilities = {
            .listen_only = peer->listen_only,
            .long_packets = description->ptime_max_ms == 0 ||
                            description->ptime_max_ms >= OPUS_MERGE_TICKS / 48,
            .red = description->red_payload_type != 0,
        };
        variant_choice_init(&slot->choice, &abilities, router->limits.listen_only_variant);
        router->store.cold[index] = (struct listener_cold){
            .clock_start = (uint32_t)router_random(router)};
    }
    return ERR_NONE;
}

void slot_close(struct router *router, struct slot *slot)
{
    slot_set_channel(router, 0, slot, NULL);
    if (slot->video != NULL) {
        router->free_video_slots[router->free_video_slot_count++] = slot->video;
    }
    slot->peer->slots[slot->description.slot] = ROUTER_NO_SLOT;
    router->free_slots[router->free_slot_count++] = slot->index;
    *slot = (struct slot){0};
}

void slot_set_channel(struct router *router, time_us now, struct slot *slot,
                      struct channel *channel)
{
    struct channel *before = slot->channel;
    if (before == channel) {
        return;
    }
    if (slot->attached) {
        channel_detach(router, slot);
    }
    slot->channel = channel;
    if (before != NULL) {
        before->slot_count--;
        channel_release(router, before);
    }
    if (channel != NULL) {
        channel->slot_count++;
        slot_update(router, now, slot);
    }
}

void slot_update(struct router *router, time_us now, struct slot *slot)
{
    struct router_peer *peer = slot->peer;
    bool receives = peer->connected && peer->reachable && slot->channel != NULL;
    if (slot->attached && !receives) {
        channel_detach(router, slot);
    }
    slot->listener.key = peer->key;
    slot->listener.destination = peer->destination;
    if (slot->attached && slot->video == NULL) {
        fanout_listener(&slot->channel->fanouts[slot->variant], &router->store,
                        router->store.cold[slot->index].position)
            ->destination = peer->destination;
    }
    if (!slot->attached && receives) {
        channel_attach(router, now, slot);
    }
}

struct slot *slot_of_peer(const struct router *router, const struct router_peer *peer,
                          uint8_t number)
{
    if (number >= ROUTER_PEER_SLOTS_MAX || peer->slots[number] == ROUTER_NO_SLOT) {
        return NULL;
    }
    struct slot *slot = &router->slots[peer->slots[number]];
    ASSERT(slot->open && slot->peer == peer);
    return slot;
}

const struct listener *slot_listener(const struct router *router, const struct slot *slot)
{
    ASSERT(slot->video == NULL);
    return slot->attached ? fanout_listener(&slot->channel->fanouts[slot->variant], &router->store,
                                            router->store.cold[slot->index].position)
                          : &slot->listener;
}

void slot_sent(const struct router *router, const struct slot *slot, uint32_t *ret_packets,
               uint32_t *ret_octets)
{
    if (slot->video != NULL) {
        *ret_packets = slot->video->packets;
        *ret_octets = slot->video->octets;
    } else {
        const struct listener *listener = slot_listener(router, slot);
        *ret_packets = listener->packets;
        *ret_octets = listener->octets;
    }
}

uint8_t slot_payload_type(const struct slot *slot)
{
    bool red = slot->variant == VARIANT_RED1 || slot->variant == VARIANT_RED2;
    return red ? slot->description.red_payload_type : slot->description.payload_type;
}

uint32_t slot_holes(const struct router *router, const struct slot *slot)
{
    const struct listener *listener = slot_listener(router, slot);
    uint64_t begun = router->store.cold[slot->index].begun;
    return listener->sender.started
               ? (uint32_t)(listener->sender.highest - begun + 1) - listener->packets
               : 0;
}
