// Signing in at a provider (OpenID Connect, authorization code with PKCE): what it says of itself
// and its keys, kept; the address that a browser is sent to; who has come back. Asks the network:
// one thread, but for oidc_client_stop(). What is kept of a provider lasts an hour; a key that is
// not known is looked for again, at most once a minute. A provider that does not answer is not
// asked again for 15 seconds, so that those who wait hear it at once.
#pragma once

#include "base/err.h"
#include "base/time.h"
#include "oidc/claims.h"
#include "oidc/verdict.h"
#include "oidc/visit.h"

// Copied at oidc_client_create(), but for the texts: they are borrowed for its life.
struct oidc_config {
    const char *issuer;
    struct oidc_client_facts client;
    struct oidc_mapping mapping;
};

struct oidc_client;

// ERR_INVALID when the issuer's address is none that is asked.
enum err CHECKED oidc_client_create(const struct oidc_config *config,
                                    struct oidc_client **ret_client);
// What is being asked is given up, and nothing is asked any more. Any thread.
void oidc_client_stop(struct oidc_client *client);
void oidc_client_destroy(struct oidc_client *client);

// Believed: `ret_address` is owned by the caller: free().
enum oidc_verdict oidc_client_address(struct oidc_client *client, const struct oidc_visit *visit,
                                      time_us now, char **ret_address);

// What the browser has brought back. Borrowed.
struct oidc_return {
    const char *code;
    const char *issuer; // iss (RFC 9207); NULL: not said
};
enum oidc_verdict oidc_client_person(struct oidc_client *client, const struct oidc_visit *visit,
                                     const struct oidc_return *back, time_us now, time_ms wall,
                                     struct oidc_person *ret_person);
