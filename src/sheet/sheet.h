// A table of texts: rows of cells, as they come from a CSV or XLSX file and go into one. It knows
// nothing of what the table is about. Rows and columns count from 0 here; a refusal counts as
// people do (sheet/refusal.h). The first row with anything in it is the heading. Used by one thread
// at a time.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/refusal.h"

#define SHEET_ROWS_MAX    20000u
#define SHEET_COLUMNS_MAX 64u
#define SHEET_CELLS_MAX   400000u     // that have text
#define SHEET_CELL_MAX    4000u       // bytes of one
#define SHEET_TEXT_MAX    (8u << 20)  // bytes of all
#define SHEET_FILE_MAX    (16u << 20) // bytes of a file that is read
#define SHEET_NO_COLUMN   UINT32_MAX

struct sheet;

// Empty; NULL without memory.
struct sheet *sheet_create(void);
// NULL is allowed.
void sheet_destroy(struct sheet *sheet);

// The text of a cell, copied; cells may come in any order. An empty text leaves nothing.
// ERR_INVALID: there is a reason in `ret_refusal`, and this cell's place; ERR_FULL: without memory.
// The sheet is what it was then.
enum err CHECKED sheet_add(struct sheet *sheet, uint32_t row, uint32_t column, const char *text,
                           size_t length, struct sheet_refusal *ret_refusal);
// All cells are there: from now on it is read. ERR_INVALID (SHEET_TWICE) as above.
enum err CHECKED sheet_settle(struct sheet *sheet, struct sheet_refusal *ret_refusal);

// Up to the last one with text.
uint32_t sheet_rows(const struct sheet *sheet);
uint32_t sheet_columns(const struct sheet *sheet);
// Its text, owned by the sheet; "" where there is none, also beyond the last.
const char *sheet_cell(const struct sheet *sheet, uint32_t row, uint32_t column);
bool sheet_row_is_empty(const struct sheet *sheet, uint32_t row);
// The row of the heading; sheet_rows() when the sheet is empty.
uint32_t sheet_heading(const struct sheet *sheet);
// The first column whose heading is one of `names`, compared as people read (words_same()), so that
// "Délégation", "DELEGATION " and «Делегация» are found when they are among them. SHEET_NO_COLUMN:
// none is.
uint32_t sheet_column(const struct sheet *sheet, const char *const *names, size_t count);
