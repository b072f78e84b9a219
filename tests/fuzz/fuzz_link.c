// Whatever decodes must encode to exactly the same bytes.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct link_message message;
    static uint8_t again[LINK_MESSAGE_MAX];
    size_t again_size = 0;
    if (link_decode(data, size, &message) != ERR_NONE) {
        return 0;
    }
    if (link_encode(&message, again, sizeof(again), &again_size) != ERR_NONE ||
        again_size != size || memcmp(again, data, size) != 0) {
        abort();
    }
    return 0;
}
