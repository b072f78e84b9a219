#include "mail/header.h"

#include <string.h>

#include <openssl/evp.h>

#include "base/text.h"

#define LINE_SIGNS    76 // RFC 2047 section 2: of a line that has an encoded word
#define WORD_SIGNS    75 // of the word
#define WORD_FRAME    12 // "=?UTF-8?B?" and "?="
#define PLAIN_WORD    60 // a longer one would be a line of its own: it is encoded
#define NAME_OF_ATOMS 60

bool mail_header_is_safe(const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            return false;
        }
    }
    return text_is_utf8(value, strlen(value));
}

// ---- Encoded words

// RFC 2047 section 5 (3): what may stand as it is within a name, and so everywhere.
static bool is_literal(unsigned char sign)
{
    return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z') ||
           (sign >= '0' && sign <= '9') || (sign != '\0' && strchr("!*+-/", sign) != NULL);
}

static size_t quoted_size(const char *from, size_t length)
{
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        size += is_literal((unsigned char)from[i]) || from[i] == ' ' ? 1 : 3;
    }
    return size;
}

static size_t base64_size(size_t length)
{
    return (length + 2) / 3 * 4;
}

static size_t sign_size(const char *from)
{
    size_t size = 1;
    while (((unsigned char)from[size] & 0xC0) == 0x80) {
        size++;
    }
    return size;
}

// As many whole characters as fit (section 5: none is cut in two).
static size_t piece_size(const char *from, size_t room, bool base64)
{
    size_t size = 0;
    while (from[size] != '\0') {
        size_t more = size + sign_size(from + size);
        if ((base64 ? base64_size(more) : quoted_size(from, more)) > room) {
            break;
        }
        size = more;
    }
    return size;
}

static void put_quoted(FILE *to, const char *from, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char sign = from[i] == ' ' ? '_' : (unsigned char)from[i];
        bool literal = is_literal(sign) || from[i] == ' ';
        fprintf(to, literal ? "%c" : "=%02X", sign);
    }
}

static void put_base64(FILE *to, const char *from, size_t length)
{
    unsigned char word[WORD_SIGNS + 1];
    int written = EVP_EncodeBlock(word, (const unsigned char *)from, (int)length);
    fprintf(to, "%.*s", written, (const char *)word);
}

// From this column on; gives the column where it ends.
static size_t put_words(FILE *to, const char *from, size_t column)
{
    size_t length = strlen(from);
    bool base64 = base64_size(length) < quoted_size(from, length);
    while (*from != '\0') {
        size_t line = LINE_SIGNS - column < WORD_SIGNS ? LINE_SIGNS - column : WORD_SIGNS;
        size_t size = piece_size(from, line - WORD_FRAME, base64);
        fprintf(to, "=?UTF-8?%c?", base64 ? 'B' : 'Q');
        (base64 ? put_base64 : put_quoted)(to, from, size);
        fputs("?=", to);
        column += WORD_FRAME + (base64 ? base64_size(size) : quoted_size(from, size));
        from += size;
        if (*from != '\0') {
            fputs("\r\n ", to);
            column = 1;
        }
    }
    return column;
}

// ---- Plain text

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80) {
        text++;
    }
    return *text == '\0';
}

// ASCII that folds at single blanks and that nobody takes for an encoded word.
static bool is_plain(const char *value)
{
    size_t length = strlen(value);
    if (!is_ascii(value) || strstr(value, "=?") != NULL || strstr(value, "  ") != NULL ||
        length == 0 || value[0] == ' ' || value[length - 1] == ' ') {
        return false;
    }
    size_t longest = 0;
    while (*value != '\0') {
        size_t word = strcspn(value, " ");
        longest = word > longest ? word : longest;
        value += word + (value[word] == ' ');
    }
    return longest <= PLAIN_WORD;
}

static void put_folded(FILE *to, const char *value, size_t column)
{
    while (*value != '\0') {
        size_t word = strcspn(value, " ");
        size_t blank = value[word] == ' ';
        fprintf(to, "%.*s", (int)word, value);
        column += word;
        value += word + blank;
        size_t next = strcspn(value, " ");
        if (blank > 0 && column + 1 + next > LINE_SIGNS) {
            fputs("\r\n ", to);
            column = 1;
        } else if (blank > 0) {
            fputc(' ', to);
            column++;
        }
    }
}

void mail_header_text(FILE *to, const char *name, const char *value)
{
    size_t column = strlen(name) + 2;
    fprintf(to, "%s: ", name);
    if (is_plain(value)) {
        put_folded(to, value, column);
    } else {
        (void)put_words(to, value, column);
    }
    fputs("\r\n", to);
}

// ---- Mailboxes

// RFC 5322 section 3.2.5, in one line.
static size_t put_name(FILE *to, const char *shown, size_t column)
{
    if (!is_ascii(shown) || strlen(shown) > NAME_OF_ATOMS || strstr(shown, "=?") != NULL) {
        return put_words(to, shown, column);
    }
    fputc('"', to);
    column += 2;
    for (const char *at = shown; *at != '\0'; at++, column++) {
        if (*at == '"' || *at == '\\') {
            fputc('\\', to);
            column++;
        }
        fputc(*at, to);
    }
    fputc('"', to);
    return column;
}

void mail_header_mailbox(FILE *to, const char *name, const char *shown, const char *address)
{
    size_t column = strlen(name) + 2;
    fprintf(to, "%s: ", name);
    if (shown[0] == '\0') {
        fprintf(to, "%s\r\n", address);
        return;
    }
    column = put_name(to, shown, column);
    bool fits = column + strlen(address) + 3 <= LINE_SIGNS;
    fprintf(to, "%s<%s>\r\n", fits ? " " : "\r\n ", address);
}
