// A folder of its own for each test, and small events to write there.
#pragma once

#include <stdint.h>

#include "store/journal.h"

struct folder {
    char path[64];
    char file[96]; // path/plenary.db
};

void folder_init(struct folder *folder);
void folder_finish(struct folder *folder); // removes everything in it
// "path/name"; static until the next call.
const char *folder_file(const struct folder *folder, const char *name);
// The copy's folder exists; where there is nothing to copy, there will be nothing.
void copy_file(const char *from, const char *to);
// meeting.created for 1, else a list that opens and closes.
struct event event_number(uint64_t seq);
// Appends events first..last of the meeting as one batch.
uint64_t append_range(struct store *store, const char *meeting, uint64_t first, uint64_t last);
// Waits on the event fd until the ticket is committed or the writer has failed, which is returned.
enum err wait_committed(struct store *store, uint64_t ticket);
