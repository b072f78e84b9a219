// A provider's public keys (RFC 7517), of which those are kept that an ID token may be signed with:
// RSA of 2048 to 8192 bits, and P-256. What else stands in the set is passed over. One thread at a
// time.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <cjose/jwk.h>

#include "oidc/verdict.h"

#define OIDC_KEYS_MAX   32
#define OIDC_KEY_ID_MAX 255

struct oidc_key {
    char id[OIDC_KEY_ID_MAX + 1]; // empty: it has none
    char algorithm[8];            // the only one that it is for; empty: any of its kind
    cjose_jwk_t *jwk;             // owned
};

struct oidc_key_set {
    struct oidc_key keys[OIDC_KEYS_MAX];
    uint32_t count;
};

// Replaces what the set has; with any other verdict it stays as it was.
enum oidc_verdict key_set_read(struct oidc_key_set *set, const char *text, size_t size);
void key_set_finish(struct oidc_key_set *set);
// "RS256", "PS256" or "ES256"; never "none", and never one whose secret is a public key.
bool key_algorithm_is_allowed(const char *algorithm);
// The key of this id for this algorithm; without an id the only one that fits. NULL: there is none.
const cjose_jwk_t *key_set_find(const struct oidc_key_set *set, const char *id,
                                const char *algorithm);
