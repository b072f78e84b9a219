#include <string.h>

#include "fuzz.h"
#include "wire/h264.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct h264_payload h264;
    struct h264_payload none = {0};
    if (h264_parse(data, size, &h264) != ERR_NONE) {
        ASSERT(memcmp(&h264, &none, sizeof(h264)) == 0);
        return 0;
    }
    ASSERT(size > 0 && (data[0] & 0x80) == 0);
    // A later fragment tells nothing.
    ASSERT((data[0] & 0x1f) != 28 || (data[1] & 0x80) != 0 ||
           memcmp(&h264, &none, sizeof(h264)) == 0);
    return 0;
}
