#include "oidc/key_set.h"

#include <string.h>

#include <jansson.h>

#include "base/assert.h"
#include "base/text.h"

// In base64url: 2048 and 8192 bits, and an exponent of 64 bits, so that no check takes long.
#define MODULUS_LEAST 342
#define MODULUS_MOST  1366
#define EXPONENT_MOST 11
#define POINT_LENGTH  43 // 256 bits

static const struct {
    const char *algorithm;
    cjose_jwk_kty_t kind;
} allowed[] = {
    {"RS256", CJOSE_JWK_KTY_RSA}, {"PS256", CJOSE_JWK_KTY_RSA}, {"ES256", CJOSE_JWK_KTY_EC}};

bool key_algorithm_is_allowed(const char *algorithm)
{
    size_t i = 0;
    while (i < sizeof(allowed) / sizeof(allowed[0]) &&
           !text_equal(allowed[i].algorithm, algorithm)) {
        i++;
    }
    return i < sizeof(allowed) / sizeof(allowed[0]);
}

static bool is_of_kind(const struct oidc_key *key, const char *algorithm)
{
    for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
        if (text_equal(allowed[i].algorithm, algorithm)) {
            return cjose_jwk_get_kty(key->jwk, NULL) == allowed[i].kind;
        }
    }
    return false;
}

// ---- One key

static bool has_length(const json_t *value, size_t least, size_t most)
{
    size_t length = json_string_length(value);
    return json_is_string(value) && length >= least && length <= most;
}

// Its public half alone: whatever else is said of it is not read.
static json_t *public_half(const json_t *raw)
{
    const char *kind = json_string_value(json_object_get(raw, "kty"));
    const char *curve = json_string_value(json_object_get(raw, "crv"));
    json_t *n = json_object_get(raw, "n");
    json_t *e = json_object_get(raw, "e");
    json_t *x = json_object_get(raw, "x");
    json_t *y = json_object_get(raw, "y");
    if (kind != NULL && text_equal(kind, "RSA") && has_length(n, MODULUS_LEAST, MODULUS_MOST) &&
        has_length(e, 1, EXPONENT_MOST)) {
        return json_pack("{s:s, s:O, s:O}", "kty", "RSA", "n", n, "e", e);
    }
    if (kind != NULL && curve != NULL && text_equal(kind, "EC") && text_equal(curve, "P-256") &&
        has_length(x, POINT_LENGTH, POINT_LENGTH) && has_length(y, POINT_LENGTH, POINT_LENGTH)) {
        return json_pack("{s:s, s:s, s:O, s:O}", "kty", "EC", "crv", "P-256", "x", x, "y", y);
    }
    return NULL;
}

static bool take_text(const json_t *raw, const char *name, char *to, size_t size)
{
    const char *text = json_string_value(json_object_get(raw, name));
    return text_copy(to, size, text != NULL ? text : "") == ERR_NONE;
}

// For signatures (section 4.2), by an algorithm that is allowed (section 4.4).
static bool key_read(const json_t *raw, struct oidc_key *ret_key)
{
    const char *use = json_string_value(json_object_get(raw, "use"));
    *ret_key = (struct oidc_key){.jwk = NULL};
    if ((use != NULL && !text_equal(use, "sig")) ||
        !take_text(raw, "kid", ret_key->id, sizeof(ret_key->id)) ||
        !take_text(raw, "alg", ret_key->algorithm, sizeof(ret_key->algorithm)) ||
        (ret_key->algorithm[0] != '\0' && !key_algorithm_is_allowed(ret_key->algorithm))) {
        return false;
    }
    json_t *half = public_half(raw);
    ret_key->jwk = half != NULL ? cjose_jwk_import_json(half, NULL) : NULL;
    json_decref(half);
    return ret_key->jwk != NULL;
}

// ---- The set

void key_set_finish(struct oidc_key_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        (void)cjose_jwk_release(set->keys[i].jwk);
    }
    set->count = 0;
}

enum oidc_verdict key_set_read(struct oidc_key_set *set, const char *text, size_t size)
{
    struct oidc_key_set fresh = {.count = 0};
    json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(document, "keys");
    bool readable = json_is_array(list);
    size_t count = json_array_size(list);
    for (size_t i = 0; i < count && fresh.count < OIDC_KEYS_MAX; i++) {
        fresh.count += key_read(json_array_get(list, i), &fresh.keys[fresh.count]);
    }
    json_decref(document);
    if (!readable) {
        return OIDC_ANSWER_UNREADABLE;
    }
    key_set_finish(set);
    *set = fresh;
    return OIDC_BELIEVED;
}

static bool is_for(const struct oidc_key *key, const char *algorithm)
{
    return is_of_kind(key, algorithm) &&
           (key->algorithm[0] == '\0' || text_equal(key->algorithm, algorithm));
}

const cjose_jwk_t *key_set_find(const struct oidc_key_set *set, const char *id,
                                const char *algorithm)
{
    const cjose_jwk_t *found = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        const struct oidc_key *key = &set->keys[i];
        if (is_for(key, algorithm) && (id == NULL || text_equal(key->id, id))) {
            found = key->jwk;
            count++;
        }
    }
    return count == 1 ? found : NULL; // two of one name are nobody's
}
