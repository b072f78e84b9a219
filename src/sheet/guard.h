// A spreadsheet that opens a CSV file takes what begins with "=", "+", "-" or "@" for a formula and
// runs it ("formula injection"). An apostrophe before it keeps it a text. The guard puts one there
// when a table is written and takes it away again when one is read: read after written, every text
// is what it was.
//
// Where: at the beginning of a cell, and behind each comma, semicolon, tab and line's end within
// it, because a spreadsheet that separates by another sign than the file does (Excel by ";" in
// French, Russian, Spanish and Arabic, whatever the file says) begins a cell there. Blanks, quotes
// and apostrophes that stand between are passed over. At the beginning a tab or a line's end counts
// as well, which some drop. The wide forms of the four signs (U+FF1D, FF0B, FF0D, FF20) are the
// signs.
//
// What it costs: a cell of another program that begins with an apostrophe and one of these signs
// loses the apostrophe, which is what its maker meant by it.
#pragma once

#include <stddef.h>

// The most that a text of `length` bytes can become.
#define GUARD_SIZE(length) (2 * (size_t)(length) + 1)

// Both write into `to`, and return how many bytes; there is no 0 behind them. `to` has room for
// GUARD_SIZE(length), or for `length` bytes, and may be `from` when the guard is taken away.
size_t guard_put(const char *from, size_t length, char *to);
size_t guard_take(const char *from, size_t length, char *to);
