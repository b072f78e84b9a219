#include "mail/coding.h"

#include <stdbool.h>

#include <openssl/evp.h>

#define LINE_MAX_SIGNS 76
#define LINE_BYTES     (LINE_MAX_SIGNS / 4 * 3) // of base64

void coding_base64(FILE *to, const char *from, size_t length)
{
    unsigned char line[LINE_MAX_SIGNS + 1];
    for (size_t at = 0; at < length; at += LINE_BYTES) {
        size_t size = length - at < LINE_BYTES ? length - at : LINE_BYTES;
        int written = EVP_EncodeBlock(line, (const unsigned char *)from + at, (int)size);
        fprintf(to, "%.*s\r\n", written, (const char *)line);
    }
}

// A blank at the end of a line would be lost under way, so it is not literal there.
static bool is_literal(const char *from, size_t length, size_t at)
{
    unsigned char sign = (unsigned char)from[at];
    bool blank = sign == ' ' || sign == '\t';
    bool last = at + 1 == length || from[at + 1] == '\r';
    return blank ? !last : sign > ' ' && sign < 0x7f && sign != '=';
}

void coding_quoted_printable(FILE *to, const char *from, size_t length)
{
    size_t column = 0;
    for (size_t i = 0; i < length; i++) {
        if (from[i] == '\r') {
            continue; // goes with the line feed
        }
        if (from[i] == '\n') {
            fputs("\r\n", to);
            column = 0;
            continue;
        }
        bool literal = is_literal(from, length, i);
        size_t size = literal ? 1 : 3;
        if (column + size > LINE_MAX_SIGNS - 1) { // room for the "=" of a soft break
            fputs("=\r\n", to);
            column = 0;
        }
        fprintf(to, literal ? "%c" : "=%02X", (unsigned char)from[i]);
        column += size;
    }
    if (column > 0) {
        fputs("\r\n", to);
    }
}

// Three signs for what is not literal, against four for each three bytes.
static bool base64_is_shorter(const char *from, size_t length)
{
    size_t quoted = 0;
    for (size_t i = 0; i < length; i++) {
        bool end = from[i] == '\r' || from[i] == '\n';
        quoted += end || is_literal(from, length, i) ? 1 : 3;
    }
    return quoted > length / 3 * 4;
}

void coding_shorter(FILE *to, const char *from, size_t length)
{
    if (base64_is_shorter(from, length)) {
        coding_base64(to, from, length);
    } else {
        coding_quoted_printable(to, from, length);
    }
}

const char *coding_shorter_name(const char *from, size_t length)
{
    return base64_is_shorter(from, length) ? "base64" : "quoted-printable";
}
