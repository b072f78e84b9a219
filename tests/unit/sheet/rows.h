// A table that was read, as one text: cells with "|" between them, rows with "/" between them.
#pragma once

#include <stdio.h>
#include <string.h>

#include "sheet/sheet.h"

#define ROWS_SIZE 4096

static inline const char *rows_of(const struct sheet *sheet)
{
    static char text[ROWS_SIZE];
    size_t length = 0;
    text[0] = '\0';
    for (uint32_t row = 0; row < sheet_rows(sheet); row++) {
        for (uint32_t column = 0; column < sheet_columns(sheet); column++) {
            const char *before = column > 0 ? "|" : row > 0 ? "/" : "";
            length += (size_t)snprintf(text + length, ROWS_SIZE - length, "%s%s", before,
                                       sheet_cell(sheet, row, column));
        }
    }
    return text;
}

static inline bool rows_same(const struct sheet *a, const struct sheet *b)
{
    bool same = sheet_rows(a) == sheet_rows(b) && sheet_columns(a) == sheet_columns(b);
    for (uint32_t row = 0; same && row < sheet_rows(a); row++) {
        for (uint32_t column = 0; same && column < sheet_columns(a); column++) {
            same = strcmp(sheet_cell(a, row, column), sheet_cell(b, row, column)) == 0;
        }
    }
    return same;
}
