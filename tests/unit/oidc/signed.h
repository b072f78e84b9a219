// Keys and tokens of a provider, for tests: made by the library that reads them. The integration
// tests have others' (tests/integration/provider.py, oidc-provider).
#pragma once

#include <stdlib.h>

#include <cjose/jwk.h>
#include <cjose/jws.h>
#include <jansson.h>

static inline cjose_jwk_t *signed_key(const char *algorithm)
{
    static const uint8_t exponent[] = {1, 0, 1};
    return algorithm[0] == 'E' ? cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, NULL)
                               : cjose_jwk_create_RSA_random(2048, exponent, 3, NULL);
}

// Owned: free().
static inline char *signed_token(const cjose_jwk_t *key, const char *algorithm, const char *key_id,
                                 const json_t *claims)
{
    const char *text = NULL;
    char *payload = json_dumps(claims, JSON_COMPACT);
    cjose_header_t *head = cjose_header_new(NULL);
    (void)cjose_header_set(head, CJOSE_HDR_ALG, algorithm, NULL);
    if (key_id != NULL) {
        (void)cjose_header_set(head, CJOSE_HDR_KID, key_id, NULL);
    }
    cjose_jws_t *jws = cjose_jws_sign(key, head, (const uint8_t *)payload, strlen(payload), NULL);
    (void)cjose_jws_export(jws, &text, NULL);
    char *copy = strdup(text);
    cjose_jws_release(jws);
    cjose_header_release(head);
    free(payload);
    return copy;
}
