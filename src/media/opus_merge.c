#include "media/opus_merge.h"

#include <opus/opus.h>
#include <string.h>

#include "base/assert.h"

#define TOC_FIXED 0xfcu // what all frames of a packet share: configuration and stereo

static OpusRepacketizer *repacketizer(struct opus_merge *merge)
{
    return (OpusRepacketizer *)(void *)merge->state;
}

static void empty(struct opus_merge *merge)
{
    opus_repacketizer_init(repacketizer(merge));
    merge->size = 0;
    merge->packet_count = 0;
}

void opus_merge_init(struct opus_merge *merge)
{
    ASSERT(opus_repacketizer_get_size() <= OPUS_MERGE_STATE_SIZE);
    empty(merge);
}

bool opus_merge_empty(const struct opus_merge *merge)
{
    return merge->packet_count == 0;
}

bool opus_merge_full(const struct opus_merge *merge)
{
    return merge->packet_count > 0 && (!merge->mergeable || merge->ticks >= OPUS_MERGE_TICKS);
}

static bool append(struct opus_merge *merge, const struct opus_merge_packet *packet)
{
    uint8_t *at = merge->data + merge->size;
    memcpy(at, packet->payload, packet->size);
    if (packet->opus != NULL &&
        opus_repacketizer_cat(repacketizer(merge), at, (opus_int32)packet->size) != OPUS_OK) {
        return false;
    }
    merge->size += packet->size;
    merge->packet_count++;
    return true;
}

static void begin(struct opus_merge *merge, const struct opus_merge_packet *packet)
{
    ASSERT(packet->size > 0 && packet->size <= OPUS_MERGE_PACKET_MAX);
    merge->toc = packet->payload[0];
    merge->timestamp = packet->timestamp;
    merge->marker = packet->marker;
    merge->first_at = packet->now;
    merge->ticks = packet->ticks;
    merge->mergeable = packet->opus != NULL && append(merge, packet);
    if (!merge->mergeable) {
        memcpy(merge->data, packet->payload, packet->size);
        merge->size = packet->size;
        merge->packet_count = 1;
    }
}

bool opus_merge_add(struct opus_merge *merge, const struct opus_merge_packet *packet)
{
    if (opus_merge_empty(merge)) {
        begin(merge, packet);
        return true;
    }
    // A marker on a packet that follows without a pause begins no talk spurt (RFC 3551
    // section 4.1): some senders set it on every packet.
    bool belongs = merge->mergeable && packet->opus != NULL &&
                   (packet->opus->toc & TOC_FIXED) == (merge->toc & TOC_FIXED) &&
                   packet->timestamp == merge->timestamp + merge->ticks &&
                   merge->ticks + packet->ticks <= OPUS_MERGE_TICKS &&
                   merge->size + packet->size <= OPUS_MERGE_BYTES_MAX;
    if (!belongs || !append(merge, packet)) {
        return false;
    }
    merge->ticks += packet->ticks;
    return true;
}

size_t opus_merge_take(struct opus_merge *merge, uint8_t *to)
{
    size_t size = merge->size;
    if (merge->packet_count > 1) {
        opus_int32 made = opus_repacketizer_out(repacketizer(merge), to, OPUS_MERGE_OUT_MAX);
        ASSERT(made > 0); // the room is ample: two bytes a frame more than what was put in
        size = (size_t)made;
    } else if (merge->packet_count == 1) {
        memcpy(to, merge->data, size);
    }
    empty(merge);
    return size;
}
