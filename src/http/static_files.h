// The web page's files, read once at start into memory: no file is opened for a request, so no path
// can escape. Paths that are the page's own ("/", "/m/demo", "/help", …: those that
// web/src/router/router.ts knows) give index.html. Control thread only.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define STATIC_FILES_MAX     4096
#define STATIC_FILE_SIZE_MAX (16u << 20)

struct static_file {
    char path[224];           // "/assets/index-abc.js"
    const char *content_type; // static
    char etag[40];            // quoted
    bool immutable;           // the name holds a hash of the contents
    bool by_language;         // which page it is follows from Accept-Language
    size_t status_at;         // where it says which status it came with; 0 when it does not
    unsigned char *data;      // owned
    size_t size;
    unsigned char *gzip; // owned; NULL when there is no smaller form beside it (FILE.gz)
    size_t gzip_size;
};

struct static_files {
    struct static_file *files; // owned, sorted by path
    size_t count;
};

// Reads every file under `root`. In index.html, which is the page of many paths, addresses that are
// quoted and begin with "./" begin with `prefix` and "/" instead, "" or "/sub". ERR_NOT_FOUND, and
// no file is served, when there is no index.html.
enum err CHECKED static_files_load(struct static_files *files, const char *root,
                                   const char *prefix);
void static_files_finish(struct static_files *files);
// The page whatever the path; NULL when there is none. `languages` as below.
const struct static_file *static_files_page(const struct static_files *files,
                                            const char *languages);
// A copy of it that says it came with another status, `file->size` bytes; the caller frees it. NULL
// when memory is short.
char *static_file_with_status(const struct static_file *file, int status);
// NULL when there is no such file and the path is none of the page's own. `languages` is the
// request's Accept-Language; may be NULL.
const struct static_file *static_files_find(const struct static_files *files, const char *path,
                                            const char *languages);
