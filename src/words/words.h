// What people write (names, titles, messages) as it is taken in, once: where it comes from outside,
// and never when a journal is read again. In the normal form C of Unicode; trimmed, one blank
// between words; without controls, overrides and isolates of direction and signs that nobody sees;
// with few marks on a letter. What a script needs stays: joiners between letters that
// join, marks of direction within text from right to left. Any thread.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define WORDS_MARKS_MAX   4 // that stand above, below or within one letter
#define WORDS_SPACING_MAX 8 // of a letter, that take room of their own: vowels of India and Myanmar

// How many code points that are seen are taken on for `characters` at most: decomposed a letter has
// four. More are too many without a closer look.
#define WORDS_RAW(characters) (8 * (uint64_t)(characters) + 64)

// The bytes that `characters` code points need at most, with the 0 behind them.
#define WORDS_SIZE(characters) (4 * (size_t)(characters) + 1)

// Writes `from[length]`, cleaned, into `to`, which has room for WORDS_SIZE(most). "" when nothing
// of it is seen: whether that will do is the caller's question. `ret_came`: how many characters
// (code points) it has cleaned, also with ERR_TOO_LARGE, when they are more than `most` and `to` is
// empty; uncleaned when they are more than WORDS_RAW(most). ERR_MALFORMED: it is not UTF-8;
// ERR_FULL: memory is short.
enum err CHECKED words_take(const char *from, size_t length, uint32_t most, char *to,
                            uint32_t *ret_came);
