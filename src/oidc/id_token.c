#include "oidc/id_token.h"

#include <stdlib.h>
#include <string.h>

#include <cjose/base64.h>
#include <cjose/jws.h>
#include <cjose/util.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "base/text.h"

// ---- The head

// The object in the first part. NULL when it is none.
static json_t *read_head(const char *token)
{
    uint8_t *text = NULL;
    size_t size = 0;
    size_t length = strcspn(token, ".");
    if (length == 0 || strlen(token) > OIDC_TOKEN_MAX ||
        !cjose_base64url_decode(token, length, &text, &size, NULL)) {
        return NULL;
    }
    json_t *head = json_loadb((const char *)text, size, JSON_REJECT_DUPLICATES, NULL);
    cjose_get_dealloc()(text);
    return head;
}

static enum oidc_verdict take_head(const json_t *head, struct id_token_head *ret_head)
{
    const char *algorithm = json_string_value(json_object_get(head, "alg"));
    const json_t *key = json_object_get(head, "kid");
    *ret_head = (struct id_token_head){.names_key = key != NULL};
    // Extensions that must be understood (RFC 7515, section 4.1.11) are not.
    if (algorithm == NULL || json_object_get(head, "crit") != NULL ||
        (key != NULL && !json_is_string(key))) {
        return OIDC_TOKEN_UNREADABLE;
    }
    if (!key_algorithm_is_allowed(algorithm)) {
        return OIDC_ALGORITHM_NOT_ALLOWED;
    }
    text_copy_cut(ret_head->algorithm, sizeof(ret_head->algorithm), algorithm);
    bool fits = key == NULL ||
                text_copy(ret_head->key, sizeof(ret_head->key), json_string_value(key)) == ERR_NONE;
    return fits ? OIDC_BELIEVED : OIDC_KEY_UNKNOWN;
}

enum oidc_verdict id_token_head(const char *token, struct id_token_head *ret_head)
{
    json_t *head = read_head(token);
    enum oidc_verdict verdict = json_is_object(head) ? take_head(head, ret_head)
                                                     : OIDC_TOKEN_UNREADABLE;
    json_decref(head);
    return verdict;
}

// ---- The claims

static bool text_is(const json_t *claims, const char *name, const char *expected)
{
    const char *text = json_string_value(json_object_get(claims, name));
    return text != NULL && text_equal(text, expected);
}

// Of several audiences one is whom it was issued to (azp), and that one is meant, too.
static bool is_for_client(const json_t *claims, const char *client)
{
    const json_t *audience = json_object_get(claims, "aud");
    const json_t *party = json_object_get(claims, "azp");
    size_t count = json_is_array(audience) ? json_array_size(audience) : 0;
    bool named = text_is(claims, "aud", client);
    for (size_t i = 0; i < count && count <= OIDC_AUDIENCE_MAX; i++) {
        const char *one = json_string_value(json_array_get(audience, i));
        named = named || (one != NULL && text_equal(one, client));
    }
    return named && (party != NULL ? text_is(claims, "azp", client) : count <= 1);
}

static enum oidc_verdict check_times(const json_t *claims, time_ms wall)
{
    const json_t *expires = json_object_get(claims, "exp");
    const json_t *issued = json_object_get(claims, "iat");
    const json_t *not_before = json_object_get(claims, "nbf");
    double now = (double)wall / 1000;
    if (!json_is_number(expires) || !json_is_number(issued) ||
        (not_before != NULL && !json_is_number(not_before))) {
        return OIDC_TOKEN_UNREADABLE;
    }
    if (!(now < json_number_value(expires) + OIDC_LEEWAY_S)) {
        return OIDC_TOKEN_EXPIRED;
    }
    bool early = json_number_value(issued) > now + OIDC_LEEWAY_S ||
                 (not_before != NULL && json_number_value(not_before) > now + OIDC_LEEWAY_S);
    return early ? OIDC_TOKEN_TOO_EARLY : OIDC_BELIEVED;
}

// The left half of its hash (section 3.1.3.6), when there is any.
static bool access_token_is(const json_t *claims, const char *access_token)
{
    const json_t *claim = json_object_get(claims, "at_hash");
    uint8_t digest[SHA256_DIGEST_LENGTH];
    char *text = NULL;
    size_t length = 0;
    if (claim == NULL) {
        return true;
    }
    if (!json_is_string(claim) || access_token == NULL) {
        return false;
    }
    SHA256((const unsigned char *)access_token, strlen(access_token), digest);
    bool equal = cjose_base64url_encode(digest, sizeof(digest) / 2, &text, &length, NULL) &&
                 length == json_string_length(claim) &&
                 CRYPTO_memcmp(text, json_string_value(claim), length) == 0;
    cjose_get_dealloc()(text);
    return equal;
}

static enum oidc_verdict check_claims(const json_t *claims, const struct id_token_wish *wish)
{
    if (!text_is(claims, "iss", wish->issuer)) {
        return OIDC_OTHER_ISSUER;
    }
    if (!is_for_client(claims, wish->client)) {
        return OIDC_OTHER_AUDIENCE;
    }
    enum oidc_verdict verdict = check_times(claims, wish->wall);
    if (verdict != OIDC_BELIEVED) {
        return verdict;
    }
    if (!text_is(claims, "nonce", wish->nonce)) {
        return OIDC_OTHER_NONCE;
    }
    if (!access_token_is(claims, wish->access_token)) {
        return OIDC_OTHER_ACCESS_TOKEN;
    }
    return json_string_length(json_object_get(claims, "sub")) > 0 ? OIDC_BELIEVED : OIDC_NO_SUBJECT;
}

// ---- All of it

static enum oidc_verdict read_signed(cjose_jws_t *jws, const cjose_jwk_t *key, json_t **ret_claims)
{
    uint8_t *text = NULL; // the jws's own
    size_t size = 0;
    if (jws == NULL) {
        return OIDC_TOKEN_UNREADABLE;
    }
    if (!cjose_jws_verify(jws, key, NULL)) {
        return OIDC_SIGNATURE_WRONG;
    }
    if (!cjose_jws_get_plaintext(jws, &text, &size, NULL)) {
        return OIDC_TOKEN_UNREADABLE;
    }
    *ret_claims = json_loadb((const char *)text, size, JSON_REJECT_DUPLICATES, NULL);
    return json_is_object(*ret_claims) ? OIDC_BELIEVED : OIDC_TOKEN_UNREADABLE;
}

enum oidc_verdict id_token_check(const char *token, const cjose_jwk_t *key,
                                 const struct id_token_wish *wish, json_t **ret_claims)
{
    json_t *claims = NULL;
    cjose_jws_t *jws = cjose_jws_import(token, strlen(token), NULL);
    enum oidc_verdict verdict = read_signed(jws, key, &claims);
    cjose_jws_release(jws);
    if (verdict == OIDC_BELIEVED) {
        verdict = check_claims(claims, wish);
    }
    if (verdict != OIDC_BELIEVED) {
        json_decref(claims);
        claims = NULL;
    }
    *ret_claims = claims;
    return verdict;
}
