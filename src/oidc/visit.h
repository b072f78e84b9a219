// One way of a browser to its provider and back: the address that it is sent to (OpenID Connect
// Core 1.0, section 3.1.2.1, with PKCE, RFC 7636), and what the code that it brings is exchanged
// with (section 3.1.3). Pure: any thread.
#pragma once

#include "oidc/provider.h"

// All borrowed.
struct oidc_visit {
    const char *state;
    const char *nonce;
    const char *verifier; // 43 to 128 characters of base64url
};

struct oidc_client_facts {
    const char *client;
    const char *secret; // empty: a public client
    bool secret_in_body;
    const char *scopes; // beside "openid profile email"; may be empty
    const char *back;   // redirect_uri
};

// Owned: free(). NULL when memory is short.
char *visit_address(const struct oidc_provider *provider, const struct oidc_client_facts *client,
                    const struct oidc_visit *visit);
// The form that is posted to the token endpoint; owned: free(), after it was wiped. NULL when
// memory is short.
char *visit_form(const struct oidc_client_facts *client, const struct oidc_visit *visit,
                 const char *code);
