#include "http/static_files.h"

#include <ftw.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct {
    const char *ending;
    const char *content_type;
} content_types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
};

static const char *content_type_of(const char *path)
{
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof(content_types) / sizeof(content_types[0]); i++) {
        size_t ending = strlen(content_types[i].ending);
        if (length > ending && text_equal(path + length - ending, content_types[i].ending)) {
            return content_types[i].content_type;
        }
    }
    return "application/octet-stream";
}

static unsigned char *read_whole(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    unsigned char *data = NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && (unsigned long)size <= STATIC_FILE_SIZE_MAX && fseek(file, 0, SEEK_SET) == 0) {
        data = malloc((size_t)size + 1);
        if (data != NULL && fread(data, 1, (size_t)size, file) != (size_t)size) {
            free(data);
            data = NULL;
        }
    }
    fclose(file);
    *ret_size = size < 0 ? 0 : (size_t)size;
    return data;
}

// Takes `data`; NULL when memory is short.
static unsigned char *place_page(unsigned char *data, size_t *size, const char *prefix)
{
    static const char relative[] = "\"./";
    size_t count = 0;
    for (size_t i = 0; i + 2 < *size; i++) {
        count += memcmp(data + i, relative, 3) == 0;
    }
    unsigned char *placed = malloc(*size + count * strlen(prefix) + 1);
    size_t at = 0;
    for (size_t i = 0; placed != NULL && i < *size; i++) {
        placed[at++] = data[i];
        if (i + 2 < *size && memcmp(data + i, relative, 3) == 0) {
            memcpy(placed + at, prefix, strlen(prefix));
            at += strlen(prefix);
            i++; // the dot
        }
    }
    free(data);
    *size = at;
    return placed;
}

#define STATUS_DIGITS 3

// The page's script reads there why the page came in the place of something else.
static size_t find_status(const unsigned char *data, size_t size)
{
    static const char mark[] = "name=\"plenary-status\" content=\"";
    const unsigned char *found = memmem(data, size, mark, sizeof(mark) - 1);
    size_t at = found == NULL ? size : (size_t)(found - data) + sizeof(mark) - 1;
    return at + STATUS_DIGITS <= size ? at : 0;
}

char *static_file_with_status(const struct static_file *file, int status)
{
    char *copy = malloc(file->size + 1);
    if (copy == NULL) {
        return NULL;
    }
    memcpy(copy, file->data, file->size);
    if (file->status_at != 0 && status >= 100 && status < 1000) {
        char digits[STATUS_DIGITS + 1];
        snprintf(digits, sizeof(digits), "%d", status % 1000);
        memcpy(copy + file->status_at, digits, STATUS_DIGITS);
    }
    return copy;
}

// nftw() gives no context argument; loading happens once, on one thread, before anything else runs.
static struct static_files *loading;
static size_t loading_root_length;
static const char *loading_prefix;

static int load_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)walk;
    size_t length = strlen(path);
    bool compressed = length > 3 && text_equal(path + length - 3, ".gz");
    if (kind != FTW_F || compressed || loading->count == STATIC_FILES_MAX) {
        return 0;
    }
    struct static_file *file = &loading->files[loading->count];
    *file = (struct static_file){0};
    if (text_copy(file->path, sizeof(file->path), path + loading_root_length) != ERR_NONE) {
        return 0;
    }
    file->by_language = text_starts_with(file->path, "/index.");
    file->data = read_whole(path, &file->size);
    if (file->data != NULL && file->by_language) {
        file->data = place_page(file->data, &file->size, loading_prefix);
        file->status_at = file->data != NULL ? find_status(file->data, file->size) : 0;
    }
    if (file->data == NULL) {
        return 0;
    }
    char gzip_path[PATH_MAX];
    struct text_builder name = text_builder(gzip_path, sizeof(gzip_path));
    text_append_format(&name, "%s.gz", path);
    file->gzip = name.failed || file->by_language ? NULL : read_whole(gzip_path, &file->gzip_size);
    file->content_type = content_type_of(path);
    file->immutable = text_starts_with(file->path, "/assets/");
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(file->data, file->size, digest, NULL, EVP_sha256(), NULL) != 1) {
        return 1;
    }
    char hex[33];
    text_hex(hex, digest, 16);
    struct text_builder etag = text_builder(file->etag, sizeof(file->etag));
    text_append_format(&etag, "\"%s\"", hex);
    loading->count++;
    return 0;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const struct static_file *)a)->path, ((const struct static_file *)b)->path);
}

