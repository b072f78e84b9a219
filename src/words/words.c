#include "words/words.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"

#define ZERO_WIDTH_NON_JOINER 0x200C
#define ZERO_WIDTH_JOINER     0x200D

// Text under way, in place: what is kept never overtakes what is read.
struct cleaning {
    gunichar *signs;
    size_t kept;
    gunichar blank;   // to be written before the next sign; 0: none
    gunichar between; // joiner or mark of direction that the next sign decides about; 0: none
    gunichar base;    // the last sign that is no mark
    uint32_t marks;   // on the base, that take no room of their own
    uint32_t spacing; // on the base, that do
    bool right_to_left;
};

struct span {
    gunichar first;
    gunichar last;
};

static bool is_within(const struct span *spans, size_t count, gunichar sign)
{
    for (size_t i = 0; i < count; i++) {
        if (sign >= spans[i].first && sign <= spans[i].last) {
            return true;
        }
    }
    return false;
}

// ---- What a sign is

// Of the category "format", and seen nevertheless: they stand around numbers and verses.
static const struct span seen_formats[] = {{0x600, 0x605},    {0x6DD, 0x6DD}, {0x70F, 0x70F},
                                           {0x890, 0x891},    {0x8E2, 0x8E2}, {0x110BD, 0x110BD},
                                           {0x110CD, 0x110CD}};

// Of other categories, and not seen: fillers, and what Unicode reserves for more of the kind.
static const struct span unseen[] = {
    {0x34F, 0x34F},   {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x2065, 0x2065},   {0x3164, 0x3164},
    {0xFDD0, 0xFDEF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE00FF}, {0xE01F0, 0xE0FFF}};

static const struct span controls_that_part[] = {{'\t', '\r'}, {0x85, 0x85}};

static bool is_blank(gunichar sign)
{
    GUnicodeType type = g_unichar_type(sign);
    return type == G_UNICODE_SPACE_SEPARATOR || type == G_UNICODE_LINE_SEPARATOR ||
           type == G_UNICODE_PARAGRAPH_SEPARATOR || sign == 0x2800 /* of Braille */ ||
           is_within(controls_that_part, G_N_ELEMENTS(controls_that_part), sign);
}

static bool is_unseen(gunichar sign)
{
    GUnicodeType type = g_unichar_type(sign);
    return type == G_UNICODE_CONTROL || (sign & 0xFFFE) == 0xFFFE ||
           (type == G_UNICODE_FORMAT &&
            !is_within(seen_formats, G_N_ELEMENTS(seen_formats), sign)) ||
           is_within(unseen, G_N_ELEMENTS(unseen), sign);
}

// A blank that typography asks for is left where it stands alone: no break, narrow, of Chinese.
static gunichar blank_of(gunichar sign)
{
    return sign == 0xA0 || sign == 0x202F || sign == 0x3000 ? sign : ' ';
}

static bool is_of_direction(gunichar sign)
{
    return sign == 0x200E || sign == 0x200F || sign == 0x61C;
}

static bool is_from_right(gunichar sign)
{
    switch ((int)g_unichar_get_script(sign)) {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
    case G_UNICODE_SCRIPT_NKO: return true;
    default: return false;
    }
}

// Whether its letters take another form by what stands beside them.
static bool is_joining(gunichar sign)
{
    switch ((int)g_unichar_get_script(sign)) {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_NKO:
    case G_UNICODE_SCRIPT_MONGOLIAN:
    case G_UNICODE_SCRIPT_DEVANAGARI:
    case G_UNICODE_SCRIPT_BENGALI:
    case G_UNICODE_SCRIPT_GURMUKHI:
    case G_UNICODE_SCRIPT_GUJARATI:
    case G_UNICODE_SCRIPT_ORIYA:
    case G_UNICODE_SCRIPT_TAMIL:
    case G_UNICODE_SCRIPT_TELUGU:
    case G_UNICODE_SCRIPT_KANNADA:
    case G_UNICODE_SCRIPT_MALAYALAM:
    case G_UNICODE_SCRIPT_SINHALA:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR: return true;
    default: return false;
    }
}

static bool is_letter(gunichar sign)
{
    return g_unichar_isalpha(sign) && is_joining(sign);
}

// A picture, or the colour of somebody's skin on one.
static bool is_picture(gunichar sign)
{
    return g_unichar_type(sign) == G_UNICODE_OTHER_SYMBOL || (sign >= 0x1F3FB && sign <= 0x1F3FF);
}

// ---- The walk

// Whether what stands between has a meaning there. `next` is 0 at the end, a blank before one.
static bool means_something(const struct cleaning *text, gunichar next)
{
    if (is_of_direction(text->between)) {
        return text->right_to_left && next != 0;
    }
    gunichar last = text->signs[text->kept - 1];
    if (g_unichar_ismark(last) && is_joining(last)) {
        return true; // a virama that is to be seen, also at the end of a word
    }
    if (text->between == ZERO_WIDTH_JOINER && is_picture(text->base)) {
        return is_picture(next);
    }
    return is_letter(text->base) &&
           (is_letter(next) || (g_unichar_ismark(next) && is_joining(next)));
}

