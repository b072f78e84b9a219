// Tables as Office Open XML workbooks (ECMA-376, .xlsx): read by libzip and expat, written by
// libxlsxwriter.
//
// Read: the first visible sheet that has cells. Of a formula what it came to, as the file keeps it:
// nothing is reckoned. Numbers and dates as sheet/number.h says, TRUE and FALSE, an error as it
// shows ("#N/A"). Of rich text all runs. Each cell where it says it is, in whatever order. What is
// hidden or filtered away is there. Bounds: sheet/sheet.h, sheet/package.h, sheet/part.h.
//
// Written: one sheet; every cell a text, whatever it looks like, so that none is a formula or a
// link; the heading bold, and still while the rest scrolls; columns as wide as their texts, within
// reason.
//
// Neither is for the loop: of 400,000 cells reading takes 0.4 s, writing 1 s and 100 MiB.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "sheet/sheet.h"

// ERR_INVALID: `ret_refusal` says why; ERR_FULL: without memory. The sheet is the caller's.
enum err CHECKED sheet_read_xlsx(const void *bytes, size_t size, struct sheet **ret_sheet,
                                 struct sheet_refusal *ret_refusal);

struct sheet_xlsx_wish {
    // Where files without a name pass through while it is made: the library has no other way. They
    // are gone when it returns, and when the process ends before.
    const char *folder;
    bool right_to_left; // the first column stands on the right
};

// ERR_IO: the folder cannot be written to; ERR_FULL: without memory. The bytes are malloc's. One
// thread at a time: the library uses gmtime() and rand().
enum err CHECKED sheet_write_xlsx(const struct sheet *sheet, const struct sheet_xlsx_wish *wish,
                                  char **ret_bytes, size_t *ret_size);
