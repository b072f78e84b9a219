#include "mail/html.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

static void put_escaped(FILE *to, const char *from, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (from[i]) {
        case '&': fputs("&amp;", to); break;
        case '<': fputs("&lt;", to); break;
        case '>': fputs("&gt;", to); break;
        case '"': fputs("&quot;", to); break;
        default: fputc(from[i], to); break;
        }
    }
}

// A sentence's signs behind an address are not of it.
static size_t address_size(const char *word, size_t length)
{
    bool is_address = text_starts_with(word, "https://") || text_starts_with(word, "http://");
    while (is_address && length > 0 && strchr(".,;:!?)>\"'", word[length - 1]) != NULL) {
        length--;
    }
    return is_address ? length : 0;
}

static void put_word(FILE *to, const char *word, size_t length)
{
    size_t address = address_size(word, length);
    if (address > 0) {
        fputs("<a href=\"", to);
        put_escaped(to, word, address);
        fputs("\">", to);
        put_escaped(to, word, address);
        fputs("</a>", to);
    }
    put_escaped(to, word + address, length - address);
}

static void put_line(FILE *to, const char *line, size_t length)
{
    while (length > 0) {
        size_t word = strcspn(line, " \t\r");
        size_t blanks = strspn(line + word, " \t");
        put_word(to, line, word);
        fprintf(to, "%.*s", (int)blanks, line + word);
        line += word + blanks;
        length -= word + blanks;
    }
}

void mail_html(FILE *to, const char *text, const char *language)
{
    bool within = false; // a paragraph
    fprintf(to,
            "<!DOCTYPE html>\r\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\"></head>"
            "<body>\r\n",
            language, text_starts_with(language, "ar") ? "rtl" : "ltr");
    while (*text != '\0') {
        size_t length = strcspn(text, "\r");
        if (length > 0) {
            fputs(within ? "<br>\r\n" : "<p>", to);
            put_line(to, text, length);
        } else if (within) {
            fputs("</p>\r\n", to);
        }
        within = length > 0;
        text += length + 2;
    }
    fputs(within ? "</p>\r\n</body></html>\r\n" : "</body></html>\r\n", to);
}
