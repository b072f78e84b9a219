// Whatever a provider sends: what it says of itself, its keys, its tokens. The first byte says
// which it is. Nothing is believed that nobody has signed.
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "fuzz.h"
#include "oidc/claims.h"
#include "oidc/id_token.h"
#include "oidc/key_set.h"
#include "oidc/provider.h"

#define ISSUER "https://a.b"

static const struct oidc_mapping mapping = {.groups_claim = "groups",
                                            .administrator_groups = "a,b",
                                            .role_groups = "secretariat=c;other=a"};

static void read_provider(const char *text, size_t size)
{
    struct oidc_provider provider;
    if (provider_read(text, size, ISSUER, &provider) == OIDC_BELIEVED) {
        ASSERT(oidc_address_is_fit(provider.authorization) && oidc_address_is_fit(provider.token) &&
               oidc_address_is_fit(provider.keys));
        ASSERT(provider.person[0] == '\0' || oidc_address_is_fit(provider.person));
    }
}

static void read_keys(const char *text, size_t size)
{
    struct oidc_key_set set = {.count = 0};
    enum oidc_verdict verdict = key_set_read(&set, text, size);
    ASSERT(set.count <= OIDC_KEYS_MAX && (verdict == OIDC_BELIEVED || set.count == 0));
    for (uint32_t i = 0; i < set.count; i++) {
        ASSERT(set.keys[i].jwk != NULL);
    }
    key_set_finish(&set);
}

static void read_token(const char *token)
{
    static const char *const keys =
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
        "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
        "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}"; // RFC 7515, appendix A.3
    const struct id_token_wish wish = {.issuer = ISSUER, .client = "c", .nonce = "n"};
    struct oidc_key_set set = {.count = 0};
    struct id_token_head head;
    json_t *claims = NULL;
    ASSERT(key_set_read(&set, keys, strlen(keys)) == OIDC_BELIEVED);
    if (id_token_head(token, &head) == OIDC_BELIEVED) {
        ASSERT(key_algorithm_is_allowed(head.algorithm));
        enum oidc_verdict verdict = id_token_check(token, set.keys[0].jwk, &wish, &claims);
        ASSERT(verdict != OIDC_BELIEVED && claims == NULL);
    }
    key_set_finish(&set);
}

static void read_claims(const char *text, size_t size)
{
    struct oidc_person person;
    json_t *claims = json_loadb(text, size, 0, NULL);
    (void)claims_lack(claims, &mapping);
    if (claims_person(claims, &mapping, &person)) {
        ASSERT(person.subject[0] != '\0' && strlen(person.roles) <= OIDC_ROLES_MAX);
    }
    json_decref(claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    const char *text = (const char *)data + 1;
    char *copy = strndup(text, size - 1);
    ASSERT(copy != NULL);
    switch (data[0] % 4) {
    case 0: read_provider(text, size - 1); break;
    case 1: read_keys(text, size - 1); break;
    case 2: read_token(copy); break;
    default: read_claims(text, size - 1);
    }
    (void)oidc_role_groups_are_fit(copy);
    free(copy);
    return 0;
}
