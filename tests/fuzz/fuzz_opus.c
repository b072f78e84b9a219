// Our reading of an Opus packet must be libopus's reading.
#include <opus/opus.h>
#include <string.h>

#include "fuzz.h"
#include "media/opus_ear.h"
#include "wire/opus_packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct opus_packet packet;
    unsigned char toc = 0;
    const unsigned char *frames[OPUS_PACKET_FRAMES_MAX];
    opus_int16 sizes[OPUS_PACKET_FRAMES_MAX];
    int first = 0;
    size = size > UINT16_MAX ? UINT16_MAX : size;
    int count = size > 0 ? opus_packet_parse(data, (opus_int32)size, &toc, frames, sizes, &first)
                         : OPUS_INVALID_PACKET;
    bool read = opus_packet_read(data, size, &packet) == ERR_NONE;
    ASSERT(read == (count > 0));
    if (!read) {
        return 0;
    }
    ASSERT(packet.frame_count == count && packet.first == first && packet.toc == toc);
    size_t end = packet.first;
    for (int i = 0; i < count; i++) {
        ASSERT(packet.sizes[i] == sizes[i]);
        end += packet.sizes[i];
    }
    ASSERT(end + packet.padding == size);
    ASSERT(packet.frame_ticks == opus_packet_get_samples_per_frame(data, 48000));
    ASSERT(opus_packet_ticks(&packet) <= OPUS_PACKET_TICKS_MAX);
    ASSERT(!opus_packet_silent(&packet) || size < 4096);
    // Whatever it holds, it is decoded without harm and by itself: twice the same.
    static struct opus_ear *ear;
    ear = ear != NULL ? ear : opus_ear_create();
    ASSERT(ear != NULL);
    ASSERT(opus_ear_hears(ear, data, size) == opus_ear_hears(ear, data, size));
    return 0;
}
