#include "http/accept.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define WEIGHT_ONE 1000u

static bool is(const char *text, size_t length, const char *wanted)
{
    return length == strlen(wanted) && strncasecmp(text, wanted, length) == 0;
}

// A qvalue in thousandths: "0", "1", "0.123". What is none counts as 0: asked for in error, not
// wanted.
static unsigned int read_weight(const char *text, size_t length)
{
    unsigned int weight = 0;
    unsigned int digit = WEIGHT_ONE;
    for (size_t i = 0; i < length; i++) {
        if (i == 1 && text[i] == '.') {
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || i > 4) {
            return 0;
        }
        weight += (unsigned int)(text[i] - '0') * digit;
        digit /= 10;
    }
    return weight > WEIGHT_ONE ? 0 : weight;
}

// Of the parameters behind a media range, up to `end`.
static unsigned int weight_of(const char *at, const char *end)
{
    while (at < end && *at == ';') {
        at++;
        at += strspn(at, " \t");
        size_t length = strcspn(at, "; \t,");
        if (length >= 2 && strncasecmp(at, "q=", 2) == 0) {
            return read_weight(at + 2, length - 2);
        }
        at += length;
        at += strspn(at, " \t");
    }
    return WEIGHT_ONE;
}

bool accept_prefers_html(const char *accept)
{
    unsigned int html = 0;
    unsigned int json = 0;
    for (const char *at = accept; at != NULL && *at != '\0';) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, ",; \t");
        const char *parameters = at + length + strspn(at + length, " \t");
        const char *end = at + strcspn(at, ",");
        unsigned int weight = weight_of(parameters, end);
        if (is(at, length, "text/html")) {
            html = weight;
        } else if (is(at, length, "application/json") ||
                   is(at, length, "application/problem+json")) {
            json = weight > json ? weight : json;
        }
        at = end;
    }
    return html > json;
}
