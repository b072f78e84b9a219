// The texts that the cells of a workbook share (sharedStrings.xml).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/package.h"
#include "sheet/sheet.h"

#define STRINGS_MAX SHEET_CELLS_MAX // and of all of them SHEET_TEXT_MAX bytes

struct strings;

// `name` "": there are none. ERR_INVALID: `ret_refusal` says why; ERR_FULL: without memory.
enum err CHECKED strings_read(struct package *package, const char *name,
                              struct strings **ret_strings, struct sheet_refusal *ret_refusal);
// NULL is allowed.
void strings_destroy(struct strings *strings);

struct strings_one {
    const char *text; // owned by the strings; no 0 behind it
    size_t length;
    bool cut; // longer than a cell can be: it was not kept
};

// False: there is no such text.
bool strings_find(const struct strings *strings, uint64_t index, struct strings_one *ret_one);
