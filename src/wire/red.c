#include "wire/red.h"

#include "base/assert.h"
#include "base/bytes.h"

#define FURTHER 0x80u // F: another block's header follows (section 3)

enum err red_read(const uint8_t *payload, size_t size, struct red_packet *ret_packet)
{
    struct bytes_reader reader = bytes_reader(payload, size);
    unsigned first = bytes_read_u8(&reader);
    ret_packet->block_count = 0;
    while (bytes_reader_ok(&reader) && (first & FURTHER) != 0) {
        if (ret_packet->block_count == RED_BLOCKS_MAX - 1) {
            return ERR_TOO_LARGE;
        }
        uint32_t rest = bytes_read_u24(&reader);
        ret_packet->blocks[ret_packet->block_count++] = (struct red_block){
            .payload_type = (uint8_t)(first & 0x7f),
            .offset = (uint16_t)(rest >> 10),
            .size = rest & RED_SIZE_MAX,
        };
        first = bytes_read_u8(&reader);
    }
    for (unsigned i = 0; i < ret_packet->block_count; i++) {
        ret_packet->blocks[i].data = bytes_take(&reader, ret_packet->blocks[i].size);
    }
    size_t left = bytes_left(&reader);
    ret_packet->blocks[ret_packet->block_count++] = (struct red_block){
        .payload_type = (uint8_t)(first & 0x7f),
        .size = left,
        .data = bytes_take(&reader, left),
    };
    return bytes_reader_ok(&reader) ? ERR_NONE : ERR_MALFORMED;
}

enum err red_write(const struct red_packet *packet, uint8_t *to, size_t capacity, size_t *ret_size)
{
    struct bytes_writer writer = bytes_writer(to, capacity);
    unsigned last = packet->block_count - 1u;
    ASSERT(packet->block_count > 0 && packet->block_count <= RED_BLOCKS_MAX);
    for (unsigned i = 0; i < last; i++) {
        const struct red_block *block = &packet->blocks[i];
        ASSERT(block->payload_type < 128 && block->offset <= RED_OFFSET_MAX &&
               block->size <= RED_SIZE_MAX);
        bytes_write_u8(&writer, (uint8_t)(FURTHER | block->payload_type));
        bytes_write_u24(&writer, (uint32_t)block->offset << 10 | (uint32_t)block->size);
    }
    ASSERT(packet->blocks[last].payload_type < 128);
    bytes_write_u8(&writer, packet->blocks[last].payload_type);
    for (unsigned i = 0; i <= last; i++) {
        bytes_write(&writer, packet->blocks[i].data, packet->blocks[i].size);
    }
    if (!bytes_writer_ok(&writer)) {
        return ERR_TOO_LARGE;
    }
    *ret_size = writer.position;
    return ERR_NONE;
}
