// The number formats of a workbook's cells (styles.xml): which of them are dates and times.
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "sheet/number.h"
#include "sheet/package.h"

#define STYLES_MAX         65536u
#define STYLES_FORMATS_MAX 4096u // of the workbook's own

struct styles;

// `name` "": there are none. ERR_INVALID: `ret_refusal` says why; ERR_FULL: without memory.
enum err CHECKED styles_read(struct package *package, const char *name, struct styles **ret_styles,
                             struct sheet_refusal *ret_refusal);
// NULL is allowed.
void styles_destroy(struct styles *styles);

// Plain for a style that there is not.
enum number_kind styles_kind(const struct styles *styles, uint64_t style);
