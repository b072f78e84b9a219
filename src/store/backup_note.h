// When the last backup was made: a note in the database, for whoever asks the server or `plenary
// doctor`. It is written after the backup, which does not have it.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"
#include "store/store.h"

struct backup_note {
    time_ms at;     // what was acknowledged before is in it; 0: none was made
    uint64_t bytes; // of its file
    bool sealed;    // under a passphrase
};

enum err CHECKED backup_note_set(struct store *store, const struct backup_note *note);
// One of `at` 0 when none was made.
enum err CHECKED backup_note_get(struct store *store, struct backup_note *ret_note);
