#include "media/silence.h"

#include <string.h>

static uint64_t *word_of(struct silence *silence, int64_t index)
{
    return &silence->dropped_bits[index % SILENCE_WINDOW / 64];
}

static void advance(struct silence *silence, int64_t index)
{
    if (index - silence->highest >= SILENCE_WINDOW) {
        memset(silence->dropped_bits, 0, sizeof(silence->dropped_bits));
    } else {
        for (int64_t i = silence->highest + 1; i <= index; i++) {
            *word_of(silence, i) &= ~(1ull << (i % 64));
        }
    }
    silence->highest = index;
}

bool silence_take(struct silence *silence, int64_t index, uint32_t timestamp, bool silent,
                  bool restarted, int64_t *ret_index, bool *ret_gap)
{
    advance(silence, index);
    silence->forwarded = silence->forwarded && !restarted;
    uint32_t since = timestamp - silence->forwarded_timestamp;
    if (silent && silence->forwarded && since < SILENCE_TICKS) {
        *word_of(silence, index) |= 1ull << (index % 64);
        silence->dropped++;
        silence->gap = true;
        return false;
    }
    if (silent) {
        silence->forwarded = true;
        silence->forwarded_timestamp = timestamp;
    }
    *ret_index = index - silence->dropped;
    *ret_gap = silence->gap;
    silence->gap = false;
    return true;
}

int64_t silence_late_index(const struct silence *silence, int64_t index)
{
    int64_t later = 0;
    for (int64_t i = index + 1; i <= silence->highest && i < index + SILENCE_WINDOW; i++) {
        later += (int64_t)(silence->dropped_bits[i % SILENCE_WINDOW / 64] >> (i % 64) & 1);
    }
    return index - (silence->dropped - later);
}