static const struct static_file *find_exact(const struct static_files *files, const char *path)
{
    struct static_file wanted;
    // What could not be loaded has no list to search in.
    if (files->count == 0 || text_copy(wanted.path, sizeof(wanted.path), path) != ERR_NONE) {
        return NULL;
    }
    return bsearch(&wanted, files->files, files->count, sizeof(*files->files), compare_paths);
}

enum err static_files_load(struct static_files *files, const char *root, const char *prefix)
{
    *files = (struct static_files){.files = calloc(STATIC_FILES_MAX, sizeof(*files->files))};
    if (files->files == NULL) {
        return ERR_FULL;
    }
    loading = files;
    loading_root_length = strlen(root);
    loading_prefix = prefix;
    int walked = nftw(root, load_one, 16, FTW_PHYS);
    loading = NULL;
    qsort(files->files, files->count, sizeof(*files->files), compare_paths);
    if (walked != 0 || find_exact(files, "/index.html") == NULL) {
        static_files_finish(files);
        return ERR_NOT_FOUND;
    }
    return ERR_NONE;
}

void static_files_finish(struct static_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->files[i].data);
        free(files->files[i].gzip);
    }
    free(files->files);
    *files = (struct static_files){0};
}

// The page of the first language named that there is one of: browsers name the most wanted first.
const struct static_file *static_files_page(const struct static_files *files, const char *languages)
{
    while (languages != NULL && *languages != '\0') {
        languages += strspn(languages, ", \t");
        size_t primary = strspn(languages, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        char path[sizeof("/index.xx.html")];
        if (primary == 2) {
            struct text_builder name = text_builder(path, sizeof(path));
            text_append_format(&name, "/index.%c%c.html", languages[0] | 0x20, languages[1] | 0x20);
            const struct static_file *page = find_exact(files, path);
            if (page != NULL) {
                return page;
            }
        }
        languages += strcspn(languages, ",");
    }
    return find_exact(files, "/index.html");
}

#define PARTS_MAX 4

struct part { // of a path
    const char *text;
    size_t length;
};

// The parts between the slashes, empty ones left out; how many there are, PARTS_MAX + 1 for more.
static size_t split(const char *path, struct part parts[PARTS_MAX + 1])
{
    size_t count = 0;
    while (*path != '\0' && count <= PARTS_MAX) {
        path += strspn(path, "/");
        size_t length = strcspn(path, "/");
        if (length > 0) {
            parts[count++] = (struct part){.text = path, .length = length};
        }
        path += length;
    }
    return count;
}

static bool part_is(const struct part *part, const char *word)
{
    return strlen(word) == part->length && memcmp(part->text, word, part->length) == 0;
}

static bool part_is_any(const struct part *part, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (part_is(part, words[i])) {
            return true;
        }
    }
    return false;
}

// What stands behind /house: its pages, and those of one meeting.
static bool is_page_of_house(const struct part *parts, size_t count)
{
    static const char *const pages[] = {"bodies", "accounts", "account", "server", "new"};
    static const char *const of_meeting[] = {"people", "delegations", "agenda", "badges"};
    switch (count) {
    case 0: return true;
    case 1: return part_is_any(&parts[0], pages, sizeof(pages) / sizeof(pages[0]));
    case 2: return part_is(&parts[0], "m");
    case 3:
        return part_is(&parts[0], "m") &&
               part_is_any(&parts[2], of_meeting, sizeof(of_meeting) / sizeof(of_meeting[0]));
    default: return false;
    }
}

// The same answers as routeOf() in web/src/router/router.ts; tests/data/addresses.txt holds both to
// them.
static bool is_page(const char *path)
{
    struct part parts[PARTS_MAX + 1];
    if (path[0] != '/' || !text_is_utf8(path, strlen(path))) {
        return false;
    }
    size_t count = split(path, parts);
    if (count > 0 && part_is(&parts[0], "house")) {
        return is_page_of_house(parts + 1, count - 1);
    }
    switch (count) {
    case 0: return true;
    case 1:
        return part_is(&parts[0], "help") || part_is(&parts[0], "sign-in") ||
               part_is(&parts[0], "begin");
    case 2: return part_is(&parts[0], "help") || part_is(&parts[0], "m");
    case 3: return part_is(&parts[0], "m") && part_is(&parts[2], "projector");
    default: return false;
    }
}

const struct static_file *static_files_find(const struct static_files *files, const char *path,
                                            const char *languages)
{
    const struct static_file *file = find_exact(files, path);
    if (file != NULL) {
        return file;
    }
    return is_page(path) ? static_files_page(files, languages) : NULL;
}
