#include "words/search.h"

#include <glib.h>
#include <string.h>

static void drop_marks(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        const char *next = g_utf8_next_char(from);
        GUnicodeType type = g_unichar_type(g_utf8_get_char(from));
        if (type != G_UNICODE_NON_SPACING_MARK && type != G_UNICODE_ENCLOSING_MARK) {
            memmove(to, from, (size_t)(next - from));
            to += next - from;
        }
        from = next;
    }
    *to = '\0';
}

char *words_fold(const char *text)
{
    char *decomposed = g_utf8_normalize(text, -1, G_NORMALIZE_ALL);
    if (decomposed == NULL) {
        return NULL;
    }
    drop_marks(decomposed);
    char *folded = g_utf8_casefold(decomposed, -1);
    g_free(decomposed);
    return folded;
}

void words_fold_free(char *folded)
{
    g_free(folded);
}

static bool parts_no_words(gunichar sign)
{
    GUnicodeScript script = g_unichar_get_script(sign);
    return script == G_UNICODE_SCRIPT_HAN || script == G_UNICODE_SCRIPT_HIRAGANA ||
           script == G_UNICODE_SCRIPT_KATAKANA || script == G_UNICODE_SCRIPT_THAI;
}

static bool word_begins(const char *text, const char *word, size_t length)
{
    bool anywhere = parts_no_words(g_utf8_get_char(word));
    bool within = false; // a word
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if ((anywhere || !within) && strncmp(at, word, length) == 0) {
            return true;
        }
        within = g_unichar_isalnum(g_utf8_get_char(at));
    }
    return false;
}

bool words_begin(const char *text, const char *query)
{
    while (*query != '\0') {
        size_t length = strcspn(query, " ");
        if (length > 0 && !word_begins(text, query, length)) {
            return false;
        }
        query += length;
        query += strspn(query, " ");
    }
    return true;
}
