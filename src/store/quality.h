// The quality of what people sent, a row for each minute and participant (report/quality.h). Not
// the journal: it is measured, and a minute may be lost when the server dies.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "contract/types.h"
#include "report/quality.h"
#include "store/store.h"

#define STORE_QUALITY_ROWS_MAX 200000 // of one meeting

struct quality_row {
    char participant[CONTRACT_ID_MAX + 1];
    struct quality_minute minute;
};

// One transaction; a row that is there already is added to. ERR_FULL (and nothing is written) at
// STORE_QUALITY_ROWS_MAX.
enum err CHECKED quality_put(struct store *store, const char *meeting,
                             const struct quality_row *rows, uint32_t count);
typedef bool quality_visitor(void *context, const struct quality_row *row);
// By minute, then by participant.
enum err CHECKED quality_read(struct store *store, const char *meeting, quality_visitor *visit,
                              void *context);
