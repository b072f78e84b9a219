#include "archive/file_name.h"

#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

static size_t character_size(const char *at)
{
    unsigned char first = (unsigned char)*at;
    size_t wanted = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    return strnlen(at, wanted);
}

// Not seen: controls, and what says in which direction is written (Unicode, UAX #9). Names of files
// are shown alone, where they would turn around what stands beside.
static bool is_unseen(const char *at, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)at;
    if (size == 1) {
        return bytes[0] < 0x20 || bytes[0] == 0x7f;
    }
    if (size == 2) { // U+0080 to U+009F, U+061C
        return (bytes[0] == 0xc2 && bytes[1] < 0xa0) || (bytes[0] == 0xd8 && bytes[1] == 0x9c);
    }
    if (size != 3 || bytes[0] != 0xe2) {
        return size == 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf; // U+FEFF
    }
    if (bytes[1] == 0x80) { // U+200B to U+200F, U+2028 to U+202E
        return (bytes[2] >= 0x8b && bytes[2] <= 0x8f) || (bytes[2] >= 0xa8 && bytes[2] <= 0xae);
    }
    return bytes[1] == 0x81 && bytes[2] >= 0xa0 && bytes[2] <= 0xaf; // U+2060 to U+206F
}

void file_name_of(size_t number, int digits, const char *title, const char *ending, char *to,
                  size_t size)
{
    struct text_builder text = text_builder(to, size);
    text_append_format(&text, "%0*zu ", digits, number);
    ASSERT(!text.failed && strlen(to) + strlen(ending) + 16 < size);
    size_t length = strlen(to);
    size_t whole = length - 1; // without spaces and dots at its end, which some systems drop
    for (const char *at = title; *at != '\0';) {
        size_t bytes = character_size(at);
        if (length + bytes + strlen(ending) >= size) {
            break;
        }
        if (!is_unseen(at, bytes)) {
            const char *taken = strchr("/\\:*?\"<>|", *at) != NULL ? "-" : at;
            memcpy(to + length, taken, bytes);
            length += bytes;
            whole = *taken == ' ' || *taken == '.' ? whole : length;
        }
        at += bytes;
    }
    memcpy(to + whole, ending, strlen(ending) + 1);
}
