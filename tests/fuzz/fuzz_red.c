// Whatever is read lies within the payload, and writes to exactly the same bytes.
#include <string.h>

#include "fuzz.h"
#include "wire/red.h"

#define COPY_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[COPY_MAX];
    struct red_packet packet;
    size_t again_size = 0;
    if (size > COPY_MAX || red_read(data, size, &packet) != ERR_NONE) {
        return 0;
    }
    ASSERT(packet.block_count >= 1 && packet.block_count <= RED_BLOCKS_MAX);
    for (unsigned i = 0; i < packet.block_count; i++) {
        const struct red_block *block = &packet.blocks[i];
        ASSERT(block->data >= data && block->data + block->size <= data + size);
    }
    ASSERT(red_write(&packet, again, sizeof(again), &again_size) == ERR_NONE);
    ASSERT(again_size == size && memcmp(again, data, size) == 0);
    return 0;
}
