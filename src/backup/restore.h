// Unpacks a backup beside the folder that it is to become: whoever has verified what is there gives
// it its place, in one step, or drops it. What the file says is believed no further than it is
// checked: names, order and sizes are the manifest's, which is signed and comes first, and it may
// say no more than a backup can have.
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "backup/manifest.h"
#include "base/err.h"
#include "document/signer.h"

#define RESTORE_WORDS_SIZE 320

struct restore_wish {
    FILE *from;                  // borrowed; at its beginning
    const char *passphrase;      // NULL: none
    const char *folder;          // empty, or not there; absolute
    const struct signer *signer; // whose backup it must be; NULL: anybody's
};

struct restore {
    struct manifest manifest;
    char folder[PATH_MAX];
    char unpacked[PATH_MAX];        // beside `folder`; empty when there is nothing to drop
    char words[RESTORE_WORDS_SIZE]; // why not, for the operator
};

// Everything is unpacked, has its hash and is on the disk; nothing is left of it otherwise.
// ERR_CONFLICT when the folder is not empty, ERR_STORAGE without room, ERR_UNAUTHENTICATED for
// another passphrase or none, ERR_AUTHENTICATION when it was changed, cut off, or is of another
// key, ERR_MALFORMED when it is no backup, ERR_UNSUPPORTED when a newer server made it.
enum err CHECKED restore_unpack(const struct restore_wish *wish, struct restore *ret_restore);
// Gives what is unpacked the folder's name.
enum err CHECKED restore_keep(struct restore *restore);
// Removes what is unpacked and was not kept.
void restore_drop(struct restore *restore);
