// Finding people, meetings and bodies by the beginnings of words, in any script: case, accents and
// forms of letters make no difference. Any thread.
#pragma once

#include <stdbool.h>

// As it is compared: decomposed (NFKD), without marks, case folded. NULL when memory is short or it
// is not UTF-8; the caller frees with words_fold_free().
char *words_fold(const char *text);
void words_fold_free(char *folded);
// Whether each word of `query` begins a word of `text`; of scripts that do not part words
// (ideographs, kana) it may stand anywhere. Both are folded. An empty query is found everywhere.
bool words_begin(const char *text, const char *query);
