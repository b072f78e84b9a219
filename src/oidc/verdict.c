#include "oidc/verdict.h"

#include "base/assert.h"

const char *oidc_verdict_name(enum oidc_verdict verdict)
{
    static const char *const names[] = {
#define OIDC_VERDICT_NAME(symbol, name) name,
        OIDC_VERDICT_LIST(OIDC_VERDICT_NAME)
#undef OIDC_VERDICT_NAME
    };
    ASSERT((unsigned int)verdict < OIDC_VERDICT_COUNT);
    return names[verdict];
}
