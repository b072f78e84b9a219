// Whatever comes in as people's text: what is kept of it is within its room, bounded and at rest.
#include <glib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "words/words.h"

#define MOST 255

static void check_signs(const char *text)
{
    uint32_t marks = 0;
    gunichar last = ' ';
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar sign = g_utf8_get_char(at);
        GUnicodeType type = g_unichar_type(sign);
        ASSERT(type != G_UNICODE_CONTROL && type != G_UNICODE_LINE_SEPARATOR);
        ASSERT((sign < 0x202A || sign > 0x202E) && (sign < 0x2060 || sign > 0x206F));
        ASSERT(type != G_UNICODE_SPACE_SEPARATOR || last != ' '); // also not the first
        marks = !g_unichar_ismark(sign) && type != G_UNICODE_FORMAT ? 0 : marks;
        marks += type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
        ASSERT(marks <= WORDS_MARKS_MAX);
        last = sign;
    }
    ASSERT(text[0] == '\0' || g_unichar_type(last) != G_UNICODE_SPACE_SEPARATOR);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    uint32_t most = data[0] == 0 ? MOST : data[0];
    const char *from = (const char *)data + 1;
    char cleaned[WORDS_SIZE(MOST)];
    uint32_t came = 0;
    enum err err = words_take(from, size - 1, most, cleaned, &came);
    ASSERT((err == ERR_MALFORMED) == !text_is_utf8(from, size - 1));
    if (err != ERR_NONE) {
        ASSERT(cleaned[0] == '\0' && (err != ERR_TOO_LARGE || came > most));
        return 0;
    }
    size_t length = strlen(cleaned);
    ASSERT(text_is_utf8(cleaned, length) && text_characters(cleaned, length) == came &&
           came <= most);
    check_signs(cleaned);
    char *composed = g_utf8_normalize(cleaned, -1, G_NORMALIZE_NFC);
    ASSERT(strcmp(composed, cleaned) == 0);
    g_free(composed);
    char again[WORDS_SIZE(MOST)];
    ASSERT(words_take(cleaned, length, most, again, &came) == ERR_NONE);
    ASSERT(strcmp(again, cleaned) == 0);
    return 0;
}
