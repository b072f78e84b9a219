#include "oidc/provider.h"

#include <jansson.h>

#include "base/text.h"

static bool take_address(const json_t *document, const char *name, bool needed,
                         char ret_address[OIDC_ADDRESS_MAX + 1])
{
    const char *address = json_string_value(json_object_get(document, name));
    ret_address[0] = '\0';
    if (address == NULL) {
        return !needed;
    }
    return oidc_address_is_fit(address) &&
           text_copy(ret_address, OIDC_ADDRESS_MAX + 1, address) == ERR_NONE;
}

static enum oidc_verdict take(const json_t *document, const char *issuer,
                              struct oidc_provider *provider)
{
    const char *named = json_string_value(json_object_get(document, "issuer"));
    if (named == NULL || !text_equal(named, issuer)) {
        return OIDC_OTHER_ISSUER;
    }
    provider->names_itself = json_is_true(
        json_object_get(document, "authorization_response_iss_parameter_supported"));
    bool fit = take_address(document, "authorization_endpoint", true, provider->authorization) &&
               take_address(document, "token_endpoint", true, provider->token) &&
               take_address(document, "jwks_uri", true, provider->keys) &&
               take_address(document, "userinfo_endpoint", false, provider->person);
    return fit ? OIDC_BELIEVED : OIDC_ADDRESS_UNFIT;
}

enum oidc_verdict provider_read(const char *text, size_t size, const char *issuer,
                                struct oidc_provider *ret_provider)
{
    json_t *document = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    enum oidc_verdict verdict = json_is_object(document) ? take(document, issuer, ret_provider)
                                                         : OIDC_ANSWER_UNREADABLE;
    json_decref(document);
    return verdict;
}
