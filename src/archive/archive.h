// A ZIP archive that is written while it is sent: files as they are, not compressed, each read from
// wherever it lies when its turn comes. How long the whole is is known before a byte of it is read,
// and what is kept meanwhile is a list of names. Pure but for memory: one thread at a time.
// PKWARE's APPNOTE 6.3.10; sizes of 32 bits, so an archive is smaller than 4 GiB.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/time.h"

#define ARCHIVE_FILES_MAX 2000
#define ARCHIVE_NAME_MAX  200 // bytes; UTF-8

struct archive_file {
    char name[ARCHIVE_NAME_MAX + 1];
    uint32_t size;
    time_ms at; // shown in UTC; ZIP knows the years 1980 to 2107
};

struct archive_source {
    // At least one byte of file number `file` from `at`; `max` is not more than is left of it. -1
    // when it cannot be read.
    int64_t (*read)(void *context, size_t file, uint64_t at, char *to, size_t max);
    void *context;
};

struct archive;

// Copies `files`. ERR_TOO_LARGE for too many, or too much for 32 bits; ERR_FULL when memory is
// short.
enum err CHECKED archive_create(const struct archive_file *files, size_t count,
                                struct archive **ret_archive);
void archive_destroy(struct archive *archive);
// Bytes of the whole.
uint64_t archive_size(const struct archive *archive);
// The next bytes, at least one and at most `size`; 0 behind the end, -1 when a file cannot be read.
int64_t archive_read(struct archive *archive, const struct archive_source *source, char *to,
                     size_t size);
