// Whether people read the same: headings of a table, names that are looked for.
#pragma once

#include <stdbool.h>

// Two texts that are UTF-8, cleaned (words/words.h) and without regard to small and capital
// letters and to blanks around them. Those longer than 255 characters are not the same, nor is
// anything without memory. Any thread.
bool words_same(const char *a, const char *b);
