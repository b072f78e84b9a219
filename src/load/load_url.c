#include "load/load_url.h"

#include <string.h>

#include "base/text.h"

static void append_word(struct text_builder *url, const char *words, size_t size, uint32_t number)
{
    uint32_t count = 1;
    for (size_t i = 0; i < size; i++) {
        count += words[i] == ',' ? 1 : 0;
    }
    size_t start = 0;
    for (uint32_t skip = number % count; skip > 0; start++) {
        skip -= words[start] == ',' ? 1 : 0;
    }
    size_t end = start;
    while (end < size && words[end] != ',') {
        end++;
    }
    text_append_n(url, words + start, end - start);
}

enum err load_url_expand(const char *pattern, uint32_t number, char ret_url[LOAD_URL_MAX + 1])
{
    struct text_builder url = text_builder(ret_url, LOAD_URL_MAX + 1);
    for (const char *at = pattern; *at != '\0';) {
        if (*at != '{') {
            text_append_n(&url, at++, 1);
            continue;
        }
        const char *end = strchr(at, '}');
        if (end == NULL) {
            return ERR_MALFORMED;
        }
        if (end - at == 2 && at[1] == 'n') {
            text_append_format(&url, "%u", number);
        } else {
            append_word(&url, at + 1, (size_t)(end - at - 1), number);
        }
        at = end + 1;
    }
    return url.failed ? ERR_TOO_LARGE : ERR_NONE;
}
