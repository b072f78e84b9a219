// The report of a meeting (report/report.h) from the store.
#pragma once

#include "app/app.h"
#include "report/report.h"
#include "store/journal.h"

// Reads journal and quality by a connection of its own: any thread, also while the server writes;
// takes as long as the journal is long. While a sitting is open the report ends at `now`; else, and
// with 0, at the last event, whose hash is `ret_hash`. ERR_NOT_FOUND without such a meeting. The
// caller destroys the fold.
enum err CHECKED report_read(const char *path, const char *meeting, time_ms now,
                             struct report_fold **ret_fold, uint8_t ret_hash[JOURNAL_HASH_SIZE]);
// For report_read(); borrowed, never changes.
const char *app_report_path(const struct app *app);