static void settle_between(struct cleaning *text, gunichar next)
{
    if (text->between != 0 && means_something(text, next)) {
        text->signs[text->kept++] = text->between;
    }
    text->between = 0;
}

static void put(struct cleaning *text, gunichar sign)
{
    settle_between(text, text->blank != 0 ? text->blank : sign);
    if (text->blank != 0) {
        text->signs[text->kept++] = text->blank;
        text->blank = 0;
    }
    text->signs[text->kept++] = sign;
}

// A mark needs what it stands on. Both kinds are counted: also those that take room of their own
// are put in order by composing, which takes the square of how many there are.
static void put_mark(struct cleaning *text, gunichar mark)
{
    if (text->kept == 0 || text->blank != 0) {
        return;
    }
    bool stacks = g_unichar_type(mark) != G_UNICODE_SPACING_MARK;
    uint32_t *marks = stacks ? &text->marks : &text->spacing;
    if (*marks < (stacks ? WORDS_MARKS_MAX : WORDS_SPACING_MAX)) {
        put(text, mark);
        (*marks)++;
    }
}

static void take_sign(struct cleaning *text, gunichar sign)
{
    if (is_blank(sign)) {
        if (text->kept > 0) {
            text->blank = text->blank == 0 ? blank_of(sign) : ' ';
        }
    } else if (sign == ZERO_WIDTH_NON_JOINER || sign == ZERO_WIDTH_JOINER ||
               is_of_direction(sign)) {
        if (text->kept > 0 && text->blank == 0 && text->between == 0) {
            text->between = sign;
        }
    } else if (is_unseen(sign)) {
        return;
    } else if (g_unichar_ismark(sign)) {
        put_mark(text, sign);
    } else {
        put(text, sign);
        text->base = sign;
        text->marks = 0;
        text->spacing = 0;
    }
}

// Returns how many are left.
static size_t clean(gunichar *signs, size_t count)
{
    struct cleaning text = {.signs = signs};
    for (size_t i = 0; i < count && !text.right_to_left; i++) {
        text.right_to_left = is_from_right(signs[i]);
    }
    for (size_t i = 0; i < count; i++) {
        take_sign(&text, signs[i]);
    }
    settle_between(&text, 0);
    return text.kept;
}

// ---- Between bytes and signs

// The signs of text that is UTF-8, owned by the caller; NULL when memory is short.
static gunichar *read_signs(const char *text, size_t length, size_t *ret_count)
{
    gunichar *signs = malloc((length + 1) * sizeof(*signs));
    const char *at = text;
    for (*ret_count = 0; signs != NULL && at < text + length; at = g_utf8_next_char(at)) {
        signs[(*ret_count)++] = g_utf8_get_char(at);
    }
    return signs;
}

// Whether more than so many signs are seen, before anything is done with them.
static bool are_more(const char *text, size_t length, uint64_t most)
{
    uint64_t seen = 0;
    for (const char *at = text; at < text + length && seen <= most; at = g_utf8_next_char(at)) {
        gunichar sign = g_utf8_get_char(at);
        seen += !is_blank(sign) && !is_unseen(sign);
    }
    return seen > most;
}

// Those of the composed form: cleaned before, because composing many marks takes the square of
// their number, and after, because it can bring marks. Takes `signs` over.
static gunichar *compose(gunichar *signs, size_t *count)
{
    *count = clean(signs, *count);
    glong size = 0;
    char *bytes = g_ucs4_to_utf8(signs, (glong)*count, NULL, &size, NULL);
    free(signs);
    ASSERT(bytes != NULL);
    char *composed = g_utf8_normalize(bytes, size, G_NORMALIZE_NFC);
    g_free(bytes);
    ASSERT(composed != NULL);
    gunichar *again = read_signs(composed, strlen(composed), count);
    g_free(composed);
    if (again != NULL) {
        *count = clean(again, *count);
    }
    return again;
}

enum err words_take(const char *from, size_t length, uint32_t most, char *to, uint32_t *ret_came)
{
    to[0] = '\0';
    *ret_came = 0;
    if (!text_is_utf8(from, length)) {
        return ERR_MALFORMED;
    }
    if (are_more(from, length, WORDS_RAW(most))) {
        *ret_came = (uint32_t)g_utf8_strlen(from, (gssize)length);
        return ERR_TOO_LARGE;
    }
    size_t count = 0;
    gunichar *signs = read_signs(from, length, &count);
    signs = signs != NULL ? compose(signs, &count) : NULL;
    if (signs == NULL) {
        return ERR_FULL;
    }
    *ret_came = (uint32_t)count;
    if (count > most) {
        free(signs);
        return ERR_TOO_LARGE;
    }
    for (size_t i = 0; i < count; i++) {
        to += g_unichar_to_utf8(signs[i], to);
    }
    *to = '\0';
    free(signs);
    return ERR_NONE;
}
