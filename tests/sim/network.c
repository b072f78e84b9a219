#include "sim.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define LOSS_PERMILLE 60
#define RETRY_MS      200
#define PACKETS_MAX   (1u << 20)

static bool earlier(const struct sim_packet *a, const struct sim_packet *b)
{
    return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void swap(struct sim_packet *a, struct sim_packet *b)
{
    struct sim_packet kept = *a;
    *a = *b;
    *b = kept;
}

static void heap_put(struct sim_network *network, const struct sim_packet *packet)
{
    if (network->count == network->capacity) {
        network->capacity = network->capacity == 0 ? 256 : 2 * network->capacity;
        ASSERT(network->capacity <= PACKETS_MAX);
        network->heap = realloc(network->heap, network->capacity * sizeof network->heap[0]);
        ASSERT(network->heap != NULL);
    }
    uint32_t at = network->count++;
    network->heap[at] = *packet;
    while (at > 0 && earlier(&network->heap[at], &network->heap[(at - 1) / 2])) {
        swap(&network->heap[at], &network->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static struct sim_packet heap_take(struct sim_network *network)
{
    struct sim_packet first = network->heap[0];
    network->heap[0] = network->heap[--network->count];
    uint32_t at = 0;
    for (;;) {
        uint32_t least = at;
        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2 && child < network->count; child++) {
            least = earlier(&network->heap[child], &network->heap[least]) ? child : least;
        }
        if (least == at) {
            return first;
        }
        swap(&network->heap[at], &network->heap[least]);
        at = least;
    }
}

void sim_send(struct sim *sim, struct sim_packet packet)
{
    struct sim_network *network = &sim->network;
    time_ms arrival = sim->now + sim_between(&sim->random, 5, 120);
    time_ms retry = RETRY_MS;
    network->sent++;
    while (sim_chance(&sim->random, LOSS_PERMILLE)) {
        arrival += retry;
        retry *= 2;
        network->lost++;
    }
    // Segments overtake each other on the way; the stream hands them over in order.
    time_ms *stream_at = &network->stream_at[packet.client][packet.to_server];
    packet.at = arrival > *stream_at ? arrival : *stream_at;
    *stream_at = packet.at;
    packet.order = network->order++;
    heap_put(network, &packet);
}

bool sim_arrived(struct sim *sim, struct sim_packet *ret_packet)
{
    if (sim_next_arrival(sim) > sim->now) {
        return false;
    }
    *ret_packet = heap_take(&sim->network);
    return true;
}

time_ms sim_next_arrival(const struct sim *sim)
{
    return sim->network.count > 0 ? sim->network.heap[0].at : SIM_NEVER;
}

void sim_network_new_stream(struct sim *sim, uint32_t client)
{
    memset(sim->network.stream_at[client], 0, sizeof sim->network.stream_at[client]);
}

void sim_network_finish(struct sim_network *network)
{
    for (uint32_t i = 0; i < network->count; i++) {
        free(network->heap[i].snapshot);
    }
    free(network->heap);
}
