// A table out of a file of either kind. What it is, its first bytes say; its name and what it was
// declared as say nothing.
#pragma once

#include <stddef.h>

#include "base/err.h"
#include "sheet/sheet.h"

// As sheet_read_csv() and sheet_read_xlsx(). An archive is XLSX or refused; an old Excel file, and
// one that is locked by a password, which looks the same, are refused as such; anything else is
// CSV.
enum err CHECKED sheet_read(const void *bytes, size_t size, struct sheet **ret_sheet,
                            struct sheet_refusal *ret_refusal);
