#include "sheet/escape.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sheet/encoding.h"

#define ESCAPE_SIZE 7 // _xHHHH_

void escape_clear(struct escape_text *text)
{
    text->length = 0;
    text->cut = false;
}

void escape_append(struct escape_text *text, const char *piece, size_t length)
{
    size_t room = sizeof(text->data) - text->length;
    size_t taken = length < room ? length : room;
    memcpy(text->data + text->length, piece, taken);
    text->length += taken;
    text->cut = text->cut || taken < length;
}

// Whether "_xHHHH" stands here, and of which sign.
static bool begins_escape(const char *text, size_t length, uint32_t *ret_sign)
{
    char digits[5];
    uint8_t bytes[2];
    if (length < ESCAPE_SIZE - 1 || text[0] != '_' || text[1] != 'x') {
        return false;
    }
    memcpy(digits, text + 2, 4);
    digits[4] = '\0';
    if (text_unhex(bytes, sizeof(bytes), digits) != ERR_NONE) {
        return false;
    }
    *ret_sign = (uint32_t)bytes[0] << 8 | bytes[1];
    return true;
}

static bool is_escape(const char *text, size_t length, uint32_t *ret_sign)
{
    return length >= ESCAPE_SIZE && text[ESCAPE_SIZE - 1] == '_' &&
           begins_escape(text, length, ret_sign);
}

// Halves of a pair stay as they are written: alone they are no sign.
void escape_take(struct escape_text *text)
{
    size_t written = 0;
    for (size_t i = 0; i < text->length;) {
        uint32_t sign = 0;
        if (is_escape(text->data + i, text->length - i, &sign) &&
            (sign < 0xD800 || sign > 0xDFFF)) {
            char bytes[ENCODING_SIGN_MAX];
            size_t size = encoding_put(sign, bytes);
            memcpy(text->data + written, bytes, size);
            written += size;
            i += ESCAPE_SIZE;
        } else {
            text->data[written++] = text->data[i++];
        }
    }
    text->length = written;
}

// The underscore that would end an escape may be the first of the next one: it is not waited for.
void escape_put(const char *text, char to[ESCAPE_PUT_SIZE])
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        uint32_t sign = 0;
        if (begins_escape(text + i, length - i, &sign)) {
            memcpy(to, "_x005F_", ESCAPE_SIZE);
            to += ESCAPE_SIZE;
            i++;
        } else if (strncmp(text + i, "\xEF\xBF\xBE", 3) == 0 ||
                   strncmp(text + i, "\xEF\xBF\xBF", 3) == 0) {
            memcpy(to, text[i + 2] == '\xBE' ? "_xFFFE_" : "_xFFFF_", ESCAPE_SIZE);
            to += ESCAPE_SIZE;
            i += 3;
        } else {
            *to++ = text[i++];
        }
    }
    *to = '\0';
}
