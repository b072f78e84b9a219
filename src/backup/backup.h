// Makes a backup of a data folder, also while the server runs: database (with all documents), keys
// and signed heads, of one moment.
//
// What happens: the small files and the heads are looked at first, then SQLite copies the database
// as it stands at one moment into `backup-copy.db` beside it. The copy loses its name at once; from
// it the file is written, beside its place, brought to the disk, and given its name. What was
// acknowledged before backup_make() was called is in it, and no signed head is of an event that it
// lacks. Nobody who writes waits; contents that are destroyed while the copy is made (seconds) are
// told to be so after it.
#pragma once

#include <stdint.h>

#include "backup/manifest.h"
#include "base/err.h"

#define BACKUP_WORDS_SIZE 320

struct backup_wish {
    const char *path;       // of the file, which is not there yet; absolute
    const char *passphrase; // NULL: not sealed
    uint64_t spare_bytes;   // of the data folder's disk, that the copy may not take
};

struct backup_made {
    struct manifest manifest;
    uint64_t bytes;                // of the file
    char words[BACKUP_WORDS_SIZE]; // why not, for the operator; empty when it was made
};

// The data folder is the working directory. Any error leaves no file. ERR_CONFLICT when `path`
// exists or another backup is being made, ERR_NOT_FOUND without a database, ERR_UNSUPPORTED when
// another version of the server wrote it, ERR_STORAGE without room.
enum err CHECKED backup_make(const struct backup_wish *wish, struct backup_made *ret_made);
