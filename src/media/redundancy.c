#include "media/redundancy.h"

#include <string.h>

#include "base/assert.h"
#include "wire/red.h"

#define BLOCK_HEADER 4u

_Static_assert(REDUNDANCY_PAYLOAD_MAX <= RED_SIZE_MAX, "the length field holds it");
_Static_assert(REDUNDANCY_DISTANCE_MAX < RED_BLOCKS_MAX, "and the packet's own");

void redundancy_clear(struct redundancy *redundancy)
{
    for (unsigned i = 0; i < REDUNDANCY_HELD; i++) {
        redundancy->held[i].index = 0;
    }
}

void redundancy_put(struct redundancy *redundancy, const struct redundancy_packet *packet)
{
    unsigned at = (unsigned)(packet->index % REDUNDANCY_HELD);
    if (packet->size == 0 || packet->size > REDUNDANCY_PAYLOAD_MAX) {
        redundancy->held[at].index = 0;
        return;
    }
    redundancy->held[at].index = packet->index;
    redundancy->held[at].timestamp = packet->timestamp;
    redundancy->held[at].size = (uint16_t)packet->size;
    memcpy(redundancy->held[at].payload, packet->payload, packet->size);
}

size_t redundancy_make(const struct redundancy *redundancy, const struct redundancy_packet *packet,
                       unsigned distance, uint8_t *to)
{
    struct red_packet red = {0};
    size_t size = 1 + packet->size;
    // The nearest first, because it is worth most when there is not room for all.
    for (unsigned back = 1; back <= distance; back++) {
        int64_t index = packet->index - (int64_t)back;
        unsigned at = (unsigned)(index % REDUNDANCY_HELD);
        uint32_t offset = packet->timestamp - redundancy->held[at].timestamp;
        if (index <= 0 || redundancy->held[at].index != index || offset == 0 ||
            offset > RED_OFFSET_MAX ||
            size + BLOCK_HEADER + redundancy->held[at].size > REDUNDANCY_BYTES_MAX) {
            continue;
        }
        memmove(&red.blocks[1], &red.blocks[0], red.block_count * sizeof(red.blocks[0]));
        red.blocks[0] = (struct red_block){.data = redundancy->held[at].payload,
                                           .size = redundancy->held[at].size,
                                           .offset = (uint16_t)offset,
                                           .payload_type = REDUNDANCY_OPUS_TYPE};
        red.block_count++;
        size += BLOCK_HEADER + redundancy->held[at].size;
    }
    red.blocks[red.block_count++] = (struct red_block){
        .data = packet->payload, .size = packet->size, .payload_type = REDUNDANCY_OPUS_TYPE};
    enum err err = red_write(&red, to, REDUNDANCY_OUT_MAX, &size);
    ASSERT(err == ERR_NONE); // a received packet and a byte
    return size;
}
