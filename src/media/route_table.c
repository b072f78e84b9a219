#include "media/route_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum err route_table_init(struct route_table *table, uint32_t peers_max, uint64_t seed)
{
    uint32_t size = 64;
    // Most peers have one or two addresses; with all of them at the maximum it is still half empty.
    while (size < peers_max * ICE_ADDRESSES_MAX * 2) {
        size *= 2;
    }
    *table = (struct route_table){.mask = size - 1, .peers_max = peers_max, .seed = seed | 1};
    table->routes = calloc(size, sizeof(*table->routes));
    table->peers = calloc(peers_max, sizeof(*table->peers));
    if (table->routes == NULL || table->peers == NULL) {
        route_table_finish(table);
        return ERR_FULL;
    }
    return ERR_NONE;
}

void route_table_finish(struct route_table *table)
{
    free(table->routes);
    free(table->peers);
    *table = (struct route_table){.mask = 0};
}

static uint32_t home_of(const struct route_table *table, const struct address *address)
{
    uint64_t high;
    uint64_t low;
    memcpy(&high, address->ip, sizeof(high));
    memcpy(&low, address->ip + sizeof(high), sizeof(low));
    uint64_t mixed = (high ^ table->seed) * 0x9e3779b97f4a7c15ull;
    mixed ^= mixed >> 29;
    mixed = (mixed + (low ^ address->port)) * (table->seed * 0xbf58476d1ce4e5b9ull | 1);
    mixed ^= mixed >> 32;
    mixed *= 0x94d049bb133111ebull;
    return (uint32_t)(mixed >> 32) & table->mask;
}

static uint32_t place_of(const struct route_table *table, const struct address *address)
{
    uint32_t place = home_of(table, address);
    while (table->routes[place].peer != 0 &&
           !address_equal(&table->routes[place].address, address)) {
        place = (place + 1) & table->mask;
    }
    return place;
}

bool route_table_find(const struct route_table *table, const struct address *address,
                      uint32_t *ret_peer)
{
    const struct route *route = &table->routes[place_of(table, address)];
    if (route->peer == 0) {
        return false;
    }
    *ret_peer = route->peer - 1;
    return true;
}

// Closes the gap by moving back the entries that probing would no longer reach.
static void route_remove(struct route_table *table, const struct address *address)
{
    uint32_t gap = place_of(table, address);
    if (table->routes[gap].peer == 0) {
        return;
    }
    uint32_t place = gap;
    for (;;) {
        place = (place + 1) & table->mask;
        if (table->routes[place].peer == 0) {
            break;
        }
        uint32_t home = home_of(table, &table->routes[place].address);
        if (((place - home) & table->mask) >= ((place - gap) & table->mask)) {
            table->routes[gap] = table->routes[place];
            gap = place;
        }
    }
    table->routes[gap].peer = 0;
}

static void peer_forget(struct route_peer *peer, const struct address *address)
{
    for (uint8_t i = 0; i < peer->count; i++) {
        if (address_equal(&peer->addresses[i], address)) {
            memmove(&peer->addresses[i], &peer->addresses[i + 1],
                    (size_t)(peer->count - 1 - i) * sizeof(peer->addresses[0]));
            peer->count--;
            return;
        }
    }
}

void route_table_add(struct route_table *table, const struct address *address, uint32_t peer)
{
    ASSERT(peer < table->peers_max);
    uint32_t place = place_of(table, address);
    if (table->routes[place].peer == peer + 1) {
        return;
    }
    if (table->routes[place].peer != 0) {
        peer_forget(&table->peers[table->routes[place].peer - 1], address);
        route_remove(table, address);
    }
    struct route_peer *routes = &table->peers[peer];
    if (routes->count == ICE_ADDRESSES_MAX) {
        struct address oldest = routes->addresses[0];
        peer_forget(routes, &oldest);
        route_remove(table, &oldest);
    }
    routes->addresses[routes->count++] = *address;
    place = place_of(table, address);
    table->routes[place] = (struct route){.address = *address, .peer = peer + 1};
}

void route_table_remove_peer(struct route_table *table, uint32_t peer)
{
    ASSERT(peer < table->peers_max);
    struct route_peer *routes = &table->peers[peer];
    while (routes->count > 0) {
        routes->count--;
        route_remove(table, &routes->addresses[routes->count]);
    }
}
