// What a table has to be, as data: its columns, what their headings are called in six languages,
// and what a cell of each may hold. A table is looked at whole and every bad cell is told: what a
// dry run says. Headings that no column has are told too, and are passed over otherwise.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/sheet.h"

#define TABLE_LANGUAGES   6
#define TABLE_COLUMNS_MAX SHEET_COLUMNS_MAX

enum table_fault {
    TABLE_COLUMN_MISSING, // a required one; `column` is the description's, no place in the sheet
    TABLE_COLUMN_TWICE,   // two headings say the same
    TABLE_COLUMN_UNKNOWN, // a heading that no column has
    TABLE_CELL_MISSING,   // where one is required, in a row with anything in it
    TABLE_CELL_LONG,      // `came` and `most` characters
    TABLE_CELL_REFUSED,   // by the column's check, which says why
};

struct table_finding {
    enum table_fault fault;
    uint32_t row;    // from 1, as a person counts
    uint32_t column; // from 1, in the sheet; 0: TABLE_COLUMN_MISSING
    size_t which;    // of the description's columns; SIZE_MAX: TABLE_COLUMN_UNKNOWN
    uint32_t came;
    uint32_t most;
    int why; // of the column's check
};

struct table_column {
    const char *name;                      // for machines: "family_name"
    const char *headings[TABLE_LANGUAGES]; // NULL: none in this language
    bool required;                         // the column and each of its cells
    uint32_t most;                         // characters
    // Of a cell that has text, cleaned (words/words.h). 0: good; else why not, as the caller counts
    // its reasons. NULL: anything is.
    int (*check)(void *context, const char *text);
};

struct table_description {
    const struct table_column *columns;
    size_t count; // at most TABLE_COLUMNS_MAX
};

struct table_visitor {
    void *context; // also the checks'
    void (*finding)(void *context, const struct table_finding *finding);
    // A row without a fault, after its cells were checked: a text for each column of the
    // description, cleaned, "" where there is none. They are there for the call alone. NULL: not of
    // interest.
    void (*row)(void *context, uint32_t row, const char *const *texts);
};

struct table_count {
    uint32_t rows;   // below the heading, with anything in them
    uint32_t good;   // of them
    uint32_t faults; // in all; TABLE_COLUMN_UNKNOWN is none
};

// ERR_FULL: without memory. The sheet is settled and not empty. When a required column is missing
// or one stands there twice, no row is looked at.
enum err CHECKED table_check(const struct sheet *sheet, const struct table_description *description,
                             const struct table_visitor *visitor, struct table_count *ret_count);
