// Is there sound in what a source sends, when its packets do not tell their level?
#include "base/assert.h"
#include "media/opus_ear.h"
#include "media/output_clock.h"
#include "media/source.h"

// While somebody waits for its first sound every packet is decoded, at most as fast as they are
// spoken (with a start, for packets that come in a bunch); then five a second.
#define EAGER_TICKS    (10u * OUTPUT_CLOCK_AUDIO_HZ)
#define EAGER_START_US (100 * TIME_US_PER_MS)
#define SELDOM_US      (200 * TIME_US_PER_MS)
// What an encoder at a variable rate makes of zeros: there is no need to decode that.
#define SILENT_FRAME_BYTES 2

void source_sound_renew(struct source *source)
{
    source->sound = (struct source_sound){.eager_ticks = EAGER_TICKS};
}

static time_us eager_next(const struct source_sound *sound, time_us now, uint32_t ticks)
{
    time_us earliest = now - EAGER_START_US;
    return (sound->next_at > earliest ? sound->next_at : earliest) +
           (time_us)ticks * TIME_US_PER_S / OUTPUT_CLOCK_AUDIO_HZ;
}

bool source_sound_judge(struct router *router, struct source *source, time_us now,
                        const struct opus_packet *opus, const uint8_t *payload, size_t size)
{
    struct source_sound *sound = &source->sound;
    ASSERT(source->video == NULL && size > 0);
    if (opus_packet_within(opus, SILENT_FRAME_BYTES)) {
        sound->heard = false;
        return false;
    }
    if (now < sound->next_at) {
        return sound->heard;
    }
    sound->heard = opus_ear_hears(router->ear, payload, size);
    uint32_t ticks = opus_packet_ticks(opus);
    sound->eager_ticks = sound->heard || sound->eager_ticks < ticks ? 0
                                                                    : sound->eager_ticks - ticks;
    sound->next_at = sound->eager_ticks > 0 ? eager_next(sound, now, ticks) : now + SELDOM_US;
    return sound->heard;
}
