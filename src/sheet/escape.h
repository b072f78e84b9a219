// A text as it comes out of XML in pieces, bounded, and its signs that XML cannot hold: written as
// _xHHHH_, and an underscore that would begin such a thing as _x005F_ (ECMA-376, part 1, 22.9.2.19,
// ST_Xstring).
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sheet/sheet.h"

// Seven bytes can stand for one: a text that needs more room than this is longer than a cell.
#define ESCAPE_RAW_MAX (7 * SHEET_CELL_MAX)

struct escape_text {
    size_t length;
    bool cut; // there was more
    char data[ESCAPE_RAW_MAX];
};

void escape_clear(struct escape_text *text);
void escape_append(struct escape_text *text, const char *piece, size_t length);
// Takes the escapes away, in place.
void escape_take(struct escape_text *text);

// The most that a cell's text can become.
#define ESCAPE_PUT_SIZE (7 * (size_t)SHEET_CELL_MAX + 1)

// Escapes what libxlsxwriter leaves as it is: what looks like an escape, and U+FFFE and U+FFFF,
// which XML has not. Ends with 0.
void escape_put(const char *text, char to[ESCAPE_PUT_SIZE]);
