// What a provider says of itself (OpenID Connect Discovery 1.0, section 3). Pure: any thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "oidc/address.h"
#include "oidc/verdict.h"

struct oidc_provider {
    char authorization[OIDC_ADDRESS_MAX + 1];
    char token[OIDC_ADDRESS_MAX + 1];
    char keys[OIDC_ADDRESS_MAX + 1];
    char person[OIDC_ADDRESS_MAX + 1]; // userinfo_endpoint; empty: it has none
    bool names_itself; // in the address that it sends people back to (RFC 9207): it must, then
};

// `issuer`: as it is configured, which must be what stands there, letter by letter (section 4.3).
enum oidc_verdict provider_read(const char *text, size_t size, const char *issuer,
                                struct oidc_provider *ret_provider);
