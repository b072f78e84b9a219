// Holds signed heads (document/anchor.h) against a journal: one that was rolled back, forked or
// rewritten, hashes and all, is named. Any thread.
#pragma once

#include "base/err.h"
#include "document/anchor.h"
#include "store/store.h"

#define ANCHOR_FILE      "anchors.jsonl" // in the data folder
#define ANCHOR_WORDS_MAX 255

struct anchor_findings {
    uint64_t good;    // signed by this key, and the journal has that event with that hash
    uint64_t foreign; // by another key: nothing is said of them
    uint64_t changed; // lines that are no anchor, or whose signature does not fit
    uint64_t against; // the journal contradicts them
    char words[ANCHOR_WORDS_MAX + 1]; // of the first that is changed or contradicted; else empty
};

// One line. Adds to the findings; gives the anchor when it is this key's and whole. An error only
// when the database cannot be read.
enum err CHECKED anchor_check_line(const char *line, size_t size, const struct signer *signer,
                                   struct store *store, struct anchor_findings *findings,
                                   struct anchor *ret_anchor);
// A file of lines; a last line that was cut off is left out, and so is one that a full disk has
// torn, when the head that it begins follows whole. Tells `each` (NULL allowed) every
// anchor of this key that the journal bears out. ERR_NOT_FOUND without the file.
typedef void anchor_visitor(void *context, const struct anchor *anchor);
enum err CHECKED anchor_check_file(const char *path, const struct signer *signer,
                                   struct store *store, struct anchor_findings *findings,
                                   anchor_visitor *each, void *context);
