// Why a file is no table that can be taken in: a reason of a closed list and the place of it, as a
// person counts who has the file open in a spreadsheet: "row 17, column C".
#pragma once

#include <stdint.h>

#include "base/err.h"

// X(symbol, "slug", "English title")
#define SHEET_REASON_LIST(X)                                                                       \
    X(SHEET_GOOD, "good", "Nothing is wrong")                                                      \
    X(SHEET_EMPTY, "empty", "There is nothing in it")                                              \
    X(SHEET_FILE_LARGE, "file-large", "The file is too large")                                     \
    X(SHEET_ENCODING, "encoding",                                                                  \
      "The text is not Unicode (UTF-8, or UTF-16 with its mark): saved as Windows-1252, perhaps?") \
    X(SHEET_NUL, "nul", "There is a NUL, which no text has")                                       \
    X(SHEET_QUOTE_OPEN, "quote-open", "A quoted cell has no end")                                  \
    X(SHEET_QUOTE_STRAY, "quote-stray",                                                            \
      "Something stands between a quoted cell and its separator")                                  \
    X(SHEET_ROWS_MANY, "rows-many", "There are too many rows")                                     \
    X(SHEET_COLUMNS_MANY, "columns-many", "There are too many columns")                            \
    X(SHEET_CELLS_MANY, "cells-many", "There are too many cells")                                  \
    X(SHEET_CELL_LONG, "cell-long", "The text of a cell is too long")                              \
    X(SHEET_TEXT_LONG, "text-long", "All the text together is too long")                           \
    X(SHEET_OLD_EXCEL, "old-excel", "An old Excel file (.xls), or one locked by a password")       \
    X(SHEET_NO_XLSX, "no-xlsx", "An archive, and no XLSX file")                                    \
    X(SHEET_DAMAGED, "damaged", "The file is damaged")                                             \
    X(SHEET_LOCKED, "locked", "The file is locked by a password")                                  \
    X(SHEET_PARTS_MANY, "parts-many", "The archive has too many parts")                            \
    X(SHEET_PARTS_LARGE, "parts-large", "The archive unpacks to too much")                         \
    X(SHEET_PACKED_TIGHT, "packed-tight", "A part of the archive unpacks to far more than it is")  \
    X(SHEET_DOCTYPE, "doctype", "A part of the file declares a document type")                     \
    X(SHEET_NESTED_DEEP, "nested-deep", "A part of the file is nested too deep")                   \
    X(SHEET_STRINGS_MANY, "strings-many", "There are too many texts")                              \
    X(SHEET_NO_SHEET, "no-sheet", "There is no sheet that is seen")                                \
    X(SHEET_PLACE, "place", "A cell stands where there is no place")                               \
    X(SHEET_TWICE, "twice", "Two cells stand at the same place")                                   \
    X(SHEET_NO_VALUE, "no-value", "The value of a cell cannot be understood")

enum sheet_reason {
#define SHEET_REASON_ENUM(symbol, slug, title) symbol,
    SHEET_REASON_LIST(SHEET_REASON_ENUM)
#undef SHEET_REASON_ENUM
        SHEET_REASON_COUNT
};

struct sheet_refusal {
    enum sheet_reason reason;
    uint32_t row;    // from 1; 0: of the file as a whole
    uint32_t column; // from 1; 0: of the row as a whole
};

// Static texts; never NULL.
const char *sheet_reason_slug(enum sheet_reason reason);
const char *sheet_reason_title(enum sheet_reason reason);

// Fills it and returns ERR_INVALID. `row` and `column` as above.
enum err CHECKED sheet_refuse(struct sheet_refusal *refusal, enum sheet_reason reason, uint32_t row,
                              uint32_t column);

#define SHEET_LETTERS_SIZE 8

// What a spreadsheet calls a column: 1 is "A", 27 "AA". "" of 0.
void sheet_column_letters(uint32_t column, char to[SHEET_LETTERS_SIZE]);
