#include "media/opus_ear.h"

#include <limits.h>
#include <opus/opus.h>
#include <stdlib.h>

#include "wire/opus_packet.h"

#define RATE_HZ  48000
#define CHANNELS 2 // a mono decoder would hear nothing of two sides that cancel each other
// Zeros come out of every mode as at most this (-90 dBFS); the noise of a quiet room is more.
#define SILENT_SAMPLE_MAX 1

struct opus_ear {
    OpusDecoder *decoder; // owned
    opus_int16 samples[OPUS_PACKET_TICKS_MAX * CHANNELS];
};

struct opus_ear *opus_ear_create(void)
{
    struct opus_ear *ear = calloc(1, sizeof(*ear));
    if (ear == NULL) {
        return NULL;
    }
    ear->decoder = opus_decoder_create(RATE_HZ, CHANNELS, NULL);
    if (ear->decoder == NULL) {
        free(ear);
        return NULL;
    }
    return ear;
}

void opus_ear_destroy(struct opus_ear *ear)
{
    if (ear != NULL) {
        opus_decoder_destroy(ear->decoder);
        free(ear);
    }
}

bool opus_ear_hears(struct opus_ear *ear, const uint8_t *payload, size_t size)
{
    if (size == 0 || size > INT_MAX ||
        opus_decoder_ctl(ear->decoder, OPUS_RESET_STATE) != OPUS_OK) {
        return false;
    }
    int count = opus_decode(ear->decoder, payload, (opus_int32)size, ear->samples,
                            OPUS_PACKET_TICKS_MAX, 0);
    for (int i = 0; i < count * CHANNELS; i++) {
        if (ear->samples[i] > SILENT_SAMPLE_MAX || ear->samples[i] < -SILENT_SAMPLE_MAX) {
            return true;
        }
    }
    return false;
}
