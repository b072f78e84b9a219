// What a package says it is: where its first visible sheet is, and what belongs to it.
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "sheet/package.h"

struct workbook {
    bool from_1904;                  // days are counted from 1904 and not from 1900
    char sheet[PACKAGE_NAME_SIZE];   // names of parts
    char strings[PACKAGE_NAME_SIZE]; // "": there are none
    char styles[PACKAGE_NAME_SIZE];  // the same
};

// ERR_INVALID: `ret_refusal` says why; ERR_FULL: without memory.
enum err CHECKED workbook_read(struct package *package, struct workbook *ret_workbook,
                               struct sheet_refusal *ret_refusal);
