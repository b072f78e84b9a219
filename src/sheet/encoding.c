#include "sheet/encoding.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NO_UTF8 ((char)0xFF)

static bool is_high(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

size_t encoding_put(uint32_t sign, char to[ENCODING_SIGN_MAX])
{
    size_t size = sign < 0x80 ? 1 : sign < 0x800 ? 2 : sign < 0x10000 ? 3 : 4;
    static const uint8_t first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (sign & 0x3F));
        sign >>= 6;
    }
    to[0] = (char)(first[size] | sign);
    return size;
}

static uint32_t unit_at(const uint8_t *bytes, size_t at, bool big_endian)
{
    uint32_t first = bytes[at];
    uint32_t second = bytes[at + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
}

// RFC 2781, section 2.2. A unit has two bytes and becomes at most three.
static enum err from_utf16(const uint8_t *bytes, size_t size, bool big_endian,
                           struct encoding_text *text)
{
    text->owned = malloc(size / 2 * 3 + 1);
    if (text->owned == NULL) {
        return ERR_FULL;
    }
    char *to = text->owned;
    for (size_t at = 0; at + 1 < size; at += 2) {
        uint32_t unit = unit_at(bytes, at, big_endian);
        uint32_t next = at + 3 < size ? unit_at(bytes, at + 2, big_endian) : 0;
        if (is_high(unit) && is_low(next)) {
            to += encoding_put(0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00), to);
            at += 2;
        } else if (is_high(unit) || is_low(unit)) {
            *to++ = NO_UTF8;
        } else {
            to += encoding_put(unit, to);
        }
    }
    if (size % 2 != 0) {
        *to++ = NO_UTF8;
    }
    text->data = text->owned;
    text->size = (size_t)(to - text->owned);
    return ERR_NONE;
}

enum err encoding_read(const void *bytes, size_t size, struct encoding_text *ret_text)
{
    const uint8_t *data = bytes;
    *ret_text = (struct encoding_text){.data = bytes, .size = size};
    if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        ret_text->data += 3;
        ret_text->size -= 3;
    } else if (size >= 2 && memcmp(data, "\xFF\xFE", 2) == 0) {
        return from_utf16(data + 2, size - 2, false, ret_text);
    } else if (size >= 2 && memcmp(data, "\xFE\xFF", 2) == 0) {
        return from_utf16(data + 2, size - 2, true, ret_text);
    }
    return ERR_NONE;
}

void encoding_finish(struct encoding_text *text)
{
    free(text->owned);
    *text = (struct encoding_text){0};
}
