// Slots: a listener's receive tracks.
#pragma once

#include "media/router_state.h"

enum err CHECKED slot_open(struct router *router, struct router_peer *peer,
                           const struct router_slot_description *description);
void slot_close(struct router *router, struct slot *slot);
// The slot shall carry the channel (NULL: nothing).
void slot_set_channel(struct router *router, time_us now, struct slot *slot,
                      struct channel *channel);
// After the peer became connected, reachable or unreachable.
void slot_update(struct router *router, time_us now, struct slot *slot);
struct slot *slot_of_peer(const struct router *router, const struct router_peer *peer,
                          uint8_t number);
// Its record, wherever it is now (audio).
const struct listener *slot_listener(const struct router *router, const struct slot *slot);
// The payload type of the form it is in (audio).
uint8_t slot_payload_type(const struct slot *slot);
// Sequence numbers of its stream that were never sent, because the source lost the packets (audio).
uint32_t slot_holes(const struct router *router, const struct slot *slot);
void slot_sent(const struct router *router, const struct slot *slot, uint32_t *ret_packets,
               uint32_t *ret_octets);
