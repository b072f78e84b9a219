// HMAC-SHA1 (RFC 2104) with a prepared key: the two keyed states are computed once, so that a STUN
// check or an SRTP tag costs only the hashing of its own bytes. And comparison in constant time.
// Any thread; a key is read-only after hmac_sha1_key_init().
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HMAC_SHA1_SIZE 20

// 40 bytes, no pointers: may be copied and embedded.
struct hmac_sha1_key {
    uint32_t inner[5];
    uint32_t outer[5];
};

void hmac_sha1_key_init(struct hmac_sha1_key *key, const void *secret, size_t secret_size);
// Over `head` and then `body`; either may be empty.
void hmac_sha1(const struct hmac_sha1_key *key, const uint8_t *head, size_t head_size,
               const uint8_t *body, size_t body_size, uint8_t ret_mac[HMAC_SHA1_SIZE]);
// The same as a callback (wire/stun.h: stun_hmac); `key` is a struct hmac_sha1_key.
void hmac_sha1_callback(const void *key, const uint8_t *head, size_t head_size, const uint8_t *body,
                        size_t body_size, uint8_t ret_mac[HMAC_SHA1_SIZE]);
// Time depends on `size` alone.
bool memory_equal_constant_time(const void *a, const void *b, size_t size);
// Zeroes in a way the compiler does not remove.
void memory_wipe(void *data, size_t size);
