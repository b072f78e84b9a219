#include "api/media_type.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool is(const char *content_type, const char *wanted, size_t length)
{
    return content_type != NULL && strncasecmp(content_type, wanted, length) == 0 &&
           strchr("; \t", content_type[length]) != NULL; // or the end of the text
}

bool media_type_is(const char *content_type, const char *wanted)
{
    return is(content_type, wanted, strlen(wanted));
}

bool media_type_is_one_of(const char *content_type, const char *list)
{
    while (*list != '\0') {
        size_t length = strcspn(list, ",");
        if (is(content_type, list, length)) {
            return true;
        }
        list += length;
        list += strspn(list, ", ");
    }
    return false;
}

// "application/sdp", "application/*" or "*/*".
static bool range_takes(const char *range, size_t length, const char *type)
{
    size_t kind = strcspn(type, "/") + 1;
    return (length == 3 && strncmp(range, "*/*", 3) == 0) ||
           (length == strlen(type) && strncasecmp(range, type, length) == 0) ||
           (length == kind + 1 && strncasecmp(range, type, kind) == 0 && range[kind] == '*');
}

bool media_type_is_accepted(const char *accept, const char *type)
{
    for (const char *at = accept; at != NULL && *at != '\0';) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, ",; \t");
        if (range_takes(at, length, type)) {
            return true;
        }
        at += strcspn(at, ",");
    }
    return accept == NULL || *accept == '\0';
}
