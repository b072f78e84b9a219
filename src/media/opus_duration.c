#include "media/opus_duration.h"

#define UNREADABLE 960

uint32_t opus_duration(const uint8_t *payload, size_t size)
{
    // Samples of one frame: SILK and hybrid are listed whole, CELT is 120 << (config & 3).
    static const uint16_t silk[4] = {480, 960, 1920, 2880};
    if (size == 0) {
        return UNREADABLE;
    }
    unsigned config = payload[0] >> 3;
    uint32_t frame = config < 12   ? silk[config & 3]
                     : config < 16 ? (config & 1) == 0 ? 480u : 960u
                                   : 120u << (config & 3);
    unsigned code = payload[0] & 3;
    uint32_t frames = code == 0 ? 1 : code < 3 ? 2 : size > 1 ? payload[1] & 0x3fu : 0;
    uint32_t duration = frame * frames;
    return duration > 0 && duration <= OPUS_DURATION_MAX ? duration : UNREADABLE;
}
