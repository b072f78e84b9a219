// Is there sound in an Opus packet? Decodes it by itself (libopus), as if nothing had come before:
// what a sound needs of its past makes it another sound, and silence stays silence. For senders
// that do not tell their level: an encoder pads silence to a rate, so that its size says nothing.
// Some 40 µs for 20 ms of sound, so never for each packet of a source. Not thread-safe; no
// allocation after opus_ear_create().
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct opus_ear; // about 50 KB

// NULL when memory is short.
struct opus_ear *opus_ear_create(void);
void opus_ear_destroy(struct opus_ear *ear);
// False for digital silence, as it comes out of a codec, and for what cannot be decoded.
bool opus_ear_hears(struct opus_ear *ear, const uint8_t *payload, size_t size);
