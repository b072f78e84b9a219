// Refusals as RFC 9457 problems, for responses and for live replies.
#pragma once

#include <jansson.h>

#include "api/api.h"
#include "base/err.h"
#include "contract/refusal.h"

struct problem {
    enum err err;
    int status;                    // 0: the err's own
    const struct refusal *refusal; // NULL or REFUSAL_NONE when the err says it all
    const char *detail;   // English, for logs and machines, only where the words come from outside:
                          // media about an offer, the server about itself; NULL or empty for none
    const char *field;    // the offending field; NULL or empty when none
    const char *instance; // the request's path; NULL in live replies
};

// {"type": "/problems/SLUG", "title", "status", "refusal"?, "detail"?, "field"?, "instance"?}: a
// new reference.
json_t *problem_encode(const struct problem *problem);
// As a response, whose detail is by default the refusal's English words: it may be read in a
// terminal. Pages have words of their own.
void problem_respond(const struct problem *problem, struct api_response *ret_response);
// For GET /problems/SLUG: the title, or NULL when there is no such problem.
const char *problem_title_of(const char *slug);
