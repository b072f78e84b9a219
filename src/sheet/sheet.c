#include "sheet/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "sheet/room.h"
#include "words/fold.h"

struct cell {
    uint32_t place; // row * SHEET_COLUMNS_MAX + column
    uint32_t at;    // in `text`
};

struct sheet {
    struct cell *cells; // owned; in the order of places once it is settled
    size_t cells_room;
    size_t cell_count;
    char *text; // owned; each with its 0 behind it
    size_t text_room;
    size_t text_used;
    uint32_t *rows; // owned; where the cells of each row begin, and one more; NULL: not settled
    uint32_t row_count;
    uint32_t column_count;
};

static uint32_t row_of(const struct cell *cell)
{
    return cell->place / SHEET_COLUMNS_MAX;
}

static uint32_t column_of(const struct cell *cell)
{
    return cell->place % SHEET_COLUMNS_MAX;
}

struct sheet *sheet_create(void)
{
    return calloc(1, sizeof(struct sheet));
}

void sheet_destroy(struct sheet *sheet)
{
    if (sheet != NULL) {
        free(sheet->cells);
        free(sheet->text);
        free(sheet->rows);
        free(sheet);
    }
}

// ---- Cells come

static enum sheet_reason reason_against(const struct sheet *sheet, uint32_t row, uint32_t column,
                                        const char *text, size_t length)
{
    if (row >= SHEET_ROWS_MAX) {
        return SHEET_ROWS_MANY;
    }
    if (column >= SHEET_COLUMNS_MAX) {
        return SHEET_COLUMNS_MANY;
    }
    if (memchr(text, '\0', length) != NULL) {
        return SHEET_NUL;
    }
    if (!text_is_utf8(text, length)) {
        return SHEET_ENCODING;
    }
    if (length > SHEET_CELL_MAX) {
        return SHEET_CELL_LONG;
    }
    if (sheet->cell_count >= SHEET_CELLS_MAX) {
        return SHEET_CELLS_MANY;
    }
    return sheet->text_used - sheet->cell_count + length > SHEET_TEXT_MAX ? SHEET_TEXT_LONG
                                                                          : SHEET_GOOD;
}

enum err sheet_add(struct sheet *sheet, uint32_t row, uint32_t column, const char *text,
                   size_t length, struct sheet_refusal *ret_refusal)
{
    ASSERT(sheet->rows == NULL);
    if (length == 0) {
        return ERR_NONE;
    }
    enum sheet_reason reason = reason_against(sheet, row, column, text, length);
    if (reason != SHEET_GOOD) {
        return sheet_refuse(ret_refusal, reason, row + 1, column + 1);
    }
    struct cell *cells = room_for(sheet->cells, &sheet->cells_room, sheet->cell_count + 1,
                                  sizeof(*cells));
    sheet->cells = cells != NULL ? cells : sheet->cells;
    char *all = room_for(sheet->text, &sheet->text_room, sheet->text_used + length + 1, 1);
    sheet->text = all != NULL ? all : sheet->text;
    if (cells == NULL || all == NULL) {
        return ERR_FULL;
    }
    cells[sheet->cell_count++] = (struct cell){.place = row * SHEET_COLUMNS_MAX + column,
                                               .at = (uint32_t)sheet->text_used};
    memcpy(all + sheet->text_used, text, length);
    all[sheet->text_used + length] = '\0';
    sheet->text_used += length + 1;
    sheet->row_count = row >= sheet->row_count ? row + 1 : sheet->row_count;
    sheet->column_count = column >= sheet->column_count ? column + 1 : sheet->column_count;
    return ERR_NONE;
}

// ---- All are there

static int compare_places(const void *a, const void *b)
{
    uint32_t first = ((const struct cell *)a)->place;
    uint32_t second = ((const struct cell *)b)->place;
    return (first > second) - (first < second);
}

static bool is_in_order(const struct sheet *sheet)
{
    for (size_t i = 1; i < sheet->cell_count; i++) {
        if (sheet->cells[i - 1].place >= sheet->cells[i].place) {
            return false;
        }
    }
    return true;
}

enum err sheet_settle(struct sheet *sheet, struct sheet_refusal *ret_refusal)
{
    ASSERT(sheet->rows == NULL);
    if (!is_in_order(sheet)) {
        qsort(sheet->cells, sheet->cell_count, sizeof(*sheet->cells), compare_places);
    }
    for (size_t i = 1; i < sheet->cell_count; i++) {
        const struct cell *cell = &sheet->cells[i];
        if (cell->place == cell[-1].place) {
            return sheet_refuse(ret_refusal, SHEET_TWICE, row_of(cell) + 1, column_of(cell) + 1);
        }
    }
    sheet->rows = malloc(((size_t)sheet->row_count + 1) * sizeof(*sheet->rows));
    if (sheet->rows == NULL) {
        return ERR_FULL;
    }
    uint32_t next = 0;
    for (uint32_t row = 0; row <= sheet->row_count; row++) {
        sheet->rows[row] = next;
        while (next < sheet->cell_count && row_of(&sheet->cells[next]) == row) {
            next++;
        }
    }
    return ERR_NONE;
}

// ---- Reading

uint32_t sheet_rows(const struct sheet *sheet)
{
    return sheet->row_count;
}

uint32_t sheet_columns(const struct sheet *sheet)
{
    return sheet->column_count;
}

// No cell stands further to the right in its row than its column says: from there to the left.
const char *sheet_cell(const struct sheet *sheet, uint32_t row, uint32_t column)
{
    ASSERT(sheet->rows != NULL);
    if (row >= sheet->row_count || column >= sheet->column_count) {
        return "";
    }
    const struct cell *cells = sheet->cells + sheet->rows[row];
    uint32_t count = sheet->rows[row + 1] - sheet->rows[row];
    uint32_t left = column < count ? column + 1 : count;
    while (left > 0 && column_of(&cells[left - 1]) > column) {
        left--;
    }
    return left > 0 && column_of(&cells[left - 1]) == column ? sheet->text + cells[left - 1].at
                                                             : "";
}

bool sheet_row_is_empty(const struct sheet *sheet, uint32_t row)
{
    ASSERT(sheet->rows != NULL);
    return row >= sheet->row_count || sheet->rows[row] == sheet->rows[row + 1];
}

uint32_t sheet_heading(const struct sheet *sheet)
{
    ASSERT(sheet->rows != NULL);
    return sheet->cell_count > 0 ? row_of(&sheet->cells[0]) : sheet->row_count;
}

uint32_t sheet_column(const struct sheet *sheet, const char *const *names, size_t count)
{
    uint32_t heading = sheet_heading(sheet);
    for (uint32_t column = 0; column < sheet->column_count; column++) {
        const char *title = sheet_cell(sheet, heading, column);
        for (size_t i = 0; title[0] != '\0' && i < count; i++) {
            if (words_same(title, names[i])) {
                return column;
            }
        }
    }
    return SHEET_NO_COLUMN;
}
