#include "oidc/visit.h"

#include <stdlib.h>
#include <string.h>

#include <cjose/base64.h>
#include <cjose/util.h>
#include <curl/curl.h>
#include <openssl/sha.h>

#include "base/text.h"

#define SCOPES    "openid profile email"
#define PAIR_MAX  4200 // a code may be long
#define PAIRS_MAX 8

struct pair {
    const char *name;
    const char *value;
};

// As a query: "?name=value&…" of an address that is thrown away, so that libcurl encodes it.
static bool append(CURLU *url, const struct pair *pairs)
{
    for (; pairs->name != NULL; pairs++) {
        char text[PAIR_MAX];
        struct text_builder pair = text_builder(text, sizeof(text));
        text_append_format(&pair, "%s=%s", pairs->name, pairs->value);
        if (pair.failed || curl_url_set(url, CURLUPART_QUERY, text,
                                        CURLU_APPENDQUERY | CURLU_URLENCODE) != CURLUE_OK) {
            return false;
        }
    }
    return true;
}

static char *encoded(const char *address, const struct pair *pairs, CURLUPart part)
{
    char *text = NULL;
    CURLU *url = curl_url();
    bool whole = url != NULL && curl_url_set(url, CURLUPART_URL, address, 0) == CURLUE_OK &&
                 append(url, pairs) && curl_url_get(url, part, &text, 0) == CURLUE_OK;
    char *copy = whole ? strdup(text) : NULL;
    curl_free(text);
    curl_url_cleanup(url);
    return copy;
}

// S256 (RFC 7636, section 4.2). NULL when memory is short.
static char *challenge_of(const char *verifier)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    char *text = NULL;
    size_t length = 0;
    SHA256((const unsigned char *)verifier, strlen(verifier), digest);
    return cjose_base64url_encode(digest, sizeof(digest), &text, &length, NULL) ? text : NULL;
}

char *visit_address(const struct oidc_provider *provider, const struct oidc_client_facts *client,
                    const struct oidc_visit *visit)
{
    char scopes[sizeof(SCOPES) + 256];
    struct text_builder scope = text_builder(scopes, sizeof(scopes));
    text_append_format(&scope, SCOPES "%s%s", client->scopes[0] != '\0' ? " " : "", client->scopes);
    char *challenge = challenge_of(visit->verifier);
    if (challenge == NULL || scope.failed) {
        cjose_get_dealloc()(challenge);
        return NULL;
    }
    const struct pair pairs[] = {{"response_type", "code"},
                                 {"client_id", client->client},
                                 {"redirect_uri", client->back},
                                 {"scope", scopes},
                                 {"state", visit->state},
                                 {"nonce", visit->nonce},
                                 {"code_challenge", challenge},
                                 {"code_challenge_method", "S256"},
                                 {NULL, NULL}};
    char *address = encoded(provider->authorization, pairs, CURLUPART_URL);
    cjose_get_dealloc()(challenge);
    return address;
}

char *visit_form(const struct oidc_client_facts *client, const struct oidc_visit *visit,
                 const char *code)
{
    bool is_public = client->secret[0] == '\0';
    struct pair pairs[PAIRS_MAX] = {{"grant_type", "authorization_code"},
                                    {"code", code},
                                    {"redirect_uri", client->back},
                                    {"code_verifier", visit->verifier}};
    uint32_t count = 4;
    if (is_public || client->secret_in_body) { // RFC 6749, sections 2.3.1 and 3.2.1
        pairs[count++] = (struct pair){"client_id", client->client};
    }
    if (!is_public && client->secret_in_body) {
        pairs[count++] = (struct pair){"client_secret", client->secret};
    }
    return encoded("http://localhost/", pairs, CURLUPART_QUERY);
}
