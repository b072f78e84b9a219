// One question to a provider: within bounds of time and size, without following it anywhere else.
// One thread, but for what `stopping` points to.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include <curl/curl.h>

#include "base/err.h"
#include "oidc/verdict.h"

#define FETCH_BODY_MAX       (256 << 10)
#define FETCH_CONNECT_MAX_MS 3000L
#define FETCH_MAX_MS         6000L

struct fetch_wish {
    const char *address;
    const char *form; // posted, application/x-www-form-urlencoded; NULL: GET
    const char *user; // with `password` by HTTP Basic; NULL: without
    const char *password;
    const char *bearer; // NULL: without
};

struct fetch_answer {
    char *text; // owned: free(); NULL unless believed
    size_t size;
};

// The answer when it has status 200. OIDC_CODE_REFUSED when it says that the fault is ours (400 to
// 499), OIDC_UNREACHABLE for any other: also one that leads elsewhere.
enum oidc_verdict fetch(CURL *curl, const _Atomic bool *stopping, const struct fetch_wish *wish,
                        struct fetch_answer *ret_answer);
