#include "server/takeover_facts.h"

#include <string.h>

#include "base/text.h"

enum word { WORD_VERSION, WORD_LAYOUT, WORD_LINK, WORD_TABLES, WORD_MAKES, WORD_UNREADABLE, WORDS };

static const char *const words[WORDS] = {
    [WORD_VERSION] = "plenary", [WORD_LAYOUT] = "layout", [WORD_LINK] = "link",
    [WORD_TABLES] = "tables",   [WORD_MAKES] = "makes",   [WORD_UNREADABLE] = "unreadable"};

enum err takeover_facts_write(const struct takeover_facts *facts, char *ret_text, size_t size)
{
    struct text_builder text = text_builder(ret_text, size);
    text_append_format(&text, "%s %s\n%s %s\n", words[WORD_VERSION], facts->version,
                       words[WORD_LAYOUT], facts->layout);
    text_append_format(&text, "%s %u\n%s %u\n%s %u\n%s %u\n", words[WORD_LINK], facts->link,
                       words[WORD_TABLES], facts->tables, words[WORD_MAKES], facts->makes,
                       words[WORD_UNREADABLE], facts->unreadable);
    if (facts->ready) {
        text_append(&text, "ready\n");
    } else {
        text_append_format(&text, "refused %s\n", facts->refusal);
    }
    return text.failed ? ERR_TOO_LARGE : ERR_NONE;
}

static enum err read_number(const char *value, size_t length, uint32_t *ret_number)
{
    unsigned long long number = 0;
    enum err err = text_to_u64(value, length, UINT32_MAX, &number);
    *ret_number = (uint32_t)number;
    return err;
}

static enum err read_text(char *to, size_t size, const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (value[i] <= ' ' || value[i] == 0x7f) {
            return ERR_MALFORMED;
        }
    }
    return length > 0 && text_copy_n(to, size, value, length) == ERR_NONE ? ERR_NONE
                                                                          : ERR_MALFORMED;
}

static enum err read_value(struct takeover_facts *facts, enum word word, const char *value,
                           size_t length)
{
    switch (word) {
    case WORD_VERSION: return read_text(facts->version, sizeof(facts->version), value, length);
    case WORD_LAYOUT: return read_text(facts->layout, sizeof(facts->layout), value, length);
    case WORD_LINK: return read_number(value, length, &facts->link);
    case WORD_TABLES: return read_number(value, length, &facts->tables);
    case WORD_MAKES: return read_number(value, length, &facts->makes);
    case WORD_UNREADABLE: return read_number(value, length, &facts->unreadable);
    case WORDS: break;
    }
    return ERR_NONE;
}

// The end is said: nothing more is read.
static bool read_end(struct takeover_facts *facts, const char *line, size_t length)
{
    static const char refused[] = "refused ";
    size_t begin = sizeof(refused) - 1;
    if (length == 5 && memcmp(line, "ready", 5) == 0) {
        facts->ready = true;
        return true;
    }
    if (length <= begin || memcmp(line, refused, begin) != 0) {
        return false;
    }
    size_t kept = length - begin;
    if (kept > TAKEOVER_REFUSAL_MAX) {
        kept = TAKEOVER_REFUSAL_MAX;
        while (((unsigned char)line[begin + kept] & 0xC0) == 0x80) {
            kept--; // no half of a character
        }
    }
    memcpy(facts->refusal, line + begin, kept);
    facts->refusal[kept] = '\0';
    return true;
}

enum err takeover_facts_read(const char *text, size_t length, struct takeover_facts *ret_facts)
{
    unsigned seen = 0;
    memset(ret_facts, 0, sizeof(*ret_facts));
    if (memchr(text, '\0', length) != NULL || !text_is_utf8(text, length)) {
        return ERR_MALFORMED; // parts of it go into the log
    }
    for (const char *line = text, *end; line < text + length; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + length - line));
        if (end == NULL) {
            return ERR_MALFORMED; // cut off
        }
        size_t size = (size_t)(end - line);
        if (read_end(ret_facts, line, size)) {
            return !ret_facts->ready || seen == (1u << WORDS) - 1 ? ERR_NONE : ERR_MALFORMED;
        }
        for (unsigned i = 0; i < WORDS; i++) {
            size_t word = strlen(words[i]);
            if (size <= word || memcmp(line, words[i], word) != 0 || line[word] != ' ') {
                continue;
            }
            if ((seen & 1u << i) != 0 ||
                read_value(ret_facts, (enum word)i, line + word + 1, size - word - 1) != ERR_NONE) {
                return ERR_MALFORMED;
            }
            seen |= 1u << i;
        }
    }
    return ERR_MALFORMED;
}
