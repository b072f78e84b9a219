#include "sheet/guard.h"

#include <stdbool.h>
#include <string.h>

#define GUARD '\''

static bool is_separator(char sign)
{
    return sign == ',' || sign == ';' || sign == '\t' || sign == '\n' || sign == '\r';
}

static bool begins_formula(const char *text, size_t length)
{
    static const char wide[][4] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
    if (length > 0 && strchr("=+-@", text[0]) != NULL) {
        return true;
    }
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        if (length >= 3 && memcmp(text, wide[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

// Whether what begins here would be run, apostrophes before it or not. What is passed over holds no
// separator, so that no sign is passed over twice.
static bool is_dangerous(const char *text, size_t length, bool first)
{
    size_t at = 0;
    while (at < length && (text[at] == ' ' || text[at] == '"' || text[at] == GUARD)) {
        at++;
    }
    bool dropped = at < length && first &&
                   (text[at] == '\t' || text[at] == '\r' || text[at] == '\n');
    return dropped || begins_formula(text + at, length - at);
}

size_t guard_put(const char *from, size_t length, char *to)
{
    size_t written = 0;
    bool edge = true;
    for (size_t i = 0; i < length; i++) {
        if (edge && is_dangerous(from + i, length - i, i == 0)) {
            to[written++] = GUARD;
        }
        to[written++] = from[i];
        edge = is_separator(from[i]);
    }
    return written;
}

size_t guard_take(const char *from, size_t length, char *to)
{
    size_t written = 0;
    bool edge = true;
    for (size_t i = 0; i < length; i++) {
        bool guarded = edge && from[i] == GUARD && is_dangerous(from + i, length - i, i == 0);
        i += guarded ? 1 : 0;
        char sign = from[i]; // a guard is never the last: what is dangerous stands behind it
        to[written++] = sign;
        edge = is_separator(sign);
    }
    return written;
}
