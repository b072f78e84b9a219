// An ID token (OpenID Connect Core 1.0, section 2): who signed it, for whom, when, and in answer to
// which request (section 3.1.3.7). Pure: any thread that has the keys.
#pragma once

#include <stddef.h>

#include <jansson.h>

#include "base/time.h"
#include "oidc/key_set.h"
#include "oidc/verdict.h"

#define OIDC_TOKEN_MAX    32768 // as it is sent
#define OIDC_LEEWAY_S     60    // by which the clocks may differ
#define OIDC_AUDIENCE_MAX 16

struct id_token_wish {
    const char *issuer;
    const char *client;
    const char *nonce;
    const char *access_token; // that came with it; NULL or empty: none did
    time_ms wall;
};

// What its signature is looked for by, before anything else of it is believed.
struct id_token_head {
    char algorithm[8];
    char key[OIDC_KEY_ID_MAX + 1];
    bool names_key;
};
enum oidc_verdict id_token_head(const char *token, struct id_token_head *ret_head);
// Believed: `ret_claims` is a new reference. The key is that of the head.
enum oidc_verdict id_token_check(const char *token, const cjose_jwk_t *key,
                                 const struct id_token_wish *wish, json_t **ret_claims);
