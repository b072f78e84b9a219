#include "fuzz.h"
#include "wire/packet_kind.h"
#include "wire/rtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)packet_kind(data, size);
    struct rtp_packet packet;
    if (rtp_parse(data, size, &packet) != ERR_NONE) {
        return 0;
    }
    ASSERT((size_t)packet.header_size + packet.payload_size == size);
    struct rtp_extension_reader reader = rtp_extension_reader(&packet, data);
    struct rtp_extension extension;
    const uint8_t *before = data + RTP_HEADER_SIZE;
    while (rtp_extension_next(&reader, &extension)) {
        ASSERT(extension.data > before);
        ASSERT(extension.data + extension.size <= data + packet.header_size);
        before = extension.data;
    }
    if (rtp_strip_padding(data, size, &packet) == ERR_NONE) {
        ASSERT((size_t)packet.header_size + packet.payload_size <= size);
    }
    return 0;
}
