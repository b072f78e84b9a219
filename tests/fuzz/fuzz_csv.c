// A file that is said to be a table of comma-separated values: what is read of it is within its
// bounds, and is the same when it is written and read again.
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "sheet/csv.h"

static void check_sheet(const struct sheet *sheet)
{
    ASSERT(sheet_rows(sheet) > 0 && sheet_rows(sheet) <= SHEET_ROWS_MAX);
    ASSERT(sheet_columns(sheet) > 0 && sheet_columns(sheet) <= SHEET_COLUMNS_MAX);
    ASSERT(!sheet_row_is_empty(sheet, sheet_rows(sheet) - 1));
    ASSERT(!sheet_row_is_empty(sheet, sheet_heading(sheet)));
}

static void check_same(const struct sheet *sheet, const struct sheet *again)
{
    ASSERT(sheet_rows(sheet) == sheet_rows(again) && sheet_columns(sheet) == sheet_columns(again));
    for (uint32_t row = 0; row < sheet_rows(sheet); row++) {
        for (uint32_t column = 0; column < sheet_columns(sheet); column++) {
            const char *text = sheet_cell(sheet, row, column);
            ASSERT(strlen(text) <= SHEET_CELL_MAX && text_is_utf8(text, strlen(text)));
            ASSERT(strcmp(text, sheet_cell(again, row, column)) == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sheet *sheet = NULL;
    struct sheet *again = NULL;
    struct sheet_refusal refusal;
    char *bytes = NULL;
    size_t written = 0;
    enum err err = sheet_read_csv(data, size, &sheet, &refusal);
    ASSERT((err == ERR_NONE) == (sheet != NULL));
    ASSERT((err == ERR_NONE) == (refusal.reason == SHEET_GOOD));
    if (err != ERR_NONE) {
        return 0;
    }
    check_sheet(sheet);
    ASSERT(sheet_write_csv(sheet, &bytes, &written) == ERR_NONE);
    ASSERT(sheet_read_csv(bytes, written, &again, &refusal) == ERR_NONE);
    check_same(sheet, again);
    free(bytes);
    sheet_destroy(again);
    sheet_destroy(sheet);
    return 0;
}
