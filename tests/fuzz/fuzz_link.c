// Whatever decodes must encode to exactly the same bytes.
#include <string.h>

#include "fuzz.h"
#include "link/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct link_message message;
    static uint8_t again[LINK_MESSAGE_MAX];
    size_t again_size = 0;
    if (link_decode(data, size, &message) == ERR_NONE) {
        enum err err = link_encode(&message, again, sizeof(again), &again_size);
        ASSERT(err == ERR_NONE && again_size == size && memcmp(again, data, size) == 0);
    }
    return 0;
}
