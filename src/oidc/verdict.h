// What is to be said of a provider's answer: that it is believed, or why not. The names stand in
// the log, and never anything of the answer itself.
#pragma once

#include "base/err.h"

#define OIDC_VERDICT_LIST(X)                                               \
    X(OIDC_BELIEVED, "believed")                                           \
    X(OIDC_UNREACHABLE, "unreachable") /* or too slow, or failing */       \
    X(OIDC_ANSWER_TOO_LARGE, "answer-too-large")                           \
    X(OIDC_ANSWER_UNREADABLE, "answer-unreadable")                         \
    X(OIDC_CODE_REFUSED, "code-refused")   /* by the provider */           \
    X(OIDC_ADDRESS_UNFIT, "address-unfit") /* in its discovery document */ \
    X(OIDC_OTHER_ISSUER, "other-issuer")                                   \
    X(OIDC_OTHER_AUDIENCE, "other-audience")                               \
    X(OIDC_TOKEN_MISSING, "token-missing")                                 \
    X(OIDC_TOKEN_UNREADABLE, "token-unreadable")                           \
    X(OIDC_ALGORITHM_NOT_ALLOWED, "algorithm-not-allowed")                 \
    X(OIDC_KEY_UNKNOWN, "key-unknown")                                     \
    X(OIDC_SIGNATURE_WRONG, "signature-wrong")                             \
    X(OIDC_TOKEN_EXPIRED, "token-expired")                                 \
    X(OIDC_TOKEN_TOO_EARLY, "token-too-early")                             \
    X(OIDC_OTHER_NONCE, "other-nonce")                                     \
    X(OIDC_OTHER_ACCESS_TOKEN, "other-access-token")                       \
    X(OIDC_NO_SUBJECT, "no-subject")                                       \
    X(OIDC_OTHER_SUBJECT, "other-subject")

enum oidc_verdict {
#define OIDC_VERDICT_ENUM(symbol, name) symbol,
    OIDC_VERDICT_LIST(OIDC_VERDICT_ENUM)
#undef OIDC_VERDICT_ENUM
        OIDC_VERDICT_COUNT
};

// Static.
const char *oidc_verdict_name(enum oidc_verdict verdict);
