// CRC-32 (ISO 3309, the one of Ethernet and of STUN's FINGERPRINT, RFC 8489 section 14.7). Any
// thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_ieee(const uint8_t *data, size_t size);
