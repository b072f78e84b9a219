// Offers made at random: legal ones of unusual shape, and some that contradict themselves.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The same seed makes the same offer. NUL-terminated; its length.
size_t offer_random(uint64_t seed, bool sends, char *to, size_t capacity);
