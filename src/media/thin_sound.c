#include "media/thin_sound.h"

#include "base/assert.h"

#define WINDOW_US    (500 * TIME_US_PER_MS)
#define PACKETS_MIN  25
#define PART         12
#define LOW_IN_A_ROW 2 // a hole of almost a second is no thin line

void thin_sound_begin(struct thin_sound *sound, time_us now, struct thin_sound_count count)
{
    *sound = (struct thin_sound){.since = now, .stepped_at = now, .window_at = now};
    for (unsigned i = 0; i < THIN_SOUND_WINDOWS; i++) {
        sound->begins[i] = count;
    }
}

void thin_sound_step(struct thin_sound *sound, time_us now, struct thin_sound_count count)
{
    const struct thin_sound_count *oldest = &sound->begins[THIN_SOUND_WINDOWS - 1];
    ASSERT(now >= sound->stepped_at);
    bool again = count.expected < oldest->expected || count.received < oldest->received;
    if (again || now - sound->stepped_at > WINDOW_US) { // or this machine stood still
        thin_sound_begin(sound, now, count);
        return;
    }
    sound->stepped_at = now;
    uint64_t expected = count.expected - oldest->expected;
    uint64_t received = count.received - oldest->received;
    bool low = now - sound->since >= THIN_SOUND_WINDOWS * WINDOW_US && expected >= PACKETS_MIN &&
               received * PART < expected;
    sound->low = low ? (uint8_t)(sound->low + (sound->low < LOW_IN_A_ROW)) : 0;
    sound->thin = sound->low == LOW_IN_A_ROW;
    if (now - sound->window_at >= WINDOW_US) {
        for (unsigned i = THIN_SOUND_WINDOWS - 1; i > 0; i--) {
            sound->begins[i] = sound->begins[i - 1];
        }
        sound->begins[0] = count;
        sound->window_at = now;
    }
}
