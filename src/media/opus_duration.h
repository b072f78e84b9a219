// How much audio an Opus packet holds, from its first two bytes (RFC 6716 section 3.1). Any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define OPUS_DURATION_MAX 5760 // 120 ms at 48 kHz

// In samples at 48 kHz; 960 for what cannot be Opus.
uint32_t opus_duration(const uint8_t *payload, size_t size);
