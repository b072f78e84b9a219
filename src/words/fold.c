#include "words/fold.h"

#include <glib.h>
#include <string.h>

#include "words/words.h"

#define LONGEST 255

// NULL: no text that can be compared. Folded after it is composed, and composed again: folding can
// take a letter apart.
static char *fold(const char *text)
{
    char cleaned[WORDS_SIZE(LONGEST)];
    uint32_t came = 0;
    if (words_take(text, strlen(text), LONGEST, cleaned, &came) != ERR_NONE) {
        return NULL;
    }
    char *folded = g_utf8_casefold(cleaned, -1);
    char *composed = g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
    g_free(folded);
    return composed;
}

bool words_same(const char *a, const char *b)
{
    char *first = fold(a);
    char *second = fold(b);
    bool same = first != NULL && second != NULL && strcmp(first, second) == 0;
    g_free(first);
    g_free(second);
    return same;
}
