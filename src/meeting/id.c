// Ids of participants, items, documents.
#include "meeting/meeting_priv.h"

#include <string.h>

void id_copy(char to[CONTRACT_ID_MAX + 1], const char *from)
{
    size_t length = strlen(from);
    ASSERT(length <= CONTRACT_ID_MAX);
    // `from` may be `to` itself or a shorter array: never read beyond its end.
    memmove(to, from, length);
    memset(to + length, 0, CONTRACT_ID_MAX + 1 - length);
}

bool id_is_valid(const char *id)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t length = strspn(id, allowed);
    return length > 0 && length <= CONTRACT_ID_MAX && id[length] == '\0';
}
