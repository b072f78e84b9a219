#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct text_builder text_builder(char *data, size_t size)
{
    data[0] = '\0';
    return (struct text_builder){.data = data, .size = size};
}

void text_append_n(struct text_builder *builder, const char *text, size_t length)
{
    if (builder->failed || length >= builder->size - builder->length) {
        builder->failed = true;
        return;
    }
    memcpy(builder->data + builder->length, text, length);
    builder->length += length;
    builder->data[builder->length] = '\0';
}

void text_append(struct text_builder *builder, const char *text)
{
    text_append_n(builder, text, strlen(text));
}

void text_append_format(struct text_builder *builder, const char *format, ...)
{
    if (builder->failed) {
        return;
    }
    size_t room = builder->size - builder->length;
    va_list arguments;
    va_start(arguments, format);
    int written = vsnprintf(builder->data + builder->length, room, format, arguments);
    va_end(arguments);
    if (written < 0 || (size_t)written >= room) {
        builder->data[builder->length] = '\0';
        builder->failed = true;
        return;
    }
    builder->length += (size_t)written;
}

enum err text_copy_n(char *to, size_t size, const char *from, size_t length)
{
    if (length >= size) {
        to[0] = '\0';
        return ERR_TOO_LARGE;
    }
    memcpy(to, from, length);
    to[length] = '\0';
    return ERR_NONE;
}

enum err text_copy(char *to, size_t size, const char *from)
{
    return text_copy_n(to, size, from, strlen(from));
}

void text_copy_cut(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)from[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    memcpy(to, from, length);
    to[length] = '\0';
}

bool text_equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

uint32_t text_hash(const char *text)
{
    uint32_t hash = UINT32_C(2166136261);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (uint8_t)*text) * UINT32_C(16777619);
    }
    return hash;
}

bool text_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

// Length of the well-formed UTF-8 sequence at `p`, or 0 (RFC 3629: no surrogates, no overlong
// forms).
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    size_t size = p[0] < 0x80   ? 1
                  : p[0] < 0xC2 ? 0
                  : p[0] < 0xE0 ? 2
                  : p[0] < 0xF0 ? 3
                  : p[0] < 0xF5 ? 4
                                : 0;
    if (size == 0 || size > left) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool surrogate = p[0] == 0xED && p[1] > 0x9F;
    bool beyond = p[0] == 0xF4 && p[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : size;
}

bool text_is_utf8(const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        size_t size = utf8_sequence(p + i, length - i);
        if (size == 0) {
            return false;
        }
        i += size;
    }
    return true;
}

size_t text_characters(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

void text_hex(char *to, const void *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        to[2 * i] = digits[bytes[i] >> 4];
        to[2 * i + 1] = digits[bytes[i] & 15];
    }
    to[2 * size] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

enum err text_unhex(void *to, size_t size, const char *text)
{
    uint8_t *bytes = to;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(text[2 * i]);
        int low = high < 0 ? -1 : hex_value(text[2 * i + 1]);
        if (low < 0) {
            return ERR_MALFORMED;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return text[2 * size] == '\0' ? ERR_NONE : ERR_MALFORMED;
}

enum err text_to_u64(const char *text, size_t length, unsigned long long max,
                     unsigned long long *ret_value)
{
    unsigned long long value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return ERR_MALFORMED;
        }
        unsigned long long digit = (unsigned long long)(text[i] - '0');
        if (digit > max || value > (max - digit) / 10) {
            return ERR_MALFORMED;
        }
        value = value * 10 + digit;
    }
    if (length == 0 || value > max) {
        return ERR_MALFORMED;
    }
    *ret_value = value;
    return ERR_NONE;
}
