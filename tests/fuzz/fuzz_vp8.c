#include <string.h>

#include "fuzz.h"
#include "wire/vp8.h"

#define COPY_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vp8_payload vp8;
    if (vp8_parse(data, size, &vp8) != ERR_NONE) {
        return 0;
    }
    ASSERT(vp8.descriptor_size < size && vp8.descriptor_size <= 6);
    ASSERT(!vp8.key_frame || vp8.start_of_frame);
    uint8_t copy[COPY_MAX];
    size_t copied = size < sizeof(copy) ? size : sizeof(copy);
    memcpy(copy, data, copied);
    vp8_rewrite(copy, &vp8, 0x1234, 0x56);
    struct vp8_payload again;
    ASSERT(vp8_parse(copy, copied, &again) == ERR_NONE);
    ASSERT(again.descriptor_size == vp8.descriptor_size && again.key_frame == vp8.key_frame);
    ASSERT(!vp8.has_picture_id ||
           again.picture_id == (vp8.picture_id_long ? 0x1234 : (0x1234 & 0x7f)));
    ASSERT(!vp8.has_tl0picidx || again.tl0picidx == 0x56);
    ASSERT(memcmp(copy + vp8.descriptor_size, data + vp8.descriptor_size,
                  copied - vp8.descriptor_size) == 0);
    return 0;
}
