// FNV-1a, for tables in memory: quick, and no defence by itself (tables that strangers fill begin
// with a secret). Any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

// Goes on from `hash`: HASH_BEGIN, that with a secret, or what came before.
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}
