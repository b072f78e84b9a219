// The cells of one sheet of a workbook (xl/worksheets/sheet1.xml), each at the place that it says.
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "sheet/package.h"
#include "sheet/sheet.h"
#include "sheet/strings.h"
#include "sheet/styles.h"

struct worksheet_source {
    struct package *package;
    const char *name; // of the part
    const struct strings *strings;
    const struct styles *styles;
    bool from_1904;
};

// Adds them; the sheet is not settled yet. ERR_NOT_FOUND: there is no such part; ERR_INVALID:
// `ret_refusal` says why; ERR_FULL: without memory.
enum err CHECKED worksheet_read(const struct worksheet_source *source, struct sheet *sheet,
                                struct sheet_refusal *ret_refusal);
