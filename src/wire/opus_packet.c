#include "wire/opus_packet.h"

#include "base/bytes.h"

#define CODE_MASK       3u
#define VBR_FLAG        0x80u
#define PADDING_FLAG    0x40u
#define COUNT_MASK      0x3fu
#define LONG_LENGTH     252u // the first byte of a length of two bytes, section 3.2.1
#define PADDING_FURTHER 255u // 254 bytes of padding and another length byte, section 3.2.5

// Section 3.1, table 2: SILK and hybrid have their own durations, CELT doubles from 2.5 ms.
static uint16_t frame_ticks(uint8_t toc)
{
    static const uint16_t silk[4] = {480, 960, 1920, 2880};
    unsigned config = toc >> 3;
    if (config < 12) {
        return silk[config & 3];
    }
    if (config < 16) {
        return (config & 1) == 0 ? 480 : 960;
    }
    return (uint16_t)(120u << (config & 3));
}

static bool read_length(struct bytes_reader *reader, uint16_t *ret_length)
{
    uint16_t length = bytes_read_u8(reader);
    if (length >= LONG_LENGTH) {
        length = (uint16_t)(length + 4u * bytes_read_u8(reader));
    }
    *ret_length = length;
    return bytes_reader_ok(reader) && length <= bytes_left(reader);
}

static bool read_equal(struct bytes_reader *reader, struct opus_packet *packet, size_t left)
{
    size_t size = left / packet->frame_count;
    if (size * packet->frame_count != left || size > OPUS_FRAME_BYTES_MAX) {
        return false;
    }
    for (unsigned i = 0; i < packet->frame_count; i++) {
        packet->sizes[i] = (uint16_t)size;
    }
    packet->first = (uint16_t)reader->position;
    return true;
}

// All lengths but the last are given; `padding` bytes at the end belong to no frame.
static bool read_lengths(struct bytes_reader *reader, struct opus_packet *packet, size_t padding)
{
    size_t used = 0;
    unsigned last = packet->frame_count - 1u;
    for (unsigned i = 0; i < last; i++) {
        if (!read_length(reader, &packet->sizes[i])) {
            return false;
        }
        used += packet->sizes[i];
    }
    if (used + padding > bytes_left(reader)) {
        return false;
    }
    size_t size = bytes_left(reader) - used - padding;
    if (size > OPUS_FRAME_BYTES_MAX) {
        return false;
    }
    packet->sizes[last] = (uint16_t)size;
    packet->first = (uint16_t)reader->position;
    return true;
}

static bool read_padding(struct bytes_reader *reader, size_t *ret_padding)
{
    size_t padding = 0;
    unsigned length = PADDING_FURTHER;
    while (length == PADDING_FURTHER) {
        length = bytes_read_u8(reader);
        padding += length == PADDING_FURTHER ? PADDING_FURTHER - 1 : length;
        if (!bytes_reader_ok(reader) || padding > bytes_left(reader)) {
            return false;
        }
    }
    *ret_padding = padding;
    return true;
}

// Section 3.2.5: any number of frames.
static bool read_many(struct bytes_reader *reader, struct opus_packet *packet)
{
    unsigned flags = bytes_read_u8(reader);
    size_t padding = 0;
    packet->frame_count = (uint8_t)(flags & COUNT_MASK);
    if (!bytes_reader_ok(reader) || packet->frame_count == 0 ||
        opus_packet_ticks(packet) > OPUS_PACKET_TICKS_MAX ||
        ((flags & PADDING_FLAG) != 0 && !read_padding(reader, &padding))) {
        return false;
    }
    packet->padding = (uint16_t)padding;
    return (flags & VBR_FLAG) != 0 ? read_lengths(reader, packet, padding)
                                   : read_equal(reader, packet, bytes_left(reader) - padding);
}

enum err opus_packet_read(const uint8_t *payload, size_t size, struct opus_packet *ret_packet)
{
    struct bytes_reader reader = bytes_reader(payload, size);
    uint8_t toc = bytes_read_u8(&reader);
    if (!bytes_reader_ok(&reader) || size > UINT16_MAX) {
        return ERR_MALFORMED;
    }
    ret_packet->toc = toc;
    ret_packet->frame_ticks = frame_ticks(toc);
    ret_packet->padding = 0;
    bool good = false;
    switch (toc & CODE_MASK) {
    case 0: // one frame
        ret_packet->frame_count = 1;
        good = read_equal(&reader, ret_packet, bytes_left(&reader));
        break;
    case 1: // two frames of one size
        ret_packet->frame_count = 2;
        good = read_equal(&reader, ret_packet, bytes_left(&reader));
        break;
    case 2: // two frames
        ret_packet->frame_count = 2;
        good = read_lengths(&reader, ret_packet, 0);
        break;
    default: good = read_many(&reader, ret_packet); break;
    }
    return good ? ERR_NONE : ERR_MALFORMED;
}

uint32_t opus_packet_ticks(const struct opus_packet *packet)
{
    return (uint32_t)packet->frame_ticks * packet->frame_count;
}

bool opus_packet_within(const struct opus_packet *packet, uint16_t frame_bytes)
{
    for (unsigned i = 0; i < packet->frame_count; i++) {
        if (packet->sizes[i] > frame_bytes) {
            return false;
        }
    }
    return true;
}

bool opus_packet_silent(const struct opus_packet *packet)
{
    return opus_packet_within(packet, 1);
}
