// Which peer a datagram's address belongs to, on one media thread: every address that an authentic
// check or authentic media came from, also of peers that another thread owns. A hash table of fixed
// size; a peer has at most ICE_ADDRESSES_MAX addresses here, the oldest gives way. One thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "media/ice_lite.h"
#include "wire/address.h"

struct route_table {
    struct route {
        struct address address;
        uint32_t peer; // index + 1; 0: free
    } * routes;        // owned; a power of two of them
    struct route_peer {
        uint8_t count;
        struct address addresses[ICE_ADDRESSES_MAX]; // oldest first
    } * peers;                                       // owned; by peer index
    uint32_t mask;
    uint32_t peers_max;
    uint64_t seed; // so that nobody can choose addresses that collide
};

enum err CHECKED route_table_init(struct route_table *table, uint32_t peers_max, uint64_t seed);
void route_table_finish(struct route_table *table);

// False when the address is nobody's.
bool route_table_find(const struct route_table *table, const struct address *address,
                      uint32_t *ret_peer);
// The address is this peer's from now on, whosever it was before.
void route_table_add(struct route_table *table, const struct address *address, uint32_t peer);
// Forgets the peer's addresses.
void route_table_remove_peer(struct route_table *table, uint32_t peer);
