// Which addresses of a provider are asked: over TLS, or on this machine alone. Pure: any thread.
#pragma once

#include <stdbool.h>

#define OIDC_ADDRESS_MAX 511

// An absolute address without user, password or fragment: https, or http to a loopback host.
bool oidc_address_is_fit(const char *address);
// The same without a query (OpenID Connect Discovery 1.0, section 3: issuer).
bool oidc_issuer_is_fit(const char *address);
