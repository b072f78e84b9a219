#include "media/repair.h"

#include <string.h>

#include "base/assert.h"

#define REORDER_US  (10 * TIME_US_PER_MS) // a gap younger than this may be reordering
#define TOGETHER_US (10 * TIME_US_PER_MS) // what is due again so soon goes into the same request
#define GIVE_UP_US  TIME_US_PER_S

void packet_ring_clear(struct packet_ring *ring)
{
    ring->generation++;
}

void packet_ring_put(struct packet_ring *ring, int64_t index, uint32_t timestamp, bool marker,
                     const uint8_t *payload, size_t size)
{
    ASSERT(size <= PACKET_PAYLOAD_MAX && index > 0);
    struct ring_packet *packet = &ring->packets[index % PACKET_RING_SIZE];
    packet->index = index;
    packet->generation = ring->generation;
    packet->timestamp = timestamp;
    packet->marker = marker;
    packet->size = (uint16_t)size;
    memcpy(packet->payload, payload, size);
}

const struct ring_packet *packet_ring_get(const struct packet_ring *ring, int64_t index)
{
    const struct ring_packet *packet = &ring->packets[(uint64_t)index % PACKET_RING_SIZE];
    bool there = index > 0 && packet->index == index && packet->generation == ring->generation;
    return there ? packet : NULL;
}

bool missing_add(struct missing *missing, time_us now, int64_t first, int64_t last)
{
    if (last - first + 1 > MISSING_MAX - (int64_t)missing->count) {
        missing->count = 0;
        return false;
    }
    for (int64_t index = first; index <= last; index++) {
        missing->packets[missing->count++] = (struct missing_packet){
            .index = index,
            .since = now,
            .ask_at = now + REORDER_US,
        };
    }
    return true;
}

void missing_arrived(struct missing *missing, int64_t index)
{
    for (uint32_t i = 0; i < missing->count; i++) {
        if (missing->packets[i].index == index) {
            missing->count--;
            memmove(&missing->packets[i], &missing->packets[i + 1],
                    (missing->count - i) * sizeof(missing->packets[0]));
            return;
        }
    }
}

void missing_clear(struct missing *missing)
{
    missing->count = 0;
}

uint32_t missing_ask(struct missing *missing, time_us now, time_us wait_us,
                     uint16_t ret_sequences[MISSING_BATCH_MAX], bool *ret_given_up)
{
    uint32_t asked = 0;
    uint32_t kept = 0;
    *ret_given_up = false;
    for (uint32_t i = 0; i < missing->count; i++) {
        struct missing_packet *packet = &missing->packets[i];
        if (now - packet->since >= GIVE_UP_US ||
            (packet->asked >= MISSING_ASKED_MAX && now >= packet->ask_at)) {
            *ret_given_up = true;
            continue;
        }
        time_us due = packet->ask_at - (packet->asked > 0 ? TOGETHER_US : 0);
        if (now >= due && asked < MISSING_BATCH_MAX) {
            ret_sequences[asked++] = (uint16_t)packet->index;
            packet->asked++;
            packet->ask_at = now + wait_us;
        }
        missing->packets[kept++] = *packet;
    }
    missing->count = kept;
    return asked;
}

time_us missing_deadline(const struct missing *missing)
{
    time_us deadline = TIME_US_NEVER;
    for (uint32_t i = 0; i < missing->count; i++) {
        if (missing->packets[i].ask_at < deadline) {
            deadline = missing->packets[i].ask_at;
        }
    }
    return deadline;
}
